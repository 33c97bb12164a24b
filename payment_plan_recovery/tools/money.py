"""Exact money: the project's one way to read, round and split an amount.

Amounts are :class:`~decimal.Decimal` figures in some currency, which the kernel
knows only by its number of ``decimals`` (0 for JPY, 2 for EUR, 3 for TND). They
stay below ``MAX_AMOUNT``, so that sums of them are exact in Decimal's default
28 digits.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import accumulate, pairwise

from .errors import KernelError

MAX_AMOUNT = Decimal(10) ** 15
MAX_DECIMALS = 4

# A float carries 15 decimal digits faithfully; one that needs more to be written
# is the trace of float arithmetic (0.1 + 0.2), not an amount somebody agreed to.
FLOAT_DIGITS = 15

REMAINDERS = ("first", "last", "spread")

# Every code that money, schedule and allocation raise, with the names of its figures.
CODES = {
    # amounts
    "not_a_number": ("value",),  # neither a Decimal, an int, a float nor a text of digits
    "not_finite": ("value",),  # NaN or infinity
    "binary_dust": ("value",),  # a float that float arithmetic left unrounded
    "amount_too_large": ("value",),  # MAX_AMOUNT or more
    "amount_too_precise": ("amount", "decimals"),  # finer than the currency
    "decimals_out_of_range": ("decimals",),  # not a whole number from 0 to MAX_DECIMALS
    "unit_not_positive": ("unit",),  # rounding to multiples of zero or less
    "weights_not_positive": ("weights",),  # a negative weight, or none above zero
    "unknown_choice": ("name", "value"),  # period, shape, remainder, month (1 to 12)...
    # how many instalments
    "total_not_positive": ("total",),
    "count_or_max_amount": ("count", "max_amount"),  # neither, or a maximum where the number is settled
    "count_not_whole": ("count",),
    "count_not_positive": ("count",),
    "too_many_instalments": ("count", "maximum"),
    "count_mismatch": ("counts",),  # count, dates, weights and amounts disagree
    "max_not_positive": ("max_amount",),
    "max_below_unit": ("max_amount", "unit"),
    "max_unreachable": ("max_amount",),  # no number of instalments keeps this shape below it
    # how much each
    "shape_inputs_wrong": ("shape", "given"),  # a shape takes its own input, exactly one, and no other's
    "step_invalid": ("step_every",),  # instalments per step: a whole number from 1
    "step_too_steep": ("step",),  # would shrink an instalment to nothing
    "total_too_small": ("total", "count", "unit"),  # less than one unit for each
    "instalment_below_unit": ("number", "unit"),  # a share that rounds to nothing
    "remainder_not_positive": ("number", "amount"),  # rounding the others leaves it nothing
    "amount_not_positive": ("number", "amount"),
    "amounts_do_not_sum": ("total", "sum"),
    # down payment
    "down_payment_twice": (),  # both an amount and a percentage
    "down_payment_not_positive": ("amount",),
    "down_payment_too_large": ("amount", "total"),  # nothing left to pay by instalments
    "down_payment_date_missing": (),
    "down_payment_not_first": ("date", "first"),  # not before the first instalment
    # when
    "start_missing": (),
    "date_invalid": ("date",),  # not a plain date of the years 1900 to 2999
    "dates_not_increasing": ("date", "previous"),  # disorder or duplicate
    "dates_collapse": ("date", "previous"),  # two instalments moved to the same business day
    "no_month_left": ("pauses",),  # every month the period reaches is paused
    "date_in_pause": ("date",),  # a date given by hand in a paused month
    "no_business_day": ("date",),  # none within a year, or only in a paused month
    # an existing schedule
    "numbering_wrong": ("numbers",),  # not 1, 2, 3..., with the down payment as 0
    "index_out_of_range": ("index",),
    "instalment_locked": ("number",),  # already paid
    "no_later_instalment": ("number",),  # nothing to take the difference
    "later_not_positive": ("number", "amount"),  # the difference uses up a later instalment
    # received money
    "duplicate_key": ("key",),  # the same instalment or receipt twice
}


#: Steps of a coarse scale between 1 and 10, each a fifth to a third above the one before.
STEPS = tuple(map(Decimal, ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8")))


def to_decimal(value):
    """Return ``value`` as an exact Decimal.

    A float stands for the shortest text that denotes it: ``0.1`` is one tenth.
    One that carries the dust of binary arithmetic is refused; round it first.
    """
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, float, str)):
        raise KernelError("not_a_number", value=value)
    try:
        amount = Decimal(float.__repr__(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise KernelError("not_a_number", value=value) from None
    if not amount.is_finite():
        raise KernelError("not_finite", value=value)
    if isinstance(value, float) and len(amount.normalize().as_tuple().digits) > FLOAT_DIGITS:
        raise KernelError("binary_dust", value=value)
    if not -MAX_AMOUNT < amount < MAX_AMOUNT:
        raise KernelError("amount_too_large", value=value)
    return amount


def is_whole(number):
    """Tell whether ``number`` counts things: an int, which True is not here."""
    return isinstance(number, int) and not isinstance(number, bool)


def quantum(decimals):
    """Return the smallest amount of a currency: ``Decimal("0.01")`` for 2 decimals."""
    if not is_whole(decimals) or not 0 <= decimals <= MAX_DECIMALS:
        raise KernelError("decimals_out_of_range", decimals=decimals)
    return Decimal(1).scaleb(-decimals)


def coarse(amount):
    """Return the highest step of a coarse scale that is at most ``amount``; 0 below every step.

    Steps are those of :data:`STEPS` at every power of ten: enough to negotiate by, too few to find out the amount.
    """
    exact = to_decimal(amount)
    if exact <= 0:
        return 0.0
    power = Decimal(1).scaleb(exact.adjusted())
    return float(max(step * power for step in STEPS if step * power <= exact))


def round_money(amount, decimals):
    """Round ``amount`` to the currency's decimals, ties away from zero."""
    rounded = to_decimal(amount).quantize(quantum(decimals), ROUND_HALF_UP)
    return rounded + 0  # no negative zero


