"""Receipts of what debtors paid online."""

from odoo import models

RECEIPT = "account.mail_template_data_payment_receipt"


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _recovery_mail_receipts(self):
        """Mail the debtors Odoo's receipt of their online payments, the PDF attached."""
        # sudo: the mail goes by itself, whoever paid
        template = self.env.ref(RECEIPT, raise_if_not_found=False)
        for payment in self.filtered(lambda one: template and one.partner_id.email):
            template.sudo().send_mail(payment.id)

    def _recovery_on_debtor_s_account(self):
        """Return the posted journal items by which the payments stand on the debtors' account."""
        return self.move_id.line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.account_id == line.move_id.origin_payment_id.destination_account_id
            )
        )
