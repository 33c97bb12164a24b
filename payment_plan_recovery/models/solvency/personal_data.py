"""What is kept of solvency checks."""

from odoo import api, models
from odoo.fields import Domain


class RecoveryPersonalDataCheck(models.AbstractModel):
    _name = "recovery.personal.data.check"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Solvency Checks"
    _code, _sequence, _about = "check", 90, "recovery.solvency.check"
    _words = ("note", "override_reason", "decision_reason", "contest_reason")
    _erasable = False

    def _label(self):
        return self.env._("Solvency checks")

    @api.model
    def _ended(self, _company, date):
        return Domain("date", "<=", date) & (
            Domain("date_until", "<=", date) | Domain("state", "=", "cancelled")
        )


class RecoveryPersonalDataRating(models.AbstractModel):
    _name = "recovery.personal.data.rating"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Ratings"
    _code, _sequence, _about = "rating", 100, "recovery.rating"
    _ended_on = "date"
    _words = ("registration",)

    def _label(self):
        return self.env._("Ratings of agencies")


class RecoveryPersonalDataGuarantee(models.AbstractModel):
    _name = "recovery.personal.data.guarantee"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Guarantees"
    _code, _sequence, _about = "guarantee", 101, "recovery.guarantee"
    _ended_on = "date_until"
    _words = ("reference",)
    _erasable = False

    def _label(self):
        return self.env._("Guarantees")
