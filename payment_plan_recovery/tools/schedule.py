"""Instalment schedules: a total spread over dates, exactly and in the currency's own decimals.

:func:`build_schedule` gives a whole schedule or refuses with a ``KernelError`` (its
codes are ``money.CODES``), never a schedule that is nearly right. Today is nobody's
business here: every date is an argument.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from math import ceil

from dateutil.relativedelta import relativedelta

from . import money
from .errors import KernelError
from .money import in_currency, require_positive, to_decimal
from .schedule_dates import (
    PERIODS,
    SATURDAY_SUNDAY,
    business_day,
    instalment_dates,
    require_date,
    require_increasing,
)

MAX_INSTALMENTS = 1200  # a century of months

# The inputs of each shape, of which it takes exactly one.
SHAPES = {
    "equal": (),
    "stepped": ("step_percent", "step_amount"),
    "weighted": ("weights",),
    "written": ("amounts",),
}
REBALANCE_MODES = ("next", "last", "spread")

MONTHS = range(1, 13)
WEEKDAYS = range(7)


@dataclass(frozen=True)
class Instalment:
    """``amount`` (currency) to be paid on ``date``; the down payment is number 0."""

    number: int
    date: datetime.date
    amount: Decimal
    is_down_payment: bool = False

    @property
    def key(self):
        """What :mod:`.allocation` knows the instalment by."""
        return self.number


@dataclass(frozen=True)
class ScheduleRequest:
    """The terms of a plan; amounts are in one currency of ``decimals`` decimals.

    How many instalments is settled by ``count``, by the length of ``dates``, ``weights``
    or ``amounts``, or else found: the fewest that stay within ``max_amount`` each. The
    down payment is part of ``total``, but neither counted nor bound by the maximum. Without
    a ``unit`` instalments are multiples of the currency's ``smallest`` amount.
    """

    total: Decimal
    decimals: int = 2
    count: int | None = None
    max_amount: Decimal | None = None

    # When: every period from ``start``, or on the explicit ``dates``. Every date then
    # follows the convention; all but the down payment's keep out of the paused months.
    start: datetime.date | None = None
    period: str = "month"
    dates: Sequence[datetime.date] | None = None
    end_of_month: bool = False  # a start on the last day of a month means every last day
    pauses: Collection[int] = ()  # months, 1 to 12: skipped, the count is kept
    convention: str = "none"
    holidays: Collection[datetime.date] = ()
    weekend: Collection[int] = SATURDAY_SUNDAY  # weekdays, 0 is Monday

    # How much: stepped instalments grow (or shrink) by a percentage or by an amount,
    # once every ``step_every`` instalments.
    shape: str = "equal"
    step_percent: Decimal | None = None
    step_amount: Decimal | None = None
    step_every: int = 1
    weights: Sequence[Decimal] | None = None
    amounts: Sequence[Decimal] | None = None
    unit: Decimal | None = None  # instalments are multiples of it, but for one
    smallest: Decimal | None = None  # amount of the currency, where that is not its last decimal: 0.05, 10
    remainder: str = "last"  # the one that is not: first or last; spread evens units out

    down_payment: Decimal | None = None
    down_payment_percent: Decimal | None = None  # of the total, rounded to the smallest amount
    down_payment_date: datetime.date | None = None


def build_schedule(request):
    """Return the request's instalments, the down payment first if there is one."""
    _check_terms(request)
    _check_shape(request)
    total = require_positive(in_currency(request.total, request.decimals), "total_not_positive", "total")
    down_payment = _down_payment(request, total)
    amounts = _amounts(request, total - sum(part.amount for part in down_payment))
    dates = instalment_dates(request, len(amounts))
    if down_payment and down_payment[0].date >= dates[0]:
        raise KernelError("down_payment_not_first", date=down_payment[0].date, first=dates[0])
    schedule = down_payment + tuple(
        Instalment(number, date, in_currency(amount, request.decimals))
        for number, (date, amount) in enumerate(zip(dates, amounts, strict=True), 1)
    )
    validate_schedule(schedule, total, request.decimals)
    return schedule


