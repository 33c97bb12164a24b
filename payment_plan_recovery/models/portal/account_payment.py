"""Receipts of what debtors paid online."""

from typing import Any, NamedTuple

from markupsafe import Markup
from odoo import models

RECEIPT = "account.mail_template_data_payment_receipt"
#: What is said of money that was paid back.
PAID_BACK = "payment_plan_recovery.mail_template_paid_back"


class Received(NamedTuple):
    """Money of a debtor that came in, or, below 0, went back: paid back, or returned by the bank.

    ``payment`` has a receipt; it is empty for what went back, and what only the bank's or the till's books know of.
    """

    date: Any
    amount: float
    currency: Any
    payment: Any


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _recovery_received(self, banked, limit):
        """Return these payments and what came without one, ``banked`` journal items, as Received, newest first."""
        received = [
            Received(one.date, one.amount, one.currency_id, one)
            if one.payment_type == "inbound"
            else Received(one.date, -one.amount, one.currency_id, None)
            for one in self
        ]
        # the bank's entry has an item for each invoice that it paid: the debtor knows of one payment
        received += [
            Received(entry.date, currency.round(-sum(lines.mapped("amount_currency"))), currency, None)
            for (entry, currency), lines in banked.grouped(
                lambda line: (line.move_id, line.currency_id)
            ).items()
        ]
        return sorted(received, key=lambda one: one.date, reverse=True)[:limit]

    def _recovery_mail_receipts(self):
        """Mail the debtors Odoo's receipt of their online payments, the PDF attached, and what was paid back.

        It comes from the company and whoever follows the debtor, in the debtor's language: who pays, nobody known
        mostly, neither sends nor signs a mail.
        """
        for payment in self.filtered("partner_id.email"):
            name = RECEIPT if payment.payment_type == "inbound" else PAID_BACK
            template = self.env.ref(name, raise_if_not_found=False)
            if template:
                debtor, company = payment.partner_id.commercial_partner_id, payment.company_id
                sender = not template.email_from and company.email_formatted
                # sudo: the mail goes by itself, whoever paid
                signed = template.with_user(debtor.sudo()._recovery_responsible(company)).sudo()
                mail_id = signed.with_context(lang=debtor._recovery_lang(company)).send_mail(
                    payment.id, email_values={"email_from": sender} if sender else None
                )
                payment._recovery_complete_mail(signed.env["mail.mail"].browse(mail_id), debtor, company)

    def _recovery_complete_mail(self, mail, debtor, company):
        """Name the file of a mail about the payment, which Odoo calls a report, and let the mail carry the link."""
        today, nothing = company._recovery_today(), self.env["recovery.claim"]
        content = debtor.sudo()._recovery_content(company, today, nothing)  # sudo: the debtor's own address
        for file in mail.attachment_ids:
            name = content.env._("Receipt %s", self.name).replace("/", "-")
            file.name = f"{name}.{file.name.rpartition('.')[2]}"
        link = self.env["ir.qweb"]._render(
            "payment_plan_recovery.portal_link_in_mail", {"content": content}, lang=content.env.lang
        )
        mail.body_html = Markup(mail.body_html or "") + link  # noqa: S704 what Odoo rendered, and what we did

    def _recovery_on_debtor_s_account(self):
        """Return the posted journal items by which the payments stand on the debtors' account."""
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.account_id == line.move_id.origin_payment_id.destination_account_id
            )
        )
