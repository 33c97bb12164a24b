"""The discount a debtor earns by paying instalments on time.

Amounts are in the plan's currency. Every instalment paid in full within tolerance
earns its part; the last ones need not be paid for what the discount pays of them.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .deadline import deadline
from .money import in_currency, require_unit, round_to_unit, to_decimal

NOTHING = Decimal(0)


@dataclass(frozen=True)
class DiscountTerms:
    """``percent`` of each instalment and a fixed ``amount`` for each.

    It is on time until ``tolerance_days`` after its date, or the next day on which the creditor works, of ``closed``
    (holidays, weekdays).
    """

    percent: Decimal = NOTHING
    amount: Decimal = NOTHING
    tolerance_days: int = 0
    decimals: int = 2
    smallest: Decimal | None = None  # amount of the currency, where that is not its last decimal
    closed: tuple = ((), ())


class Part(NamedTuple):
    """One instalment: what was ``due`` on ``date``, its ``residual``, and when the last money for it came.

    ``credited`` is what was settled of it without money: nobody paid that on time.
    """

    date: datetime.date
    due: Decimal
    residual: Decimal
    received_on: datetime.date | None = None
    credited: Decimal = NOTHING

    @property
    def to_pay(self):
        """What of it is paid with money, if it is paid."""
        return self.due - self.credited


class Discount(NamedTuple):
    """What has been ``earned`` so far, and whether it pays all that remains."""

    earned: Decimal
    completes: bool


def accrued(terms, due):
    """Return what an instalment of ``due`` earns when it is paid on time: never more than itself."""
    unit = require_unit(terms.smallest, terms.decimals)
    share = round_to_unit(to_decimal(due) * to_decimal(terms.percent) / 100, unit)
    return min(share + in_currency(terms.amount, terms.decimals), to_decimal(due))


def possible_discount(terms, dues):
    """Return what instalments of ``dues`` earn when every one is paid on time."""
    return sum((accrued(terms, due) for due in dues), NOTHING)


def earned_discount(terms, parts, last_receipt):
    """Return the :class:`Discount` earned by ``parts``, the last money having come on ``last_receipt``.

    What is still open counts as paid on time, its own discount taken off, when nothing
    more remains to pay and that was so in time.
    """
    earned = NOTHING
    open_parts = []
    for part in parts:
        if part.residual:
            open_parts.append(part)
        elif _on_time(terms, part, part.received_on):
            earned += accrued(terms, part.to_pay)
    residual = sum((part.residual for part in open_parts), NOTHING)
    last_ones = [part for part in open_parts if _on_time(terms, part, last_receipt)]
    with_last = earned + possible_discount(terms, [part.to_pay for part in last_ones])
    if with_last and residual <= with_last:
        return Discount(with_last, True)
    return Discount(earned, not residual)


def _on_time(terms, part, day):
    return day is not None and day <= deadline(part.date, terms.tolerance_days, closed=terms.closed)
