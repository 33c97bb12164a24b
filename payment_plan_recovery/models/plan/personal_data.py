"""What is kept of plans, and plans in force as the reason to keep what is known of a debtor."""

from odoo import api, models
from odoo.fields import Domain

from .plan import CLOSED_STATES


class RecoveryPersonalDataPlan(models.AbstractModel):
    _name = "recovery.personal.data.plan"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Plans"
    _code, _sequence, _about = "plan", 70, "recovery.plan"
    _words = ("note", "signed_by", "signature", "revision_reason", "debtor_rating_comment")
    _erasable = False

    def _label(self):
        return self.env._("Instalment plans")

    @api.model
    def _ended(self, date):
        return Domain("state", "in", CLOSED_STATES) & Domain("date_closed", "<=", date)


class RecoveryPersonalDataCapacity(models.AbstractModel):
    _name = "recovery.personal.data.capacity"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: What a Debtor Can Bear"
    _code, _sequence, _about = "capacity", 80, "recovery.capacity"
    _words = ("working", "note")

    def _label(self):
        return self.env._("Income and expenses of persons")

    @api.model
    def _ended(self, date):
        return Domain("date_until", "<=", date)


class RecoveryRetentionHoldPlan(models.AbstractModel):
    """While a plan is offered or in force, what led to it is needed."""

    _name = "recovery.retention.hold.plan"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Plans in Force"
    _code, _sequence = "plan", 20

    def _label(self):
        return self.env._("A plan is offered or in force")

    @api.model
    def _held(self, company, debtors):
        plans = self.env["recovery.plan"].sudo()  # whether one is in force does not depend on who looks
        return plans.search(
            [
                ("company_id", "in", company._recovery_branch_ids()),
                ("partner_id", "in", debtors.ids),
                ("state", "not in", CLOSED_STATES),
            ]
        ).partner_id
