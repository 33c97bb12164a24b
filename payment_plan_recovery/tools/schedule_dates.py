"""When the instalments of a schedule are due: periods, paused months, business days.

Today is nobody's business here: every date is an argument.
"""

import datetime
from itertools import count as count_from
from itertools import islice, pairwise

from dateutil.relativedelta import relativedelta

from . import money
from .errors import KernelError

PERIODS = {
    "week": relativedelta(weeks=1),
    "fortnight": relativedelta(weeks=2),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
}
CONVENTIONS = ("none", "following", "modified_following", "preceding")
SATURDAY_SUNDAY = frozenset({5, 6})
YEARS = range(1900, 3000)  # no schedule can run from these over the calendar's own limits
ONE_DAY = datetime.timedelta(days=1)
DAYS_SEARCHED = 366  # for a business day
PERIODS_SEARCHED = 54  # for a month not paused: by then even weeks have been round the year


def business_day(day, convention, holidays=(), weekend=SATURDAY_SUNDAY, pauses=()):
    """Return the business day that stands for ``day``.

    A convention that would lead into a paused month turns the other way.
    """
    if money.require_choice("convention", convention, CONVENTIONS) == "none":
        return day
    after, before = (_next_open(day, step, holidays, weekend) for step in (ONE_DAY, -ONE_DAY))
    forward = convention == "following" or (convention == "modified_following" and after.month == day.month)
    for candidate in (after, before) if forward else (before, after):
        if candidate.month not in pauses:
            return candidate
    raise KernelError("no_business_day", date=day)


def _next_open(day, step, holidays, weekend):
    for distance in range(DAYS_SEARCHED):
        candidate = day + distance * step
        if candidate not in holidays and candidate.weekday() not in weekend:
            return candidate
    raise KernelError("no_business_day", date=day)


def instalment_dates(request, count):
    """Return the dates of ``count`` instalments, each a business day of its own.

    Two that fall on the same one are refused rather than pushed apart: paying twice
    within days is not what a weekly or monthly plan promised the debtor.
    """
    nominal = _periodic_dates(request, count) if request.dates is None else _listed_dates(request)
    terms = (request.convention, request.holidays, request.weekend, request.pauses)
    return require_increasing([business_day(day, *terms) for day in nominal], "dates_collapse")


def _periodic_dates(request, count):
    if all(day.month in request.pauses for day in islice(_occurrences(request), PERIODS_SEARCHED)):
        raise KernelError("no_month_left", pauses=sorted(request.pauses))
    return list(islice((day for day in _occurrences(request) if day.month not in request.pauses), count))


def _occurrences(request):
    """Yield the dates of every period, without end.

    Each is counted from the start itself: after a short month the 31st comes back.
    """
    if request.start is None:
        raise KernelError("start_missing")
    start = require_date(request.start)
    period = PERIODS[request.period]
    if request.end_of_month and period.months and (start + ONE_DAY).day == 1:
        period += relativedelta(day=31)
    return (start + period * number for number in count_from())


def _listed_dates(request):
    dates = require_increasing([require_date(day) for day in request.dates])
    for day in dates:
        if day.month in request.pauses:
            raise KernelError("date_in_pause", date=day)
    return dates


def require_date(day):
    if not isinstance(day, datetime.date) or isinstance(day, datetime.datetime) or day.year not in YEARS:
        raise KernelError("date_invalid", date=day)
    return day


def require_increasing(dates, code="dates_not_increasing"):
    for previous, date in pairwise(dates):
        if date <= previous:
            raise KernelError(code, date=date, previous=previous)
    return dates
