"""Whom a debtor's messages are addressed to, in which language, and what they say of everything open."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.mail import email_normalize_all, formataddr

from ...tools.text import LONGEST_LINE, one_line
from ..claim.open_money import NO_MONEY
from ..common.company_words import spoken
from .content import Content


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_representative_id = fields.Many2one(
        "res.partner",
        string="Represented by",
        index="btree_not_null",
        of_debtor=True,
        tracking=True,
        groups="account.group_account_readonly,account.group_account_invoice",
        help="Contact of the debtor to whom everything is addressed, and nobody else: guardian, notary or heirs of the "
        "deceased, with an address of their own. No text message goes any more.",
    )

    @api.constrains("recovery_representative_id", "parent_id", "is_company")
    def _check_recovery_representative(self):
        # sudo: whom a contact represents counts whoever moves it
        moved = self.sudo().search([("recovery_representative_id", "in", self.ids)])
        for debtor in self.sudo().filtered("recovery_representative_id") | moved:
            contact = debtor.recovery_representative_id
            if contact == debtor or contact.commercial_partner_id != debtor.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is no contact of %(debtor)s: add the guardian, notary or heir among its contacts, "
                        "with an address of their own, or choose another representative.",
                        contact=contact.display_name,
                        debtor=debtor.display_name,
                    )
                )

    def _recovery_is_archived(self):
        """Whether the contact's debtor is archived: nothing goes to it by itself before a person has looked at it."""
        return not self.commercial_partner_id.active

    def _recovery_addressees(self):
        """Return the debtor's contacts, the one for invoices first; only who represents it, where somebody does.

        Nobody whom goods are delivered to: that is as often another's address, a customer's or a neighbour's.
        """
        debtor = self.commercial_partner_id
        # sudo: to whom a debtor's messages go does not depend on who writes them
        represented = debtor.sudo().recovery_representative_id.with_env(self.env)
        if represented:
            return represented
        invoicing = debtor.browse(debtor.address_get(["invoice"])["invoice"])
        contacts = debtor.child_ids.filtered(lambda child: not child.is_company and child.type != "delivery")
        return invoicing | debtor | contacts

    @api.model
    def _recovery_written_to_sql(self) -> SQL:
        """Return the condition that ``contact`` is written to for its ``debtor``: see :meth:`_recovery_addressees`."""
        return SQL(
            "CASE WHEN debtor.recovery_representative_id IS NULL"
            " THEN contact.id = debtor.id OR contact.active AND contact.type IS DISTINCT FROM 'delivery'"
            " ELSE contact.id = debtor.recovery_representative_id END"
        )

    def _recovery_mail_to(self):
        """Return the values that address a mail.mail to the contact.

        A name that is longer than a line of a mail's head may be is cut: mail servers refuse it. One of several lines
        is written on one: the others would be lines of the head. Of several addresses only the first is written to: it
        is the one whose blacklisting and bounces are known.
        """
        address, name = self.email_normalized, self.name or ""
        is_line = len(name) <= LONGEST_LINE and len(name.splitlines()) <= 1
        if is_line and email_normalize_all(self.email) == [address]:
            return {"recipient_ids": [(4, self.id)]}
        return {"email_to": formataddr((one_line(name), address))}

    def _recovery_text_number(self, company):
        """Return the number for text messages from ``company`` as it is dialled from anywhere, or False.

        A number without its country's code is of the contact's country, else its debtor's, else the creditor's: never
        of the company in which a job happens to run, where it may be a stranger's.
        """
        # sudo: the countries of those whom a text goes to, whoever sends it
        country = (
            self.country_id
            or self.sudo().commercial_partner_id.country_id
            or company._recovery_lineage().sudo().country_id[:1]
        )
        return self._phone_format(fname="phone", country=country)

    def _recovery_lang(self, company):
        """Return the code of the language the contact is written to in, the creditor's when it has none."""
        return spoken(self.env, self.lang, company.partner_id.lang, self.env.user.lang)

    def _recovery_content(self, company, date, claims=None, days=8, contact=None):
        """Return the :class:`Content` of a debtor's ``claims``, of everything open when none are given.

        The deadline lies ``days`` after ``date``.

        :param contact: whom it is addressed to; without one, the first of those that messages go to
        """
        debtor = self.commercial_partner_id
        lang = debtor._recovery_lang(company)
        debtor, company = debtor.with_context(lang=lang), company.with_context(lang=lang)
        if claims is None:
            claims = self.env["recovery.claim"].search(
                [("partner_id", "=", debtor.id), ("company_id", "in", company._recovery_branch_ids())]
            )
        money = self.env["recovery.open.money"].of_debtors(debtor, company, date).get(debtor, NO_MONEY)
        return Content(
            company=company,
            debtor=debtor,
            contact=contact or debtor._recovery_addressees()[:1],
            # sudo: the collector's name, telephone and address are meant to be read by the debtor
            responsible=self.env.user.sudo().partner_id,
            date=date,
            deadline=fields.Date.add(date, days=days),
            reference=debtor.ref or "",
            claims=claims.with_context(lang=lang)._contents(date),
            credits=money.credits(),
            waiting=money.suspense,
            plan=claims.plan_id[:1],
            is_mixed=any(claim.plan_id != claims.plan_id for claim in claims),
        )
