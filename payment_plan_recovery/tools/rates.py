"""The rate a late payer owes on a day: dated reference rates and the rule that prices them.

Rates are in percent per year, margins in percentage points. The mechanics are here;
every figure of a law comes in as data.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise

from .errors import KernelError
from .money import require_choice, round_to_unit, to_decimal

# Every code that rates, interest and collection_fee raise besides those of money, with the
# names of its figures.
CODES = {
    "negative": ("name", "value"),  # an amount, a margin, a floor or a fixed rate below zero
    "not_positive": ("name", "value"),  # a multiplier or a rounding step of zero or less
    "date_missing": ("name",),  # due date, end, payment date or the first day of a rate
    "date_invalid": ("date",),  # not a plain date of the years 1900 to 2999
    "fixed_rate_missing": (),  # a fixed rule without its rate
    "rates_missing": (),  # no table, or an empty one, for a rule that follows rates
    "rate_duplicate": ("date",),  # two rates from the same day
    "rate_period_empty": ("date",),  # a rate that ends before it starts
    "rate_overlap": ("date",),  # a rate starts before the preceding one ends
    "rate_gap": ("date",),  # no rate from this day until the next one starts
    "rate_unknown": ("date", "first"),  # before the first known rate
    "tiers_missing": (),  # a fixed sum by tiers without any
    "tier_gap": ("start",),  # the first tier starts above zero, here
    "tier_duplicate": ("start",),  # two tiers from the same amount
    "minimum_above_maximum": ("minimum", "maximum"),  # no fixed sum fits both
}

RATE_MODES = ("semester", "locked", "fixed")
DAY_COUNTS = ("act/365", "act/act", "30/360")
COMPOUNDINGS = ("none", "yearly")
STARTS = ("day_after_due", "formal_notice")
SCOPES = ("b2b", "b2c", "all")
RATE_ROUNDINGS = {"none": None, "up": ROUND_CEILING, "nearest": ROUND_HALF_UP, "down": ROUND_FLOOR}

# What a payment settles, in turn. Compounded interest goes before the accrued one: it is
# older, and more onerous since it bears interest itself. FR C. civ. 1343-1 names interest only: the
# fixed sum stays apart.
ALLOCATIONS = {
    "interest_first": ("costs", "compounded", "accrued", "principal"),  # DE BGB 367, NL BW 6:44
    "interest_apart": ("compounded", "accrued", "principal", "costs"),  # FR C. civ. 1343-1
    "principal_first": ("principal", "compounded", "accrued", "costs"),
}

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1900, 2999
JULY = 7


@dataclass(frozen=True)
class RateTable:
    """Reference rates in percent per year, as ``(first day, rate)``, kept sorted by day.

    ``known_until`` is the last day the table vouches for: by default the end of the
    semester its last rate starts in. Beyond it the last rate goes on, flagged.
    """

    rates: tuple
    known_until: date | None = None

    def __post_init__(self):
        rates = tuple(sorted((require_day("rate_from", day), to_decimal(rate)) for day, rate in self.rates))
        if not rates:
            raise KernelError("rates_missing")
        for (day, _), (following, _) in pairwise(rates):
            if day == following:
                raise KernelError("rate_duplicate", date=day)
        object.__setattr__(self, "rates", rates)
        known_until = self.known_until or semester_end(rates[-1][0])
        object.__setattr__(self, "known_until", require_day("known_until", known_until))

    @classmethod
    def from_periods(cls, periods):
        """Build the table from ``(first day, last day, rate)``; only the last period may stay open."""
        periods = sorted(periods, key=lambda period: require_day("rate_from", period[0]))
        for start, end, _ in periods:
            if end and require_day("rate_until", end) < start:
                raise KernelError("rate_period_empty", date=start)
        for (start, end, _), (following, _, _) in pairwise(periods):
            if start == following:
                raise KernelError("rate_duplicate", date=start)
            if not end or end >= following:
                raise KernelError("rate_overlap", date=following)
            if end + ONE_DAY < following:
                raise KernelError("rate_gap", date=end + ONE_DAY)
        known_until = periods[-1][1] if periods else None
        return cls(tuple((start, rate) for start, _, rate in periods), known_until or None)

    def on(self, day):
        """Return the reference rate in force on ``day``."""
        position = bisect_right(self.rates, day, key=lambda entry: entry[0])
        if not position:
            raise KernelError("rate_unknown", date=day, first=self.rates[0][0])
        return self.rates[position - 1][1]


@dataclass(frozen=True)
class InterestRule:
    """How lateness is priced: ``reference * multiplier + margin``, rounded, never below ``floor``.

    ``rate_mode`` says which reference rate applies to a day:

    - ``semester``: that of 1 January for the first half of the year, of 1 July for the
      second (FR C. com. L441-10, DE BGB 247, BE, NL);
    - ``locked``: the one its first day of interest found, for the whole delay (UK);
    - ``fixed``: ``fixed_rate`` (CH CO 104, a contract's rate).

    ``rate_rounding`` brings the rate to a multiple of ``rate_step``. ``start`` is the day
    after the due date, or the day after the formal notice. ``scope`` names the debtors
    who pay interest at all: companies (``b2b``), consumers (``b2c``) or both.
    ``judgment_points`` come on top some time after a judgment (FR CMF L313-3).
    """

    rate_mode: str = "semester"
    margin: Decimal = Decimal(0)
    multiplier: Decimal = Decimal(1)
    fixed_rate: Decimal | None = None
    floor: Decimal = Decimal(0)
    rate_rounding: str = "none"
    rate_step: Decimal = Decimal("0.5")
    day_count: str = "act/365"
    compounding: str = "none"
    start: str = "day_after_due"
    allocation: str = "interest_first"
    scope: str = "all"
    judgment_points: Decimal = Decimal(0)

    def __post_init__(self):
        require_choice("rate_mode", self.rate_mode, RATE_MODES)
        require_choice("rate_rounding", self.rate_rounding, RATE_ROUNDINGS)
        require_choice("day_count", self.day_count, DAY_COUNTS)
        require_choice("compounding", self.compounding, COMPOUNDINGS)
        require_choice("start", self.start, STARTS)
        require_choice("allocation", self.allocation, ALLOCATIONS)
        require_choice("scope", self.scope, SCOPES)
        for name in ("margin", "floor", "judgment_points"):
            object.__setattr__(self, name, require_not_negative(name, getattr(self, name)))
        for name in ("multiplier", "rate_step"):
            object.__setattr__(self, name, require_positive(name, getattr(self, name)))
        if self.rate_mode == "fixed":
            if self.fixed_rate is None:
                raise KernelError("fixed_rate_missing")
            object.__setattr__(self, "fixed_rate", require_not_negative("fixed_rate", self.fixed_rate))


def applied_rate(rule, table, day, first_day):
    """Return the rate due for ``day``, and whether it lies past the last known reference rate.

    ``first_day`` is the first day of interest, the one a locked rate looks at. The
    reference rate is looked up on the first day of the semester; a locked one too, for
    UK SI 2002/1675 takes the rate that 31 December or 30 June hands over to it.
    """
    if rule.rate_mode == "fixed":
        return _priced(rule, rule.fixed_rate), False
    if table is None:
        raise KernelError("rates_missing")
    semester = semester_start(first_day if rule.rate_mode == "locked" else day)
    return _priced(rule, table.on(semester)), semester > table.known_until


def legal_minimum_warning(contract_rate, legal_rate, multiple=1):
    """Tell whether a contract's rate is below ``multiple`` times the legal one, None if that is unknown.

    FR C. com. L441-10 asks for three times the legal rate. A warning and no more: the
    contract's rate stays.
    """
    if legal_rate is None:
        return None
    return to_decimal(contract_rate) < to_decimal(legal_rate) * require_positive("multiple", multiple)


def in_scope(scope, is_company):
    """Tell whether a rule of this scope concerns a company (or else a consumer)."""
    return scope in ("all", "b2b" if is_company else "b2c")


def semester_start(day):
    """Return 1 January or 1 July of the semester ``day`` lies in."""
    return day.replace(month=1 if day.month < JULY else JULY, day=1)


def semester_end(day):
    """Return 30 June or 31 December of the semester ``day`` lies in."""
    return day.replace(month=6, day=30) if day.month < JULY else day.replace(month=12, day=31)


def _priced(rule, reference):
    """Turn a reference rate into the rule's, rounded to its step and held at its floor."""
    rate = reference * rule.multiplier + rule.margin
    rounding = RATE_ROUNDINGS[rule.rate_rounding]
    if rounding:
        rate = round_to_unit(rate, rule.rate_step, rounding)
    return max(rate, rule.floor)


def require_not_negative(name, value):
    """Return ``value`` as a Decimal of zero or more."""
    number = to_decimal(value)
    if number < 0:
        raise KernelError("negative", name=name, value=number)
    return number


def require_positive(name, value):
    """Return ``value`` as a Decimal above zero."""
    number = to_decimal(value)
    if number <= 0:
        raise KernelError("not_positive", name=name, value=number)
    return number


def require_day(name, value):
    """Return ``value`` if it is a plain date; ``False``, as records have it, is none."""
    if not value:
        raise KernelError("date_missing", name=name)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise KernelError("date_invalid", date=value)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise KernelError("date_invalid", date=value)
    return value
