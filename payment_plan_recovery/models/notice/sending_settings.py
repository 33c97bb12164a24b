from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recovery_quiet_channels = fields.Selection(related="company_id.recovery_quiet_channels", readonly=False)
    recovery_contact_from = fields.Float(related="company_id.recovery_contact_from", readonly=False)
    recovery_contact_until = fields.Float(related="company_id.recovery_contact_until", readonly=False)
    recovery_attachment_max = fields.Integer(related="company_id.recovery_attachment_max", readonly=False)
    recovery_confirm_promises = fields.Boolean(related="company_id.recovery_confirm_promises", readonly=False)
    recovery_envelope = fields.Selection(related="company_id.recovery_envelope", readonly=False)
