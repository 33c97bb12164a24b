from odoo import fields, models


class RecoveryPlanRefusal(models.TransientModel):
    """Why a manager refuses a plan outside its policy."""

    _name = "recovery.plan.refusal"
    _description = "Plan Refusal"
    _inherit = "recovery.dialog"
    _about = "plan_id"

    plan_id = fields.Many2one("recovery.plan", required=True, ondelete="cascade")
    reason = fields.Text(required=True, help="What its author has to change; goes to the plan's history.")

    def action_refuse(self):
        """Refuse the plan for this reason."""
        self.ensure_one()
        self.plan_id.action_refuse(self.reason)
