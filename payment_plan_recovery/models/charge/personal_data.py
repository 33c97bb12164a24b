"""What is kept of why late charges were waived."""

from odoo import api, models
from odoo.fields import Domain


class RecoveryPersonalDataWaiver(models.AbstractModel):
    _name = "recovery.personal.data.waiver"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Waivers"
    _code, _sequence, _about = "waiver", 105, "recovery.charge"
    _words = ("waive_reason",)
    _erasable = False

    def _label(self):
        return self.env._("Waivers of late charges")

    @api.model
    def _ended(self, date):
        return Domain("is_waived", "=", True) & Domain("waived_on", "<=", date)
