"""Mails that a person writes to a debtor: they go out as every mail does, and are kept as interactions."""

from dataclasses import replace

import pytz
from odoo import api, models

from ...tools.zones import first_zone
from ..claim.not_bound import unbound_among
from ..common.guarded_fields import as_action


class RecoveryContact(models.Model):
    _inherit = "recovery.contact"

    @api.model
    def _why_not_mailed(self, contact, company):
        """Return in words why no mail may go to ``contact`` of a debtor of ``company``, empty when one may."""
        obstacle = self.env["recovery.channel"]._thing("email")._why_not(contact)
        if obstacle:
            return self.env._("No mail reaches this address: %s.", obstacle.reason)
        debtor = contact.commercial_partner_id
        # sudo: who represents a debtor does not depend on who writes to it
        represented = debtor.sudo().recovery_representative_id
        if not represented and unbound_among(debtor, company):
            return self.env._(
                "%s has died or is under guardianship: note who represents the debtor on its form, and write there.",
                debtor.display_name,
            )
        return ""

    @api.model
    def _mail_allowed_on(self, debtor, company):
        """Return the day, today or later, on which one more mail to ``debtor`` keeps within the contact budget."""
        # sudo: the budget counts what any branch wrote; a day is told of it
        return self.env["recovery.notice"].sudo()._first_day_for(debtor, company, "email")

    @api.model
    def _mail_goes_at(self, contact, company):
        """Return the moment (UTC) at which quiet hours end for a mail to ``contact``, None for now."""
        if not company._recovery_is_quiet("email"):
            return None
        # sudo: the working hours are the company's, whoever writes
        calendar = company.sudo().resource_calendar_id
        name = first_zone(contact.tz, contact.commercial_partner_id.tz, calendar.tz) or "UTC"
        return company._recovery_opens_at(
            pytz.timezone(name), company.sudo()._recovery_closed_days(company._recovery_today())
        )

    @api.model
    def _mail_debtor(self, contact, content, subject, body, invoices):
        """Write to ``contact``, and return the interaction that keeps the mail.

        The user needs the right to note interactions. It goes from the creditor's address; what is replied comes back
        to the interaction.

        :param content: what is known of the debtor and its claims
        :param invoices: those that go with it
        """
        made = as_action(self).create(
            {
                "partner_id": content.debtor.id,
                "company_id": content.company.id,
                "channel": "email",
                "outcome": subject,
                "is_mailed": True,
                "invoice_ids": invoices.ids,
            }
        )
        printed = invoices._recovery_print_missing()
        attachments, linked = invoices.with_context(lang=content.env.lang)._recovery_mailed_with(
            made, printed
        )
        links = [(move.name, move.get_base_url() + move.get_portal_url()) for move in linked]
        addressed = replace(content, contact=contact.with_env(content.env))
        messages = self.env["recovery.message"]
        values = messages._mail_about(made, addressed, subject, body, links)
        values["attachment_ids"] = [(4, attachment.id) for attachment in attachments]
        rows = [(made, contact, values)]
        messages._address_replies(rows)
        messages._queue_mails(rows, self._mail_goes_at(contact, content.company))
        return made.with_env(self.env)
