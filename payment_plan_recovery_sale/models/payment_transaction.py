from odoo import models
from odoo.addons.payment_plan_recovery.models.credit.document import is_credit_refusal
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

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
