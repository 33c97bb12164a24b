"""The interest of many debts under few rules: the kernel's figures without their working, in whole numbers.

What one unit of debt gathers under a rule by each day is a calendar, made once for all debts. Interest from one
day to another is then base times a difference, divided once. Amounts are in the currency's smallest unit, rates
and the parts of a year are brought to a common denominator: nothing is rounded before the end.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from .errors import KernelError
from .interest import completed_years, day_number, year_days
from .rates import FIRST_YEAR, ONE_DAY, applied_rate, semester_end, semester_start

#: A number that the days of every year divide, by day count.
YEAR = {"act/365": 365, "act/act": 365 * 366, "30/360": 360}


@dataclass(frozen=True, slots=True)
class Span:
    """What every unit of debt bears from ``first_day`` to one day, when nothing is received meanwhile.

    ``parts`` of ``denominator``.
    """

    first_day: date
    parts: int
    denominator: int
    is_extrapolated: bool

    def interest(self, base):
        """Return the interest of ``base``, both counts of the currency's smallest unit, rounded half up."""
        return _half_up(base * self.parts, self.denominator)


class Calendar:
    """What a unit of debt gathers under a rule, by the end of each day up to ``last_day``.

    Interest of ``base`` from ``start`` to ``until``, the first day not counted, is
    ``base * rate(start) * (gathered(until) - gathered(start)) / denominator``. The rate is one for a rule whose
    calendar gathers rates; a locked one is that of its first day of interest, and its calendar counts days.
    """

    def __init__(self, rule, table, last_day):
        self.rule = rule
        self.is_locked = rule.rate_mode == "locked"
        self.compounds = rule.compounding == "yearly"
        self.interest_first = rule.allocation != "principal_first"
        self.costs_first = rule.allocation == "interest_first"
        self.first_day, self._semesters = _semesters(rule, table, last_day)
        digits = max((-rate.as_tuple().exponent for _, rate, _ in self._semesters.values()), default=0)
        self._scale = 10 ** max(digits, 0)
        self.denominator = 100 * YEAR[rule.day_count] * self._scale
        self._pieces = self._gather()
        self._gathered = {self.first_day - ONE_DAY: 0}
        self._spans = {}

    def span(self, start, until):
        """Return (what a unit of debt bears from the day after ``start`` to ``until``, is extrapolated).

        The first in parts of ``denominator``. Raises KernelError where a rate is not known.
        """
        found = self._spans.get((start, until))
        if found is None:
            parts = self.rate(start) * (self.gathered(until) - self.gathered(start))
            found = self._spans[start, until] = (parts, self.is_extrapolated(start, until))
        return found

    def simple_span(self, start, until):
        """Return the Span from the day after ``start`` to ``until``; None where bearing interest takes more than it.

        Interest on interest does, and a rate that is not known.
        """
        if self.compounds and any(day < until for day in completed_years(start, until)):
            return None
        try:
            parts, extrapolated = self.span(start, until)
        except KernelError:
            return None
        return Span(start + ONE_DAY, parts, self.denominator, extrapolated)

    def gathered(self, day):
        """Return what is gathered by the end of ``day``. Raises KernelError outside of the calendar."""
        found = self._gathered.get(day)
        if found is None:
            before, weight, origin = self._find(self._pieces, day)
            found = before + weight * (day_number(self.rule.day_count, day) - origin)
            self._gathered[day] = found
        return found

    def rate(self, start):
        """Return the factor of a debt that bears interest from the day after ``start``."""
        if not self.is_locked:
            return 1
        _, rate, _ = self._find(self._semesters, start + ONE_DAY)
        return int(rate * self._scale)

    def is_extrapolated(self, start, until):
        """Tell whether interest between these days used the latest rate past its time."""
        _, _, extrapolated = self._find(self._semesters, start + ONE_DAY if self.is_locked else until)
        return extrapolated

    def _gather(self):
        pieces, gathered = {}, 0
        for key, (start, rate, _) in self._semesters.items():
            weight = YEAR[self.rule.day_count] // year_days(self.rule.day_count, start)
            if not self.is_locked:
                weight *= int(rate * self._scale)
            origin = day_number(self.rule.day_count, start - ONE_DAY)
            pieces[key] = (gathered, weight, origin)
            gathered += weight * (day_number(self.rule.day_count, semester_end(start)) - origin)
        return pieces

    def _find(self, values, day):
        try:
            return values[_semester(day)]
        except KeyError:
            raise KernelError("rate_unknown", date=day, first=self.first_day) from None


