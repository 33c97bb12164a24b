from odoo import api, fields, models


class RecoveryPlanChange(models.TransientModel):
    """One instalment of a draft changed by hand, the total being kept."""

    _name = "recovery.plan.change"
    _description = "Change of an Instalment"
    _inherit = ["recovery.dialog", "recovery.dialog.kept"]
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

    @api.model
    def default_get(self, fields_list):
        """Fill in what the instalment is now."""
        values = super().default_get(fields_list)
        row = self.env["recovery.plan.instalment"].browse(values.get("instalment_id"))
        asked = {"amount", "date_due", "shown"} & set(fields_list)
        return values | (self._filled(row, asked) if row and asked else {})

    @api.model
    def _standing(self, about):
        return {"amount": about.amount, "date_due": about.date_due}

    def action_change(self):
        """Apply what was changed and let the other instalments keep the total.

        :raise UserError: somebody else changed the same meanwhile
        """
        self.ensure_one()
        row = self.instalment_id
        changed = self._changed(row)
        row.plan_id.rebalance(row, changed.get("amount"), changed.get("date_due"), self.mode)