def in_currency(amount, decimals):
    """Return ``amount`` written in the currency's decimals, refused if that would round it."""
    exact = to_decimal(amount)
    written = round_money(exact, decimals)
    if written != exact:
        raise KernelError("amount_too_precise", amount=amount, decimals=decimals)
    return written


def require_positive(amount, code, name):
    """Return ``amount`` if it is above zero, or refuse it as ``code`` with itself as figure ``name``."""
    if amount <= 0:
        raise KernelError(code, **{name: amount})
    return amount


def require_unit(unit, decimals):
    """Return the rounding unit, a multiple of the quantum, which is the default."""
    if unit is None:
        return quantum(decimals)
    return require_positive(in_currency(unit, decimals), "unit_not_positive", "unit")


def require_choice(name, value, choices):
    """Return ``value`` if it is one of ``choices``."""
    if value not in choices:
        raise KernelError("unknown_choice", name=name, value=value)
    return value


def round_to_unit(amount, unit, rounding=ROUND_HALF_UP):
    """Round ``amount`` to a multiple of ``unit`` (10, 0.05), ties away from zero."""
    return (amount / unit).quantize(Decimal(1), rounding) * unit


def settle(shares, total, unit, remainder="last"):
    """Round ``shares`` of ``total`` to multiples of ``unit`` that sum to it exactly.

    ``first`` and ``last`` round every other share to the nearest multiple and give
    that one whatever is left, possibly nothing or less: the caller judges. ``spread``
    hands the left units out one by one to the shares that rounding down cut most,
    so that none is a whole unit off; only what is no whole unit goes to the last.
    """
    require_choice("remainder", remainder, REMAINDERS)
    if remainder == "spread":
        parts = _spread_units(shares, total, unit)
    else:
        parts = [round_to_unit(share, unit) for share in shares]
    parts[0 if remainder == "first" else -1] += total - sum(parts)
    return parts


def settle_below(maximum, shares, total, unit, remainder="last"):
    """Like :func:`settle`, but round every share up as far as ``maximum`` allows.

    To the nearest, many shares rounded down would heap more than the maximum on the one
    that takes the remainder; rounded up, they leave it the least.
    """
    highest = round_to_unit(maximum, unit, ROUND_FLOOR)
    rounded_up = [min(round_to_unit(share, unit, ROUND_CEILING), highest) for share in shares]
    return settle(rounded_up, total, unit, "first" if remainder == "first" else "last")


def settle_running(shares, total, unit):
    """Round ``shares`` of ``total`` to multiples of ``unit``: up to each the sum is that of the shares, rounded.

    Whoever adds them up to a day finds the sum that was rounded for that day; no part is more than a unit off its
    share. The last sum is ``total``, whatever that was rounded to.
    """
    sums = [round_to_unit(told, unit) for told in accumulate(shares)]
    return [told - before for before, told in pairwise([Decimal(0), *sums[:-1], total])]


def _spread_units(shares, total, unit):
    parts = [round_to_unit(share, unit, ROUND_FLOOR) for share in shares]
    left = int((total - sum(parts)) // unit)
    most_cut_first = sorted(range(len(parts)), key=lambda position: parts[position] - shares[position])
    for position in most_cut_first[:left]:
        parts[position] += unit
    return parts


def shares_by_weights(total, weights):
    """Return the unrounded share of ``total`` that falls to each weight."""
    if min(weights, default=0) < 0 or not sum(weights):
        raise KernelError("weights_not_positive", weights=weights)
    whole = sum(weights)
    return [total * weight / whole for weight in weights]


def split_by_weights(total, weights, unit, remainder="last"):
    """Split ``total`` in proportion to ``weights``, in multiples of ``unit``; see :func:`settle`."""
    in_currency(total, MAX_DECIMALS)
    require_unit(unit, MAX_DECIMALS)
    total = to_decimal(total)
    shares = shares_by_weights(total, [to_decimal(weight) for weight in weights])
    return settle(shares, total, to_decimal(unit), remainder)


def split_evenly(total, count, unit, remainder="last"):
    """Split ``total`` in ``count`` equal parts, in multiples of ``unit``; see :func:`settle`."""
    return split_by_weights(total, [1] * count, unit, remainder)
