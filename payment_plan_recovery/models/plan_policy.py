from odoo import fields, models


class RecoveryPlanPolicy(models.Model):
    """Limits of the plans a collector may grant alone, and how lateness in a plan is handled."""

    _name = "recovery.plan.policy"
    _description = "Plan Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to offer the policy to every company.")
    tolerance_days = fields.Integer(
        default=3, help="Days after an instalment's date before the plan counts as late."
    )
    cure_days = fields.Integer(
        string="Days to cure", default=8, help="Days from the cure notice to the plan's end."
    )
