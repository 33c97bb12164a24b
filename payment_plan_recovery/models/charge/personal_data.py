"""What is kept of why late charges were waived."""

from odoo import models


class RecoveryPersonalDataWaiver(models.AbstractModel):
    _name = "recovery.personal.data.waiver"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Waivers"
    _code, _sequence, _about = "waiver", 105, "recovery.charge"
    _ended_on, _done = "waived_on", [("is_waived", "=", True)]
    _words = ("waive_reason",)
    _erasable = False

    def _label(self):
        return self.env._("Waivers of late charges")
