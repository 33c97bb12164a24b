from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        company_dependent=True,
        help="How this debtor is chased; leave empty to take the first policy whose filter fits.",
    )
