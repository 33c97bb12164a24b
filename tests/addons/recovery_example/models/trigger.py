"""A trigger: the end of the month that the delay ends in."""

from odoo import models
from odoo.tools import SQL


class RecoveryTriggerDelayMonthEnd(models.AbstractModel):
    _name = "recovery.trigger.delay_month_end"
    _inherit = "recovery.trigger"
    _description = "Trigger: End of the Month of the Delay"

    _code = "delay_month_end"
    _sequence = 25

    def _label(self):
        return self.env._("End of the month that the delay ends in")

    def _day_sql(self):
        return SQL("known.date_due")

    def _day_reached_sql(self):
        ends = SQL("(%s + level.delay_days)", self._day_sql())
        return SQL("(date_trunc('month', %s) + interval '1 month' - interval '1 day')::date", ends)
