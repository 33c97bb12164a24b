"""What the timeline tells of notices."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryTimelineNotice(models.AbstractModel):
    """Notices that went out, or failed to."""

    _name = "recovery.timeline.notice"
    _description = "Timeline: Notices"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "notice", 15, "recovery.notice", "fa-envelope-o"
    _holds = SQL("happened.state IN ('sent', 'failed', 'to_post')")

    def _label(self):
        return self.env._("Notice")

    @api.model
    def _told(self, record):
        channel, state = self._choice(record, "channel"), self._choice(record, "state")
        return f"{record.level_id.name} · {channel} · {self._money(record, record.amount_total)} · {state}"
