from odoo import api, fields, models


class RecoveryPlanPolicy(models.Model):
    """Limits of the plans a collector may grant alone, and how lateness in a plan is handled."""

    _name = "recovery.plan.policy"
    _description = "Plan Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to offer the policy to every company.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    # How lateness is handled
    tolerance_days = fields.Integer(
        default=3, help="Days after an instalment's date before the plan counts as late."
    )
    tolerance_amount = fields.Monetary(
        help="A plan is not late for this much or less, in its own currency: bank charges, a rounding."
    )
    grace_days = fields.Integer(
        default=5, help="Days a plan may be late, once tolerance has passed, before the cure notice."
    )
    grace_instalments = fields.Integer(
        string="Instalments forgiven",
        help="How many instalments may be late at once without a cure notice; "
        "with one, it goes out for the second.",
    )
    cure_days = fields.Integer(
        string="Days to cure", default=8, help="Days from the cure notice to the plan's end."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.model
    def _default_for(self, company):
        """Return the policy of a new plan of ``company``: its own choice, or the first it may use."""
        return company.recovery_plan_policy_id or self.search(
            [("company_id", "in", (company.id, False))], limit=1
        )
