"""The last day to do something: so many calendar days, working days or months from an event.

The day of the event does not count. Months end on the same day of the month, or on its last one
(FR CPC 641); a last day that is closed moves to the next open one where the law says so (CPC 642).
"""

import datetime

from dateutil.relativedelta import relativedelta

from .money import require_choice
from .schedule import SATURDAY_SUNDAY, business_day

UNITS = ("days", "working_days", "months")


def deadline(event, count, unit="days", closed=((), SATURDAY_SUNDAY), moves=True):
    """Return the last day to act ``count`` ``unit`` after ``event``; backwards for a negative count.

    :param closed: (holidays, weekdays) on which nothing is done
    :param moves: a last day that is closed becomes the next open one
    """
    require_choice("unit", unit, UNITS)
    holidays, weekend = closed
    if unit == "months":
        day = event + relativedelta(months=count)
    elif unit == "days":
        day = event + datetime.timedelta(days=count)
    else:
        day = _working_days(event, count, holidays, weekend)
    return business_day(day, "following", holidays, weekend) if moves else day


def _working_days(event, count, holidays, weekend):
    step = datetime.timedelta(days=1 if count >= 0 else -1)
    day, left = event, abs(count)
    while left:
        day += step
        if day.weekday() not in weekend and day not in holidays:
            left -= 1
    return day