@lru_cache(maxsize=64)
def calendar_of(rule, table, last_day):
    """Return the Calendar of a rule and its rates up to a day; the last ones are kept, with what they found."""
    return Calendar(rule, table, last_day)


def bulk_interest(calendar, base, start, until, received=(), costs=0):  # noqa: PLR0913, PLR0917 figures of one debt
    """Return (interest of ``base`` from the day after ``start`` to ``until``, is extrapolated).

    Rounded half up. ``received`` are ``(day, amount, …)``; those up to ``start`` are deducted from ``base``
    already. ``costs`` are the fixed sums owed from the first day of interest. Raises KernelError where a rate is not
    known.
    """
    parts, extrapolated = calendar.span(start, until)
    # day, whether it completes a year, amount: what is received on such a day comes before
    changes = [(fact[0], False, fact[1]) for fact in received if start < fact[0] < until]
    stepped = calendar.interest_first and bool(changes)
    if calendar.compounds:
        years = [(day, True, 0) for day in completed_years(start, until) if day < until]
        stepped, changes = stepped or bool(years), changes + years
    if stepped:
        costs = costs if calendar.costs_first else 0
        return _stepped(calendar, base, costs, sorted(changes), start, until), extrapolated
    total = base * parts
    if changes:
        total -= _spared(calendar, base, sorted(changes), start, until)
    return _half_up(total, calendar.denominator), extrapolated


def _spared(calendar, base, received, start, until):
    """Return the parts of interest that payments which settle the base spared."""
    rate, end, left, spared = calendar.rate(start), calendar.gathered(until), base, 0
    for day, _, amount in received:
        paid = min(amount, left)
        spared += paid * rate * (end - calendar.gathered(day))
        left -= paid
    return spared


def _stepped(calendar, base, costs, changes, start, until):  # noqa: PLR0913, PLR0917 figures of one debt
    """Return the interest where payments settle costs, then interest, then base; rounded half up.

    ``principal`` and ``compounded`` count parts of a ``unit``, ``accrued`` and ``total`` the calendar's parts of those.
    Where interest becomes part of what bears it, or takes a part of what is paid, the unit becomes as fine: all are
    whole.
    """
    principal, compounded, accrued, total, unit = base, 0, 0, 0, 1
    rate, before, denominator = calendar.rate(start), calendar.gathered(start), calendar.denominator
    for day, completes_year, paid in changes:
        now = calendar.gathered(day)
        interest = (principal + compounded) * (now - before) * rate
        before, total, accrued = now, total + interest, accrued + interest
        if paid:
            left = paid
            if costs:
                left, costs = max(paid - costs, 0), max(costs - paid, 0)
            left *= unit
            if compounded:
                left, compounded = max(left - compounded, 0), max(compounded - left, 0)
            accrued -= left * denominator
        if accrued < 0:
            principal = max(principal * denominator + accrued, 0)
        elif completes_year:
            principal, compounded = principal * denominator, compounded * denominator + accrued
        else:
            continue
        total, unit, accrued = total * denominator, unit * denominator, 0
    total += (principal + compounded) * (calendar.gathered(until) - before) * rate
    return _half_up(total, unit * denominator)


def _half_up(numerator, denominator):
    """Return the quotient of two whole numbers that are not negative, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _semesters(rule, table, last_day):
    """Return the first day with a rate and {semester: (first day, rate, is extrapolated)} up to ``last_day``."""
    first = start = semester_start(table.rates[0][0] if table else date(FIRST_YEAR, 1, 1))
    semesters = {}
    while start <= last_day:
        try:
            semesters[_semester(start)] = (start, *applied_rate(rule, table, start, start))
        except KernelError:  # the table starts within this semester
            first = semester_end(start) + ONE_DAY
        start = semester_end(start) + ONE_DAY
    return first, semesters


def _semester(day):
    return 2 * day.year + (day.month > 6)  # noqa: PLR2004 June ends the first semester
