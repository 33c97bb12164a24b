"""The creditor's working calendar, as the kernel wants it: days of the week and holidays."""

from datetime import datetime, time, timedelta

import pytz
from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _recovery_closed_days(self, start):
        """Return (holidays, weekend): the dates closed from ``start`` on, and the weekdays (0 is Monday).

        A holiday is a leave of the company's working calendar that concerns no one in particular.
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        if not calendar:
            return frozenset(), frozenset({5, 6})
        # A calendar without any hours says nothing about the week.
        open_days = {int(day) for day in calendar.attendance_ids.mapped("dayofweek")} or set(range(5))
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("calendar_id", "in", (calendar.id, False)),
                ("company_id", "in", (self.id, False)),
                ("date_to", ">=", datetime.combine(start, time.min)),
            ]
        )
        zone = pytz.timezone(calendar.tz or "UTC")
        holidays = {day for leave in leaves for day in _days_off(leave, zone)}
        return frozenset(holidays), frozenset(range(7)) - open_days


def _days_off(leave, zone):
    """Yield the dates of which a leave covers noon: an afternoon off does not close the office."""
    first, last = (
        pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)
        for moment in (leave.date_from, leave.date_to)
    )
    day = first.date()
    while day <= last.date():
        if first <= datetime.combine(day, time(12)) <= last:
            yield day
        day += timedelta(days=1)
