"""What the timeline tells of instalment plans."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryTimelinePlan(models.AbstractModel):
    """Plans that the debtor was offered, on the day it accepted them, else of the offer."""

    _name = "recovery.timeline.plan"
    _description = "Timeline: Plans"
    _inherit = "recovery.timeline"
    _code, _sequence, _about, _icon = "plan", 25, "recovery.plan", "fa-calendar"
    _day = SQL("COALESCE(happened.date_accepted, happened.date_proposed)")
    _holds = SQL("happened.state <> 'draft'")

    def _label(self):
        return self.env._("Instalment plan")

    @api.model
    def _told(self, record):
        return f"{record.name} · {self._money(record, record.amount_total)} · {self._choice(record, 'state')}"
