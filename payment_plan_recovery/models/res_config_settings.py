from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recovery_plan_policy_id = fields.Many2one(related="company_id.recovery_plan_policy_id", readonly=False)
    recovery_dunning_policy_id = fields.Many2one(related="company_id.recovery_dunning_policy_id", readonly=False)
