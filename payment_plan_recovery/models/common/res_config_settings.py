from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recovery_plan_policy_id = fields.Many2one(related="company_id.recovery_plan_policy_id", readonly=False)
    recovery_dunning_policy_id = fields.Many2one(
        related="company_id.recovery_dunning_policy_id", readonly=False
    )
    recovery_account_ids = fields.Many2many(related="company_id.recovery_account_ids", readonly=False)
    recovery_contact_max = fields.Integer(related="company_id.recovery_contact_max", readonly=False)
    recovery_contact_window_days = fields.Integer(
        related="company_id.recovery_contact_window_days", readonly=False
    )
    recovery_contact_gap_days = fields.Integer(related="company_id.recovery_contact_gap_days", readonly=False)
    recovery_daily_run = fields.Selection(related="company_id.recovery_daily_run", readonly=False)
    recovery_dunning_user_id = fields.Many2one(related="company_id.recovery_dunning_user_id", readonly=False)
    recovery_waiting_rate = fields.Float(related="company_id.recovery_waiting_rate", readonly=False)
    recovery_limitation_law = fields.Selection(related="company_id.recovery_limitation_law", readonly=False)
    recovery_limitation_days = fields.Integer(related="company_id.recovery_limitation_days", readonly=False)
    recovery_write_off_account_id = fields.Many2one(
        related="company_id.recovery_write_off_account_id", readonly=False
    )
    recovery_write_off_ceiling = fields.Monetary(
        related="company_id.recovery_write_off_ceiling", readonly=False
    )
