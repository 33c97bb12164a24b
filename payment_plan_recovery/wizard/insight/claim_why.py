from odoo import fields, models


class RecoveryClaimWhy(models.TransientModel):
    _inherit = "recovery.claim.why"

    forecast = fields.Char(related="claim_id.forecast")
