"""What is kept of approvals of credit and of incentives."""

from odoo import models


class RecoveryPersonalDataOverride(models.AbstractModel):
    _name = "recovery.personal.data.override"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Approvals of Credit"
    _code, _sequence, _about = "override", 91, "recovery.credit.override"
    _ended_on, _done = "create_date", [("state", "!=", "requested")]
    _words = ("reason", "decision_reason", "figures")
    _erasable = False

    def _label(self):
        return self.env._("Approvals of credit")


class RecoveryPersonalDataIncentiveGrant(models.AbstractModel):
    _name = "recovery.personal.data.incentive.grant"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Incentives"
    _code, _sequence, _about = "incentive_grant", 92, "recovery.incentive.grant"
    _ended_on, _done = "date_decided", [("state", "in", ("refused", "withdrawn"))]
    _words = ("reason", "decision_reason", "relapse")
    _erasable = False

    def _label(self):
        return self.env._("Incentives")
