"""What the timeline tells of cases."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryTimelineCase(models.AbstractModel):
    _name = "recovery.timeline.case"
    _description = "Timeline: Cases"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "case", 60, "recovery.case", "fa-gavel"
    _day = SQL("happened.date_opened")

    def _label(self):
        return self.env._("Case")

    @api.model
    def _told(self, record):
        ended = self._choice(record, "outcome") or self._choice(record, "stage")
        return f"{record.name} · {self._money(record, record.amount_opened)} · {ended}"
