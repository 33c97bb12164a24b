from odoo import models
from odoo.addons.payment_plan_recovery.models.credit.document import is_credit_refusal
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Ask about orders that were paid in advance once their payment was paid back."""
        result = super()._post_process()
        for refund in self.filtered(lambda one: one.operation == "refund" and one.state == "done"):
            paid = refund.source_transaction_id
            orders = (paid | paid.source_transaction_id).sale_order_ids
            orders._credit_ask_about_refund(-refund.amount)
        return result

    def _check_amount_and_confirm_order(self):
        """Book the money of a part payment also where the credit rules hold up the order it is for."""
        confirmed = self.env["sale.order"]
        for transaction in self:
            try:
                with self.env.cr.savepoint():
                    confirmed |= super(PaymentTransaction, transaction)._check_amount_and_confirm_order()
            except UserError as error:
                if not is_credit_refusal(error):
                    raise
                transaction.sale_order_ids._credit_wait_for_team()
        return confirmed
