from odoo import fields, models


class RecoveryPlanChange(models.TransientModel):
    """One instalment of a draft changed by hand, the total being kept."""

    _name = "recovery.plan.change"
    _description = "Change of an Instalment"
    _inherit = "recovery.dialog"
    _about = "instalment_id"

    instalment_id = fields.Many2one("recovery.plan.instalment", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="instalment_id.currency_id")
    amount = fields.Monetary(required=True, help="The new amount of this instalment.")
    date_due = fields.Date(
        string="Due date", required=True, help="The new date, between those of its neighbours."
    )
    mode = fields.Selection(
        [("next", "Next instalment"), ("last", "Last instalment"), ("spread", "All later instalments")],
        string="Difference goes to",
        default="next",
        required=True,
        help="Which instalments take the difference in amount.",
    )

    def action_change(self):
        """Apply the change and let the other instalments keep the total."""
        self.ensure_one()
        row = self.instalment_id
        row.plan_id.rebalance(row, self.amount, self.date_due, self.mode)
