from odoo import models
from odoo.addons.payment_plan_recovery.models.credit_control import CreditRefusedError


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """Book the money of a part payment also where the credit rules hold up the order it is for."""
        confirmed = self.env["sale.order"]
        for transaction in self:
            try:
                with self.env.cr.savepoint():
                    confirmed |= super(PaymentTransaction, transaction)._check_amount_and_confirm_order()
            except CreditRefusedError:
                transaction.sale_order_ids._credit_wait_for_team()
        return confirmed
