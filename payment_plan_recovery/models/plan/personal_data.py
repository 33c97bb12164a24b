"""What is kept of plans, and plans in force as the reason to keep what is known of a debtor."""

from odoo import models

from .plan import CLOSED_STATES


class RecoveryPersonalDataPlan(models.AbstractModel):
    _name = "recovery.personal.data.plan"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Plans"
    _code, _sequence, _about = "plan", 70, "recovery.plan"
    _ended_on, _done = "date_closed", [("state", "in", CLOSED_STATES)]
    _words = ("note", "signed_by", "signature", "revision_reason", "debtor_rating_comment")
    _erasable = False

    def _label(self):
        return self.env._("Instalment plans")


class RecoveryPersonalDataCapacity(models.AbstractModel):
    _name = "recovery.personal.data.capacity"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: What a Debtor Can Bear"
    _code, _sequence, _about = "capacity", 80, "recovery.capacity"
    _ended_on = "date_until"
    _words = ("working", "note")

    def _label(self):
        return self.env._("Income and expenses of persons")


class RecoveryRetentionHoldPlan(models.AbstractModel):
    """While a plan is offered or in force, what led to it is needed."""

    _name = "recovery.retention.hold.plan"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Plans in Force"
    _code, _sequence, _about = "plan", 20, "recovery.plan"
    _going_on = [("state", "not in", CLOSED_STATES)]

    def _label(self):
        return self.env._("A plan is offered or in force")
