"""What is kept of cases, and running cases as the reason to keep everything else."""

from odoo import models


class RecoveryPersonalDataCase(models.AbstractModel):
    _name = "recovery.personal.data.case"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Cases"
    _code, _sequence, _about = "case", 110, "recovery.case"
    _ended_on = "date_closed"
    _words = ("reason",)
    _erasable = False

    def _label(self):
        return self.env._("Cases")


class RecoveryPersonalDataMandateEntry(models.AbstractModel):
    _name = "recovery.personal.data.mandate.entry"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Reports of Partners"
    _code, _sequence, _about = "mandate_entry", 115, "recovery.mandate.entry"
    _ended_on = "case_id.date_closed"
    _words = ("note",)
    _erasable = False

    def _label(self):
        return self.env._("Reports of agencies and bailiffs")


class RecoveryPersonalDataCaseStep(models.AbstractModel):
    _name = "recovery.personal.data.case.step"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Steps of Cases"
    _code, _sequence, _about = "case_step", 111, "recovery.case.step"
    _ended_on = "case_id.date_closed"
    _debtor = "case_id.partner_id"
    _words = ("note",)
    _erasable = False

    def _label(self):
        return self.env._("Steps of cases")


class RecoveryPersonalDataDossier(models.AbstractModel):
    """ZIP and paged PDF of all that was known of a debtor: the fingerprints of the whole and of each piece stay."""

    _name = "recovery.personal.data.dossier"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Evidence"
    _code, _sequence, _about = "dossier", 112, "recovery.dossier"
    _ended_on = "case_id.date_closed"
    _debtor = "case_id.partner_id"
    _erasable = False

    def _label(self):
        return self.env._("Evidence of cases")


class RecoveryPersonalDataLimitationEvent(models.AbstractModel):
    _name = "recovery.personal.data.limitation.event"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Limitation"
    _code, _sequence, _about = "limitation_event", 113, "recovery.limitation.event"
    _ended_on = "date"
    _words = ("note",)
    _erasable = False

    def _label(self):
        return self.env._("What changed a limitation")


class RecoveryPersonalDataWriteOff(models.AbstractModel):
    _name = "recovery.personal.data.write.off"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Write-offs"
    _code, _sequence, _about = "write_off", 114, "recovery.write.off"
    _ended_on, _done = "date", [("state", "in", ("booked", "reversed"))]
    _words = ("note",)
    _erasable = False

    def _label(self):
        return self.env._("Write-offs")


class RecoveryRetentionHoldCase(models.AbstractModel):
    """While a court, a lawyer or an agency is at it, nothing goes."""

    _name = "recovery.retention.hold.case"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Running Cases"
    _code, _sequence, _about = "case", 30, "recovery.case"
    _going_on = [("stage", "!=", "closed")]

    def _label(self):
        return self.env._("A case is running")
