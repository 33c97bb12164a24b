"""What is kept of dealing with a debtor by hand, and open claims as the reason to keep it."""

from odoo import api, models


class RecoveryPersonalDataInteraction(models.AbstractModel):
    _name = "recovery.personal.data.interaction"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Interactions"
    _code, _sequence, _about = "interaction", 10, "recovery.contact"
    _ended_on = "date"
    _words = ("outcome",)

    def _label(self):
        return self.env._("Interactions")


class RecoveryPersonalDataPromise(models.AbstractModel):
    _name = "recovery.personal.data.promise"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Promises"
    _code, _sequence, _about = "promise", 20, "recovery.promise"
    _ended_on, _done = "date_judged", [("state", "!=", "open")]
    _words = ("note",)
    _erasable = False

    def _label(self):
        return self.env._("Promises to pay")


class RecoveryPersonalDataHold(models.AbstractModel):
    _name = "recovery.personal.data.hold"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Holds"
    _code, _sequence, _about = "hold", 30, "recovery.hold"
    _ended_on = "date_until"
    _words = ("reason",)

    def _label(self):
        return self.env._("Holds")


class RecoveryPersonalDataDispute(models.AbstractModel):
    _name = "recovery.personal.data.dispute"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Disputes"
    _code, _sequence, _about = "dispute", 40, "recovery.dispute"
    _ended_on = "date_closed"
    _words = ("description", "answer", "debtor_rating_comment")
    _erasable = False

    def _label(self):
        return self.env._("Disputes")


class RecoveryPersonalDataWithheld(models.AbstractModel):
    _name = "recovery.personal.data.withheld"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Withheld Contacts"
    _code, _sequence, _about = "withheld", 50, "recovery.withheld"
    _ended_on = "date"
    _words = ("reason",)

    def _label(self):
        return self.env._("Contacts withheld")


class RecoveryRetentionHoldClaim(models.AbstractModel):
    """While something is owed, what was said about it is needed."""

    _name = "recovery.retention.hold.claim"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Open Claims"
    _code, _sequence = "claim", 10

    def _label(self):
        return self.env._("Something is still owed")

    @api.model
    def _held(self, company, debtors):
        groups = (
            self.env["account.move.line"]
            .sudo()  # whether something is open does not depend on who looks
            ._read_group(
                [
                    ("company_id", "in", company._recovery_branch_ids()),
                    ("partner_id", "child_of", debtors.ids),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                ],
                ["partner_id"],
            )
        )
        return debtors.browse().union(*(partner.commercial_partner_id for (partner,) in groups))


class RecoveryRetentionHoldDispute(models.AbstractModel):
    """While a dispute is looked into, be the invoice paid or not, what was said is needed."""

    _name = "recovery.retention.hold.dispute"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Open Disputes"
    _code, _sequence, _about = "dispute", 12, "recovery.dispute"
    _going_on = [("state", "=", "open")]

    def _label(self):
        return self.env._("A dispute is open")
