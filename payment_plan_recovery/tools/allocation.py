"""Received money spread over instalments, first in first out.

Instalments are anything with a ``key``, a ``date`` and an ``amount`` (currency), such
as :class:`Due` or ``schedule.Instalment``, in the order they fall due. Receipts come in
the order they were received. A negative receipt is money that went back (a bounced or
reversed payment): received amounts count net, and it is the latest money that went.
"""

import datetime
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .errors import KernelError
from .money import to_decimal

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Due:
    """``amount`` (currency) owed on ``date``."""

    key: Hashable
    date: datetime.date
    amount: Decimal


@dataclass(frozen=True)
class Receipt:
    """``amount`` (currency) received; negative when it went back."""

    key: Hashable
    amount: Decimal


@dataclass(frozen=True)
class Allocation:
    """The ``amount`` (currency, above zero) of one receipt that pays one instalment."""

    receipt_key: Hashable
    instalment_key: Hashable
    amount: Decimal


class Spread(NamedTuple):
    """Where the money went, and what is left of each receipt that no instalment needed."""

    allocations: list[Allocation]
    surplus: dict[Hashable, Decimal]


@dataclass(frozen=True)
class InstalmentState:
    """What is ``paid`` and left of one instalment, and where it stands at a date."""

    key: Hashable
    date: datetime.date
    amount: Decimal
    paid: Decimal
    residual: Decimal
    state: str  # upcoming, due (on its very date), late (from the day after), paid


def allocate(instalments, receipts):
    """Spread ``receipts`` over ``instalments``; what they allocate is min(net received, owed).

    Money beyond the instalments due pays the next ones ahead.
    """
    open_amounts = _amounts_by_key(instalments)
    allocations, surplus = [], {}
    for receipt_key, available in _kept_money(receipts):
        left = available
        while left and open_amounts:
            instalment_key, residual = next(iter(open_amounts.items()))
            paid = min(left, residual)
            allocations.append(Allocation(receipt_key, instalment_key, paid))
            left -= paid
            if paid == residual:
                del open_amounts[instalment_key]
            else:
                open_amounts[instalment_key] = residual - paid
        if left:
            surplus[receipt_key] = left
    return Spread(allocations, surplus)


def paid_amounts(instalments, received_total):
    """Return {instalment key: amount paid} once ``received_total`` (net) has come in."""
    left = max(to_decimal(received_total), NOTHING)
    paid = {}
    for key, amount in _amounts_by_key(instalments).items():
        paid[key] = min(left, amount)
        left -= paid[key]
    return paid


def instalment_states(instalments, received_total, date):
    """Return the :class:`InstalmentState` of each instalment at ``date``."""
    instalments = list(instalments)
    paid = paid_amounts(instalments, received_total)
    return [_state(instalment, paid[instalment.key], date) for instalment in instalments]


def _state(instalment, paid, date):
    amount = to_decimal(instalment.amount)
    if paid == amount:
        state = "paid"
    elif date < instalment.date:
        state = "upcoming"
    else:
        state = "due" if date == instalment.date else "late"
    return InstalmentState(instalment.key, instalment.date, amount, paid, amount - paid, state)


def _amounts_by_key(instalments):
    """Return {key: amount} in the order given, which is the order they are paid in."""
    amounts = {}
    for number, instalment in enumerate(instalments, 1):
        amount = to_decimal(instalment.amount)
        if instalment.key in amounts:
            raise KernelError("duplicate_key", key=instalment.key)
        if amount <= 0:
            raise KernelError("amount_not_positive", number=number, amount=amount)
        amounts[instalment.key] = amount
    return amounts


def _kept_money(receipts):
    """Return [(key, amount)] of the receipts that still count, net of money that went back.

    What goes back takes from the latest receipts; if it exceeds them all, from the next.
    """
    kept, seen, owed_back = [], set(), NOTHING
    for receipt in receipts:
        if receipt.key in seen:
            raise KernelError("duplicate_key", key=receipt.key)
        seen.add(receipt.key)
        amount = to_decimal(receipt.amount)
        kept.append((receipt.key, max(amount, NOTHING)))
        owed_back -= min(amount, NOTHING)
        while kept and owed_back:
            key, available = kept.pop()
            taken = min(available, owed_back)
            owed_back -= taken
            if taken < available:
                kept.append((key, available - taken))
    return [(key, amount) for key, amount in kept if amount]
