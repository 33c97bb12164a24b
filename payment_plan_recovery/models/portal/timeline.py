"""What the timeline tells of the portal."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryTimelineRequest(models.AbstractModel):
    """What the debtor asked for online."""

    _name = "recovery.timeline.request"
    _description = "Timeline: Requests on the Portal"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "request", 35, "recovery.request", "fa-globe"
    _day = SQL("happened.date_opened")

    def _label(self):
        return self.env._("Asked online")

    @api.model
    def _told(self, record):
        kind, state = self._choice(record, "kind"), self._choice(record, "state")
        return f"{kind} · {record.description} · {state}"
