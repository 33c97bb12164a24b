"""The interest of many debts under few rules: the kernel's figures without their working, in whole numbers.

What one unit of debt gathers under a rule by each day is a calendar, made once for all debts. Interest from one
day to another is then base times a difference, divided once. Amounts are in the currency's smallest unit, rates
and the parts of a year are brought to a common denominator: nothing is rounded before the end.
"""

from datetime import date

from .errors import KernelError
from .interest import completed_years, day_number, year_days
from .rates import FIRST_YEAR, ONE_DAY, applied_rate, semester_end, semester_start

#: A number that the days of every year divide, by day count.
YEAR = {"act/365": 365, "act/act": 365 * 366, "30/360": 360}


class Calendar:
    """What a unit of debt gathers under a rule, by the end of each day up to ``last_day``.

    Interest of ``base`` from ``start`` to ``until``, the first day not counted, is
    ``base * rate(start) * (gathered(until) - gathered(start)) / denominator``. The rate is one for a rule whose
    calendar gathers rates; a locked one is that of its first day of interest, and its calendar counts days.
    """

    def __init__(self, rule, table, last_day):
        self.rule = rule
        self.is_locked = rule.rate_mode == "locked"
        self.first_day, self._semesters = _semesters(rule, table, last_day)
        digits = max((-rate.as_tuple().exponent for _, rate, _ in self._semesters.values()), default=0)
        self._scale = 10 ** max(digits, 0)
        self.denominator = 100 * YEAR[rule.day_count] * self._scale
        self._pieces = self._gather()
        self._gathered = {self.first_day - ONE_DAY: 0}

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


def bulk_interest(calendar, base, start, until, received=(), costs=0):  # noqa: PLR0913 figures of one debt
    """Return the interest of ``base`` from the day after ``start`` to ``until``, rounded half up.

    ``received`` are ``(day, amount)``; those up to ``start`` are deducted from ``base`` already. ``costs`` are
    the fixed sums owed from the first day of interest. Raises KernelError where a rate is not known.
    """
    rate = calendar.rate(start)
    rule = calendar.rule
    received = [(day, amount) for day, amount in received if start < day < until]
    years = list(completed_years(start, until)) if rule.compounding == "yearly" else []
    if years and years[0] < until or received and rule.allocation == "interest_first":
        return _half_up(*_stepped(calendar, rate, base, costs, _changes(received, years), start, until))
    end = calendar.gathered(until)
    total, left = base * (end - calendar.gathered(start)), base
    for day, amount in sorted(received):
        paid = min(amount, left)
        total -= paid * (end - calendar.gathered(day))
        left -= paid
    return _half_up(rate * total, calendar.denominator)


def _changes(received, years):
    """Return [day, amount received, whether it completes a year] by day."""
    changes = {}
    for day, amount in received:
        changes.setdefault(day, [day, 0, False])[1] += amount
    for day in years:
        changes.setdefault(day, [day, 0, False])[2] = True
    return sorted(changes.values())


def _stepped(calendar, rate, base, costs, changes, start, until):  # noqa: PLR0913
    """Return the exact interest as (numerator, denominator): payments settle costs, then interest, then base.

    Every step multiplies all amounts by the calendar's denominator, so that they stay whole.
    """
    principal, compounded, accrued, total, unit = base, 0, 0, 0, 1
    before, denominator = calendar.gathered(start), calendar.denominator
    for day, paid, completes_year in [*changes, (until, 0, False)]:
        if day > until:
            break
        now = calendar.gathered(day)
        interest = (principal + compounded) * (now - before) * rate
        before, unit = now, unit * denominator
        principal, compounded, costs = principal * denominator, compounded * denominator, costs * denominator
        accrued, total = accrued * denominator + interest, total * denominator + interest
        if paid:
            left = paid * unit
            costs, left = _settle(costs, left)
            compounded, left = _settle(compounded, left)
            accrued, left = _settle(accrued, left)
            principal, left = _settle(principal, left)
        if completes_year:
            compounded, accrued = compounded + accrued, 0
    return total, unit


def _settle(owed, left):
    """Return what stays owed, and what is left of a payment, once it settled ``owed``."""
    return (owed - left, 0) if left < owed else (0, left - owed)


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
