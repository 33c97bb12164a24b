"""The papers about notices: letters, and the evidence that they were sent."""

from odoo import api, models


class RecoveryDocumentReminder(models.AbstractModel):
    """The letter in the words of the level's message."""

    _name = "recovery.document.reminder"
    _description = "Reminder letter document"
    _inherit = "recovery.document"

    _code = "reminder"
    _sequence = 10
    _report = "payment_plan_recovery.action_report_letter"
    _is_letter = True

    @api.model
    def _label(self):
        return self.env._("Reminder letter")


class RecoveryDocumentFormalNotice(models.AbstractModel):
    """The formal notice: the letter, its clauses and the reminders that went before."""

    _name = "recovery.document.formal.notice"
    _description = "Formal notice document"
    _inherit = "recovery.document"

    _code = "formal_notice"
    _sequence = 20
    _report = "payment_plan_recovery.action_report_formal_notice"
    _is_letter = True
    _goes_with_mails = True

    @api.model
    def _label(self):
        return self.env._("Formal notice")


class RecoveryDocumentEvidence(models.AbstractModel):
    """What was sent, when, how, and what shows it."""

    _name = "recovery.document.evidence"
    _description = "Evidence of sending document"
    _inherit = "recovery.document"

    _code = "evidence"
    _sequence = 30
    _report = "payment_plan_recovery.action_report_evidence"

    @api.model
    def _label(self):
        return self.env._("Evidence of sending")


class RecoveryDocumentStatement(models.AbstractModel):
    """Everything a debtor owes a company, by age."""

    _name = "recovery.document.statement"
    _description = "Statement of account document"
    _inherit = "recovery.document"

    _code = "statement"
    _sequence = 40
    _report = "payment_plan_recovery.action_report_statement"

    @api.model
    def _label(self):
        return self.env._("Statement of account")
