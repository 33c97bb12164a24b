"""A document: a slip that a level may print instead of a letter."""

from odoo import api, models


class RecoveryDocumentSlip(models.AbstractModel):
    _name = "recovery.document.slip"
    _inherit = "recovery.document"
    _description = "Slip document"

    _code = "slip"
    _sequence = 60
    _report = "recovery_example.action_report_slip"
    _is_letter = True

    @api.model
    def _label(self):
        return self.env._("Slip")