def validate_schedule(instalments, total, decimals):
    """Refuse a schedule that is not numbered, dated and summed as one must be."""
    regular = [part for part in instalments if not part.is_down_payment]
    _require_count(len(regular))
    numbers = [(part.number, part.is_down_payment) for part in instalments]
    first = 0 if instalments[0].is_down_payment else 1
    if numbers != [(number, number == 0) for number in range(first, len(regular) + 1)]:
        raise KernelError("numbering_wrong", numbers=[number for number, _down in numbers])
    require_increasing([require_date(part.date) for part in instalments])
    for part in instalments:
        if in_currency(part.amount, decimals) <= 0:
            raise KernelError("amount_not_positive", number=part.number, amount=part.amount)
    found = sum(to_decimal(part.amount) for part in instalments)
    if found != to_decimal(total):
        raise KernelError("amounts_do_not_sum", total=total, sum=found)


def shortest_count(total, capacity, decimals, unit=None):
    """Return the least number of instalments that pays ``total`` with none above ``capacity``.

    All but one are multiples of ``unit``.
    """
    total = require_positive(in_currency(total, decimals), "total_not_positive", "total")
    capacity = require_positive(to_decimal(capacity), "max_not_positive", "max_amount")
    unit = money.require_unit(unit, decimals)
    if capacity < unit:
        raise KernelError("max_below_unit", max_amount=capacity, unit=unit)
    largest = money.round_to_unit(capacity, unit, ROUND_FLOOR)
    beyond_the_odd_one = max(total - capacity, 0)
    return _require_count(1 + ceil(beyond_the_odd_one / largest))


def count_within(request, months):
    """Return how many of the request's instalments are due within ``months`` of the first one.

    The request names their number, which is the most returned.
    """
    _check_terms(request)
    dates = instalment_dates(request, _require_count(request.count))
    latest = dates[0] + relativedelta(months=months)
    return sum(date <= latest for date in dates)


def rebalance(  # noqa: PLR0913
    instalments, index, new_amount=None, new_date=None, mode="next", *, decimals, unit=None, locked=0
):
    """Return the schedule with one instalment edited and its total kept.

    The difference goes to the ``next`` instalment, to the ``last``, or is ``spread`` over
    all later ones in proportion to their amounts, in multiples of ``unit``. The first
    ``locked`` instalments are paid: they can no longer change. A new date moves that
    instalment alone, between its neighbours.
    """
    money.require_choice("mode", mode, REBALANCE_MODES)
    instalments = tuple(instalments)
    if not 0 <= index < len(instalments):
        raise KernelError("index_out_of_range", index=index)
    old = instalments[index]
    if index < locked:
        raise KernelError("instalment_locked", number=old.number)
    amount = old.amount if new_amount is None else in_currency(new_amount, decimals)
    edited = replace(old, amount=amount, date=new_date or old.date)
    unit = money.require_unit(unit, decimals)
    later = _absorb(edited, instalments[index + 1 :], old.amount - amount, mode, unit)
    result = (*instalments[:index], edited, *later)
    validate_schedule(result, sum(part.amount for part in instalments), decimals)
    return result


def _absorb(edited, later, difference, mode, unit):
    if not difference:
        return later
    if not later:
        raise KernelError("no_later_instalment", number=edited.number)
    amounts = [part.amount for part in later]
    if mode == "spread":
        amounts = money.split_by_weights(sum(amounts) + difference, amounts, unit, "spread")
    else:
        amounts[0 if mode == "next" else -1] += difference
    changed = tuple(replace(part, amount=amount) for part, amount in zip(later, amounts, strict=True))
    for part in changed:
        if part.amount <= 0:
            raise KernelError("later_not_positive", number=part.number, amount=part.amount)
    return changed


# ---------------------------------------------------------------- how much


def _amounts(request, total):
    """Return what each instalment pays of ``total``, the down payment being off it."""
    count = _settled_count(request)
    if request.shape == "written":
        return request.amounts
    unit = _unit(request)
    if count is None:
        return _amounts_within_maximum(request, total, unit)
    if total < (count - 1) * unit + money.quantum(request.decimals):
        raise KernelError("total_too_small", total=total, count=count, unit=unit)
    shares = _shares(request, total, count)
    if request.shape == "stepped" and min(shares) <= 0:
        raise KernelError("step_too_steep", step=request.step_amount)
    amounts = money.settle(shares, total, unit, request.remainder)
    _require_worth_paying(amounts, unit, odd_one=1 if request.remainder == "first" else count)
    return amounts


