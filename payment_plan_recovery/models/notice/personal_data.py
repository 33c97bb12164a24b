"""What is kept of notices: the words and papers that went out, besides the sums and the hash of each paper."""

from odoo import models


class RecoveryPersonalDataNotice(models.AbstractModel):
    _name = "recovery.personal.data.notice"
    _inherit = "recovery.personal.data"
    _description = "Personal Data: Notices"
    _code, _sequence, _about = "notice", 60, "recovery.notice"
    _ended_on, _done = "date", [("state", "in", ("sent", "failed", "cancelled", "ignored"))]
    _words = (
        *("call_outcome", "contact_id", "message_ref", "server_reply", "attachment_id", "posted_to"),
        *("channel_reason", "failure_reason", "waiting_money"),
    )
    _erasable = False

    def _label(self):
        return self.env._("Notices and the papers that went out")
