"""What is kept of cases, and running cases as the reason to keep everything else."""

from odoo import api, models
from odoo.fields import Domain


class RecoveryPersonalDataCase(models.AbstractModel):
    _name = "recovery.personal.data.case"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Cases"
    _code, _sequence, _about = "case", 110, "recovery.case"
    _words = ("reason",)
    _erasable = False

    def _label(self):
        return self.env._("Cases")

    @api.model
    def _ended(self, date):
        return Domain("date_closed", "<=", date)


class RecoveryPersonalDataMandateEntry(models.AbstractModel):
    _name = "recovery.personal.data.mandate.entry"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Reports of Partners"
    _code, _sequence, _about = "mandate_entry", 115, "recovery.mandate.entry"
    _words = ("note",)
    _erasable = False

    def _label(self):
        return self.env._("Reports of agencies and bailiffs")

    @api.model
    def _ended(self, date):
        return Domain("case_id.date_closed", "<=", date)


class RecoveryRetentionHoldCase(models.AbstractModel):
    """While a court, a lawyer or an agency is at it, nothing goes."""

    _name = "recovery.retention.hold.case"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Running Cases"
    _code, _sequence = "case", 30

    def _label(self):
        return self.env._("A case is running")

    @api.model
    def _held(self, company, debtors):
        cases = self.env["recovery.case"].sudo()  # whether one is running does not depend on who looks
        return cases.search(
            [
                ("company_id", "in", company._recovery_branch_ids()),
                ("partner_id", "in", debtors.ids),
                ("stage", "!=", "closed"),
            ]
        ).partner_id
