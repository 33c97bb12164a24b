"""Receipts of what debtors paid online."""

from odoo import models

RECEIPT = "account.mail_template_data_payment_receipt"
#: What is said of money that was paid back.
PAID_BACK = "payment_plan_recovery.mail_template_paid_back"


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _recovery_mail_receipts(self):
        """Mail the debtors Odoo's receipt of their online payments, the PDF attached, and what was paid back."""
        for payment in self.filtered("partner_id.email"):
            name = RECEIPT if payment.payment_type == "inbound" else PAID_BACK
            template = self.env.ref(name, raise_if_not_found=False)
            if template:
                template.sudo().send_mail(payment.id)  # sudo: the mail goes by itself, whoever paid

    def _recovery_on_debtor_s_account(self):
        """Return the posted journal items by which the payments stand on the debtors' account."""
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.account_id == line.move_id.origin_payment_id.destination_account_id
            )
        )
