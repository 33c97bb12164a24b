"""A debtor who earned it pays by instalments without a down payment."""

from odoo import models


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _is_down_payment_lifted(self):
        """Tell whether an incentive that stands lifts the down payment of this debtor's plans."""
        return (
            self.env["recovery.incentive.grant"]
            ._of_debtor(self.company_id, self.partner_id)
            .lifts_down_payment
        )
