"""What debtors left on the portal: requests, and the trace of signatures."""

from odoo import models


class RecoveryPersonalDataRequest(models.AbstractModel):
    _name = "recovery.personal.data.request"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Requests"
    _code, _sequence, _about = "request", 120, "recovery.request"
    _ended_on, _done = "write_date", [("state", "!=", "open")]
    _words = ("description", "new_email", "new_phone", "new_street", "new_zip", "new_city")

    def _label(self):
        return self.env._("Requests on the portal")


class RecoveryPersonalDataSignature(models.AbstractModel):
    _name = "recovery.personal.data.signature"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Signatures"
    _code, _sequence, _about = "signature", 130, "recovery.signature"
    _ended_on = "plan_id.date_closed"
    _debtor = "plan_id.partner_id"
    _words = ("name", "capacity", "code_address", "ip_address", "user_agent", "signature")
    _erasable = False

    def _label(self):
        return self.env._("Traces of signatures")


class RecoveryRetentionHoldRequest(models.AbstractModel):
    """Who asked for something is answered first."""

    _name = "recovery.retention.hold.request"
    _inherit = "recovery.retention.hold"
    _description = "Reason to Keep: Open Requests"
    _code, _sequence, _about = "request", 40, "recovery.request"
    _going_on = [("state", "=", "open")]

    def _label(self):
        return self.env._("A request waits for an answer")
