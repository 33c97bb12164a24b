"""What lateness costs: interest on an overdue debt, from a declared rule and dated rates.

Amounts are in the debt's currency, rates in percent per year, margins in
percentage points. The mechanics are here; every figure of a law comes in as data.

The due date itself bears no interest and the day of payment does, so that the
number of days is the payment date less the due date. Everything in between is an
exact fraction; the total is rounded once, at the end, in the currency's decimals.
"""

from calendar import isleap
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction

from .money import in_currency, round_money
from .rates import ALLOCATIONS, ONE_DAY, applied_rate, in_scope, require_day, require_not_negative

# Fractions are shown with more digits than any rounding looks at.
SHOWN = Context(prec=40)
FEBRUARY, LEAP_DAY = 2, 29


@dataclass(frozen=True)
class Segment:
    """A line of the working: ``base * rate * days / (100 * year_days)``, not rounded.

    ``date_from`` and ``date_to`` are its first and last day of interest.
    """

    date_from: date
    date_to: date
    days: int
    base: Decimal
    rate: Decimal
    year_days: int
    rate_extrapolated: bool
    amount_unrounded: Decimal


@dataclass(frozen=True)
class Interest:
    """What lateness cost up to a day, and what is still owed then.

    The parts agree to the cent: principal + costs owed + ``total`` - payments =
    ``outstanding`` - ``overpaid``. ``rate_extrapolated`` tells that some day lay past
    the last known rate and used it.
    """

    total: Decimal
    amount_unrounded: Decimal
    segments: tuple[Segment, ...]
    rate_extrapolated: bool
    outstanding_principal: Decimal
    unpaid_interest: Decimal
    unpaid_costs: Decimal
    overpaid: Decimal

    @property
    def outstanding(self):
        """Everything still owed: principal, interest and costs."""
        return self.outstanding_principal + self.unpaid_interest + self.unpaid_costs


def interest(  # noqa: PLR0913
    rule,
    table,
    principal,
    due_date,
    until,
    *,
    payments=(),
    notice_date=None,
    decimals=2,
    is_company=True,
    costs=0,
    raised_after=None,
):
    """Return the :class:`Interest` that ``principal`` bore from ``due_date`` to ``until``, with its working.

    ``principal`` includes VAT. ``payments`` are ``(day, amount)``; those after ``until``
    are not looked at, those before interest runs settle principal. ``costs`` are the
    fixed sums owed from the moment interest runs: payments settle them in the rule's
    order. ``table`` may be ``None`` for a fixed rate. ``notice_date`` is the formal
    notice's, without which a rule that waits for it bears nothing. From the day after
    ``raised_after`` on, the rule's ``judgment_points`` come on top of the rate.
    """
    until = require_day("until", until)
    start = _start(rule, require_day("due_date", due_date), notice_date)
    principal = _amount("principal", principal, decimals)
    costs = _amount("costs", costs, decimals)
    received = _by_day(payments, until, decimals)

    debt = _Debt(rule, table, principal, in_scope(rule.scope, is_company))
    debt.raised_after = (rule.judgment_points and raised_after) or None
    debt.pay(sum(amount for day, amount in received.items() if start is None or day <= start))
    charged = Decimal(0)
    if start and start < until:
        charged = debt.charge(costs)
        debt.run(start, until, received)
    return _summary(debt, principal + charged - sum(received.values()), decimals)


class _Debt:
    """What is owed as the days go by, in exact fractions."""

    def __init__(self, rule, table, principal, bears_interest):
        self.rule = rule
        self.table = table
        self.bears_interest = bears_interest
        self.owed = {"costs": 0, "compounded": 0, "accrued": 0, "principal": Fraction(principal)}
        self.working = []
        self.raised_after = None

    @property
    def base(self):
        """The amount that bears interest."""
        return self.owed["principal"] + self.owed["compounded"]

    @property
    def interest(self):
        """The interest not paid yet."""
        return self.owed["compounded"] + self.owed["accrued"]

    def pay(self, amount):
        """Settle what ``amount`` reaches, in the rule's order."""
        left = Fraction(amount)
        for part in ALLOCATIONS[self.rule.allocation]:
            paid = min(left, self.owed[part])
            self.owed[part] -= paid
            left -= paid

    def charge(self, costs):
        """Owe ``costs`` if any debt is left to collect, and return what was charged."""
        charged = costs if self.owed["principal"] else Decimal(0)
        self.owed["costs"] += Fraction(charged)
        return charged

    def run(self, start, until, received):
        """Let the days from ``start`` to ``until`` pass, stopping wherever something changes."""
        anniversaries = _anniversaries(self.rule, start, until)
        paid_days = {day for day in received if day > start}
        first_day = first = start + ONE_DAY
        raised = {self.raised_after} if self.raised_after and start < self.raised_after < until else set()
        for last in sorted({until} | anniversaries | paid_days | raised | _semester_ends(start, until)):
            self.accrue(first_day, first, last)
            self.pay(received.get(last, 0))
            if last in anniversaries:
                self.compound()
            first = last + ONE_DAY

    def accrue(self, first_day, first, last):
        """Bear interest from ``first`` to ``last``, days of one semester."""
        if not (self.bears_interest and self.base):
            return
        rate, extrapolated = applied_rate(self.rule, self.table, last, first_day)
        if self.raised_after and first > self.raised_after:
            rate += self.rule.judgment_points
        line = _Line(first, last, self.base, rate, self.rule.day_count, extrapolated)
        self.owed["accrued"] += line.amount
        if self.working and self.working[-1].continues_in(line):
            self.working[-1].last = last
        else:
            self.working.append(line)

    def compound(self):
        """Make the interest of the past year bear interest (NL BW 6:119 (2), FR C. civ. 1343-2)."""
        self.owed["compounded"] += self.owed["accrued"]
        self.owed["accrued"] = 0


