"""What is kept of approvals of credit and of incentives."""

from odoo import api, models
from odoo.fields import Domain


class RecoveryPersonalDataOverride(models.AbstractModel):
    _name = "recovery.personal.data.override"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Approvals of Credit"
    _code, _sequence, _about = "override", 91, "recovery.credit.override"
    _words = ("reason", "decision_reason", "figures")
    _erasable = False

    def _label(self):
        return self.env._("Approvals of credit")

    @api.model
    def _ended(self, date):
        return Domain("state", "!=", "requested") & Domain("create_date", "<=", date)


class RecoveryPersonalDataIncentiveGrant(models.AbstractModel):
    _name = "recovery.personal.data.incentive.grant"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Incentives"
    _code, _sequence, _about = "incentive_grant", 92, "recovery.incentive.grant"
    _words = ("reason", "decision_reason", "relapse")
    _erasable = False

    def _label(self):
        return self.env._("Incentives")

    @api.model
    def _ended(self, date):
        return Domain("state", "in", ("refused", "withdrawn")) & Domain("date_decided", "<=", date)
