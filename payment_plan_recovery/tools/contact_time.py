"""When a debtor may be contacted: how often, and at which hours."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

#: A calendar that is closed for longer than this is a mistake, not a reason to keep silent for ever.
LONGEST_SILENCE = timedelta(days=60)


class Budget(NamedTuple):
    """At most ``maximum`` contacts (0: no limit) in ``window`` days in a row, ``gap`` days apart at least.

    A gap of 1 allows one a day, of 0 any number.
    """

    maximum: int
    window: int
    gap: int


def first_day_in_budget(day, channel, contacts, budget):
    """Return the first day from ``day`` on when one more contact over ``channel`` keeps within the budget.

    ``contacts`` are the (day, channel) of the contacts so far; several on one day over one
    channel are one contact, so that a further one on such a day costs nothing.
    """
    contacts = set(contacts)
    while (day, channel) not in contacts:
        blocking = _blocking(day, contacts, budget)
        if blocking is None:
            break
        day = blocking
    return day


def _blocking(day, contacts, budget):
    """Return the day to try next, None when ``day`` is free."""
    maximum, window, gap = budget
    days = sorted(known for known, _channel in contacts if known <= day)
    if days and gap and (day - days[-1]).days < gap:
        return days[-1] + timedelta(days=gap)
    in_window = [known for known in days if (day - known).days < window]
    if maximum and len(in_window) >= maximum:
        # the window is free again once enough of the oldest have left it
        return in_window[len(in_window) - maximum] + timedelta(days=window)
    return None


def first_open_moment(moment, opens, closes, is_closed):
    """Return the first moment from ``moment`` on within the hours of an open day, in the same zone.

    ``opens`` and ``closes`` are hours as decimals (8.5 is half past eight), ``is_closed`` tells
    of a date whether nobody is disturbed on it.
    """
    latest = moment + LONGEST_SILENCE
    while moment < latest:
        start, end = _at(moment.date(), opens), _at(moment.date(), closes)
        if not is_closed(moment.date()) and moment < end:
            return max(moment, start)
        moment = datetime.combine(moment.date() + timedelta(days=1), time.min)
    return latest


def _at(day, hour):
    return datetime.combine(day, time.min) + timedelta(minutes=round(hour * 60))
