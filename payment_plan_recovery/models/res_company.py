from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_plan_policy_id = fields.Many2one(
        "recovery.plan.policy", string="Plan policy", help="Policy of a new instalment plan."
    )
    recovery_dunning_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        domain=[("claim_kind", "=", "item")],
        help="Policy of an invoice that no other policy is chosen for.",
    )
