"""Days within the calendar: a due date of 9999-12-31 says "never", and nothing lies after it."""

import datetime


def moved(day, period):
    """Return ``day`` moved by ``period`` (a timedelta or relativedelta), at most to an end of the calendar."""
    try:
        return day + period
    except (ValueError, OverflowError):
        return min((datetime.date.min, datetime.date.max), key=lambda end: abs(end - day))