@dataclass
class _Line:
    """Days in a row on which base, rate and length of the year are the same."""

    first: date
    last: date
    base: Fraction
    rate: Decimal
    day_count: str
    extrapolated: bool

    @property
    def days(self):
        return day_number(self.day_count, self.last) - day_number(self.day_count, self.first - ONE_DAY)

    @property
    def year_days(self):
        return year_days(self.day_count, self.last)

    @property
    def amount(self):
        return self.base * Fraction(self.rate) * self.days / (100 * self.year_days)

    def continues_in(self, line):
        mine = (self.base, self.rate, self.year_days, self.extrapolated)
        return mine == (line.base, line.rate, line.year_days, line.extrapolated)

    def segment(self):
        return Segment(
            date_from=self.first,
            date_to=self.last,
            days=self.days,
            base=_shown(self.base),
            rate=self.rate,
            year_days=self.year_days,
            rate_extrapolated=self.extrapolated,
            amount_unrounded=_shown(self.amount),
        )


def _summary(debt, balance, decimals):
    """Round the total once and fit the parts to it, so that they add up to the cent.

    ``balance`` is principal and costs less payments: below zero once paid too much.
    """
    accrued = _shown(sum((line.amount for line in debt.working), Fraction(0)))
    total = round_money(accrued, decimals)
    unpaid_interest = round_money(_shown(debt.interest), decimals)
    unpaid_costs = round_money(_shown(debt.owed["costs"]), decimals)
    owed = max(balance + total, Decimal(0))
    return Interest(
        total=total,
        amount_unrounded=accrued,
        # 30/360 gives the 31st of a month no day of its own
        segments=tuple(line.segment() for line in debt.working if line.days),
        rate_extrapolated=any(line.extrapolated for line in debt.working),
        outstanding_principal=round_money(owed - unpaid_interest - unpaid_costs, decimals),
        unpaid_interest=unpaid_interest,
        unpaid_costs=unpaid_costs,
        overpaid=round_money(owed - balance - total, decimals),
    )


def _start(rule, due_date, notice_date):
    """Return the day after which interest runs, None while a formal notice is awaited."""
    if rule.start == "day_after_due":
        return due_date
    return max(due_date, require_day("notice_date", notice_date)) if notice_date else None


def _semester_ends(start, until):
    """Return the last days of the semesters between both days; they end every year as well."""
    ends = (date(year, *end) for year in range(start.year, until.year + 1) for end in ((6, 30), (12, 31)))
    return {end for end in ends if start < end < until}


def _anniversaries(rule, start, until):
    """Return the days that complete a year of interest."""
    if rule.compounding == "none":
        return set()
    return set(completed_years(start, until))


def completed_years(start, until):
    """Yield the days up to ``until`` that complete a year since ``start``, 28 February for the 29th."""
    for year in range(start.year + 1, until.year + 1):
        leaps = start.month == FEBRUARY and start.day == LEAP_DAY
        day = start.replace(year=year, day=28) if leaps and not isleap(year) else start.replace(year=year)
        if day <= until:
            yield day


def day_number(day_count, day):
    """Number the days so that a period's length is a difference, whatever the day count.

    30/360 is 30E/360: every month counts 30 days, the 31st counts as the 30th, and a
    period that ends with February ends on the day it does.
    """
    if day_count == "30/360":
        return 360 * day.year + 30 * day.month + min(day.day, 30)
    return day.toordinal()


def year_days(day_count, day):
    """Return the days of the year a day's interest is divided by; its own year's for act/act."""
    if day_count == "act/act":
        return date(day.year, 12, 31).timetuple().tm_yday
    return 360 if day_count == "30/360" else 365


def _by_day(payments, until, decimals):
    """Sum the payments of each day up to ``until``."""
    received = defaultdict(Decimal)
    for day, amount in payments:
        if require_day("payment_date", day) <= until:
            received[day] += _amount("payment", amount, decimals)
    return received


def _amount(name, value, decimals):
    return in_currency(require_not_negative(name, value), decimals)


def _shown(fraction):
    return SHOWN.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
