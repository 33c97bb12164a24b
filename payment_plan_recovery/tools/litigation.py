"""What a procedure costs against what it may bring, term by term.

Expected gain = chance x (sum + interest + costs given back) - fees - chance of opposition x lawyer
- what waiting for the money costs. Amounts are Decimals in one currency; chances and rates are percentages.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from .collection_fee import FeeRule, collection_fee
from .errors import KernelError
from .money import round_money
from .rates import require_not_negative

HUNDRED = Decimal(100)
MONTHS_OF_A_YEAR = 12
CODES = {
    "chance_out_of_range": ("name", "value"),  # a chance below 0 or above 100 percent
}


class Fee(NamedTuple):
    """A court's or an officer's fee: its scale, and whether the debtor gives it back where one wins.

    Scales are those of :class:`~.collection_fee.FeeRule`: a fixed sum, tiers, or cumulated percentages
    (FR C. com. A444-32).
    """

    scale: FeeRule
    is_given_back: bool = False


@dataclass(frozen=True)
class Prospect:
    """What is known of a procedure before it is begun.

    ``interest_percent`` is the interest and fixed sums owed so far, in percent of the sum; ``waiting_rate``
    what money costs the creditor, percent a year; ``months`` until the money comes.
    """

    chance: Decimal
    opposition: Decimal = Decimal(0)
    lawyer: Decimal = Decimal(0)
    fees: tuple = ()
    months: Decimal = Decimal(0)
    waiting_rate: Decimal = Decimal(0)
    decimals: int = 2

    def __post_init__(self):
        for name in ("chance", "opposition"):
            value = require_not_negative(name, getattr(self, name))
            if value > HUNDRED:
                raise KernelError("chance_out_of_range", name=name, value=value)
            object.__setattr__(self, name, value)
        for name in ("lawyer", "months", "waiting_rate"):
            object.__setattr__(self, name, require_not_negative(name, getattr(self, name)))


class Term(NamedTuple):
    """One term of the weighing: ``amount`` counts for (above zero) or against (below) the procedure."""

    code: str
    amount: Decimal


@dataclass(frozen=True)
class Weighing:
    """The terms of one procedure over one sum, and what they come to."""

    terms: tuple = field(default_factory=tuple)

    @property
    def net(self):
        return sum((term.amount for term in self.terms), Decimal(0))

    def __getitem__(self, code):
        return next(term.amount for term in self.terms if term.code == code)


def weigh(prospect, principal, interest=0):
    """Return the :class:`Weighing` of going to ``prospect`` for ``principal`` and its ``interest``.

    Each term is rounded by itself, so that what is shown adds up.
    """
    owed = require_not_negative("principal", principal) + require_not_negative("interest", interest)
    chance = prospect.chance / HUNDRED
    paid = [(fee, collection_fee(fee.scale, owed, decimals=prospect.decimals)) for fee in prospect.fees]
    given_back = sum((amount for fee, amount in paid if fee.is_given_back), Decimal(0))
    back = owed + given_back
    waiting = chance * back * prospect.waiting_rate / HUNDRED * prospect.months / MONTHS_OF_A_YEAR
    amounts = {
        "recovered": chance * owed,
        "given_back": chance * given_back,
        "fees": -sum((amount for _fee, amount in paid), Decimal(0)),
        "lawyer": -prospect.opposition / HUNDRED * prospect.lawyer,
        "waiting": -waiting,
    }
    return Weighing(
        tuple(Term(code, round_money(amount, prospect.decimals)) for code, amount in amounts.items())
    )


def break_even(prospect, ceiling):
    """Return the sum from which on the procedure brings more than it costs, up to ``ceiling``.

    Below it writing off is cheaper. None when even the ceiling does not pay.
    """
    unit = Decimal(1).scaleb(-prospect.decimals)
    edges = sorted({unit, ceiling, *_edges(prospect, ceiling, unit)}, reverse=True)
    if weigh(prospect, edges[0]).net <= 0:
        return None
    pays = edges[0]
    for edge in edges[1:]:
        if weigh(prospect, edge).net <= 0:
            return _between(prospect, edge, pays, unit)
        pays = edge
    return pays


def _edges(prospect, ceiling, unit):
    """Yield the sums at which a fee's scale bends or leaps: at the tier itself, or just above it."""
    for fee in prospect.fees:
        for tier in fee.scale.tiers:
            for edge in (tier[0], tier[0] + unit):
                if unit <= edge <= ceiling:
                    yield edge


def _between(prospect, below, above, unit):
    """Return the first sum that pays, to the ``unit``, between one that does not and one that does."""
    while above - below > unit:
        middle = below + ((above - below) / 2 // unit) * unit
        if weigh(prospect, middle).net > 0:
            above = middle
        else:
            below = middle
    return above
