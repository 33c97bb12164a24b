"""What debtors left on the portal: requests, and the trace of signatures."""

from odoo import api, models
from odoo.fields import Domain


class RecoveryPersonalDataRequest(models.AbstractModel):
    _name = "recovery.personal.data.request"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Requests"
    _code, _sequence, _about = "request", 120, "recovery.request"
    _words = ("description", "new_email", "new_phone", "new_street", "new_zip", "new_city")

    def _label(self):
        return self.env._("Requests on the portal")

    @api.model
    def _ended(self, date):
        return Domain("state", "!=", "open") & Domain("write_date", "<=", date)


class RecoveryPersonalDataSignature(models.AbstractModel):
    _name = "recovery.personal.data.signature"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Signatures"
    _code, _sequence, _about = "signature", 130, "recovery.signature"
    _debtor = "plan_id.partner_id"
    _words = ("name", "capacity", "code_address", "ip_address", "user_agent", "signature")
    _erasable = False

    def _label(self):
        return self.env._("Traces of signatures")

    @api.model
    def _ended(self, date):
        return Domain("plan_id.date_closed", "<=", date)


class RecoveryRetentionHoldRequest(models.AbstractModel):
    """Who asked for something is answered first."""

    _name = "recovery.retention.hold.request"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Open Requests"
    _code, _sequence = "request", 40

    def _label(self):
        return self.env._("A request waits for an answer")

    @api.model
    def _held(self, company, debtors):
        records = self.env["recovery.request"].sudo()  # whether one is open does not depend on who looks
        return records.search(
            [
                ("company_id", "in", company._recovery_branch_ids()),
                ("partner_id", "in", debtors.ids),
                ("state", "=", "open"),
            ]
        ).partner_id