def _settled_count(request):
    """Return how many instalments the request names, or None if a maximum amount must tell."""
    lists = (request.dates, request.weights, request.amounts)
    counts = [len(listed) for listed in lists if listed is not None]
    if request.count is not None:
        counts.append(_require_count(request.count))
    maximum = request.max_amount
    if bool(counts) == (maximum is not None):
        raise KernelError("count_or_max_amount", count=max(counts, default=None), max_amount=maximum)
    if len(set(counts)) > 1:
        raise KernelError("count_mismatch", counts=counts)
    return _require_count(counts[0]) if counts else None


def _amounts_within_maximum(request, total, unit):
    """Return the fewest amounts of the request's shape that stay within its maximum."""
    maximum = to_decimal(request.max_amount)
    for count in range(shortest_count(total, maximum, request.decimals, unit), MAX_INSTALMENTS + 1):
        shares = _shares(request, total, count)
        if max(shares) < maximum + unit:
            for amounts in (
                money.settle(shares, total, unit, request.remainder),
                money.settle_below(maximum, shares, total, unit, request.remainder),
            ):
                if min(amounts) > 0 and max(amounts) <= maximum:
                    return amounts
    raise KernelError("max_unreachable", max_amount=maximum)


def _shares(request, total, count):
    """Return the exact share of each instalment, which the rounding unit has yet to meet."""
    if request.step_amount is not None:
        step = to_decimal(request.step_amount)
        rises = [step * (number // request.step_every) for number in range(count)]
        first = (total - sum(rises)) / count
        return [first + rise for rise in rises]
    if request.step_percent is not None:
        growth = 1 + to_decimal(request.step_percent) / 100
        weights = [growth ** (number // request.step_every) for number in range(count)]
    else:
        weights = [to_decimal(weight) for weight in request.weights or [1] * count]
    return money.shares_by_weights(total, weights)


def _require_worth_paying(amounts, unit, odd_one):
    for number, amount in enumerate(amounts, 1):
        if amount <= 0 and number == odd_one:
            raise KernelError("remainder_not_positive", number=number, amount=amount)
        if amount <= 0:
            raise KernelError("instalment_below_unit", number=number, unit=unit)


def _down_payment(request, total):
    """Return the down payment as a tuple of one instalment, or of none."""
    stated, percent = request.down_payment, request.down_payment_percent
    if stated is None and percent is None:
        return ()
    if stated is not None and percent is not None:
        raise KernelError("down_payment_twice")
    if percent is None:
        amount = in_currency(stated, request.decimals)
    else:
        amount = money.round_to_unit(total * to_decimal(percent) / 100, _smallest(request))
    require_positive(amount, "down_payment_not_positive", "amount")
    if amount >= total:
        raise KernelError("down_payment_too_large", amount=amount, total=total)
    if request.down_payment_date is None:
        raise KernelError("down_payment_date_missing")
    # Agreed for itself, it is kept in a paused month; only the office must be open.
    date = require_date(request.down_payment_date)
    date = business_day(date, request.convention, request.holidays, request.weekend)
    return (Instalment(0, date, amount, is_down_payment=True),)


def _smallest(request):
    return money.require_unit(request.smallest, request.decimals)


def _unit(request):
    """Return what instalments are multiples of: never less than the currency's smallest amount."""
    return max(money.require_unit(request.unit, request.decimals), _smallest(request))


def _check_terms(request):
    money.require_choice("period", request.period, PERIODS)
    money.require_choice("shape", request.shape, SHAPES)
    for month in request.pauses:
        money.require_choice("month", month, MONTHS)
    for weekday in request.weekend:
        money.require_choice("weekday", weekday, WEEKDAYS)
    for holiday in request.holidays:
        require_date(holiday)
    if not money.is_whole(request.step_every) or request.step_every < 1:
        raise KernelError("step_invalid", step_every=request.step_every)


def _check_shape(request):
    own = SHAPES[request.shape]
    given = [name for names in SHAPES.values() for name in names if getattr(request, name) is not None]
    if len(given) != bool(own) or not set(given) <= set(own):
        raise KernelError("shape_inputs_wrong", shape=request.shape, given=given)
    if request.step_percent is not None and 1 + to_decimal(request.step_percent) / 100 <= 0:
        raise KernelError("step_too_steep", step=request.step_percent)


def _require_count(count):
    if not money.is_whole(count):
        raise KernelError("count_not_whole", count=count)
    require_positive(count, "count_not_positive", "count")
    if count > MAX_INSTALMENTS:
        raise KernelError("too_many_instalments", count=count, maximum=MAX_INSTALMENTS)
    return count
