"""Money that came in and is matched with nothing yet, laid over what its debtor owes.

Amounts lie together per :class:`Owner`: one creditor (a company with its branches), one debtor and one
currency. Five times money is poured, first come first served, and each time takes what is left:

1. over money that was paid out again (refunds), free credits before those that name something;
2. over the items that it pays exactly: those of all entries that the words of its text name, else items that
   follow each other, some of them less the discount that its day still earned (no other money lies over that);
   either all of them in one plan, the one that the payer named, or none of them in a plan;
3. over the entry that the payer named: what a credit note reverses, else a text that is exactly an entry's
   number or payment reference;
4. over what the plan covers that the payer named by its number, or by the reference of an online payment of it,
   a payer who named no entry;
5. over everything else owed: due and undisputed, oldest first; due and disputed; not due (C. civ. 1342-10).

Credits come in the order of their days. A refund is never a claim, whatever of it is left. Every open item
counts, also one that is not chased or lies in a plan: it is owed since its own due date.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from .errors import KernelError
from .money import to_decimal

NOTHING = Decimal(0)
#: What stands behind a plan's number in the reference of an online payment that was not the first.
TIME_PAID = re.compile(r"-[0-9]+\Z")
#: What stands between the words of a text that names several entries.
BETWEEN_WORDS = re.compile(r"[\s,;&]+")


class Owner(NamedTuple):
    """Whose money lies together: what is owed to another creditor or in another currency is another matter."""

    creditor: Hashable
    debtor: Hashable
    currency: Hashable


@dataclass(frozen=True)
class Item:
    """An open debit: ``amount`` still owed (above zero), ``disputed`` of it (all of it when that is more).

    ``entry`` is what the item belongs to (an invoice may have several items) and ``names`` what a payer calls
    that: its number and its payment reference. A ``plan`` in force that covers the item has ``plan_names``: its
    number and those of the plans that it renegotiates. A refund is money ``paid_out`` on its ``date``.
    Money of ``discount_until`` or before settles the item with ``discounted`` of it.
    """

    key: Hashable
    owner: Owner
    date: datetime.date
    date_due: datetime.date
    amount: Decimal
    disputed: Decimal = NOTHING
    entry: Hashable = None
    names: frozenset = frozenset()
    plan: Hashable = None
    plan_names: frozenset = frozenset()
    paid_out: bool = False
    discounted: Decimal | None = None
    discount_until: datetime.date | None = None

    def has_discount(self, day):
        """Return whether money of ``day`` settles the item with less than all of it."""
        return bool(self.discounted and self.discount_until and day <= self.discount_until)

    def asked(self, day):
        """Return with how much the item is settled on ``day``."""
        return to_decimal(self.discounted if self.has_discount(day) else self.amount)


@dataclass(frozen=True)
class Credit:
    """``amount`` (above zero) received on ``date``; it may reverse an entry, or name one or a plan in its ``texts``."""

    key: Hashable
    owner: Owner
    date: datetime.date
    amount: Decimal
    reverses: Hashable = None
    texts: frozenset = frozenset()

    @property
    def plan_texts(self):
        """The texts as they may name a plan: an online payment is its name, the second one with -1 behind."""
        return self.texts | {TIME_PAID.sub("", text) for text in self.texts}

    @property
    def words(self):
        """The words of the texts: each may name an entry."""
        return frozenset(word for text in self.texts for word in BETWEEN_WORDS.split(text) if word)


@dataclass(frozen=True)
class Receipt:
    """The ``amount`` (above zero) of a credit of ``date`` that lies over one item."""

    credit: Hashable
    date: datetime.date
    amount: Decimal


@dataclass(frozen=True)
class OpenMoney:
    """Where the money lies: ``receipts`` of each item that has some, and what is ``left`` over by owner."""

    amounts: dict[Hashable, Decimal]
    receipts: dict[Hashable, list[Receipt]]
    left: dict[Owner, Decimal]

    def covered(self, key):
        """Return what lies over the item."""
        return sum((receipt.amount for receipt in self.receipts.get(key, ())), NOTHING)

    def uncovered(self, key):
        """Return what nothing lies over: all that is still to be claimed of the item."""
        return self.amounts[key] - self.covered(key)

    def elsewhere(self, owner):
        """Return what the debtor has left over in other currencies: {currency: amount}. It is not laid."""
        return {
            other.currency: amount
            for other, amount in self.left.items()
            if other[:2] == owner[:2] and other.currency != owner.currency
        }


@dataclass(eq=False)
class _Share:
    """A part of an item or of a credit, and what is left of it."""

    of: Item | Credit
    left: Decimal


def lay(items, incoming, date):
    """Lay what came in by ``date`` over what is open then; the order of the arguments does not matter.

    Keys decide between items, or credits, of one day: they must compare.

    :raise KernelError: two items or two credits of one key, or an amount that is not above zero
    """
    _check(items)
    _check(incoming)
    receipts, left = defaultdict(list), {}
    items_of, credits_of = _by_owner(items), _by_owner(incoming)
    for owner, received in credits_of.items():
        shares = [_Share(credit, to_decimal(credit.amount)) for credit in received if credit.date <= date]
        shares.sort(key=lambda share: (share.of.date, share.of.key))
        _lay_shares(items_of.get(owner, []), shares, date, receipts)
        left_over = sum((share.left for share in shares), NOTHING)
        if left_over:
            left[owner] = left_over
    return OpenMoney({item.key: to_decimal(item.amount) for item in items}, dict(receipts), left)


def _lay_shares(items, incoming, date, receipts):
    """Pour the ``incoming`` of one owner over its ``items``, noting the ``receipts``."""
    refunds = [item for item in items if item.paid_out and item.date <= date]
    refunds.sort(key=lambda item: (item.date, item.key))
    owed = _in_order([item for item in items if not item.paid_out], date)
    named = {credit.of.key: _named(credit.of, owed) for credit in incoming}
    free_first = sorted(incoming, key=lambda credit: named[credit.of.key] is not None)
    _pour(free_first, [_Share(item, to_decimal(item.amount)) for item in refunds], receipts)
    _fit(incoming, owed, named, receipts)
    for kind in ("entry", "plan"):
        for credit in incoming:
            if named[credit.of.key] and named[credit.of.key][0] == kind:
                meant = [share for share in owed if (kind, getattr(share.of, kind)) == named[credit.of.key]]
                _pour([credit], meant, receipts)
    _pour(incoming, owed, receipts)


def _in_order(items, date):
    """Return what is owed in the order in which money settles it, disputed parts apart."""
    parts = []
    for item in items:
        amount = to_decimal(item.amount)
        disputed = min(to_decimal(item.disputed), amount)
        for is_disputed, part in ((False, amount - disputed), (True, disputed)):
            rank = (item.date_due > date, is_disputed, item.date_due, item.key)
            if part:
                parts.append((rank, _Share(item, part)))
    return [share for _rank, share in sorted(parts, key=lambda part: part[0])]


def _named(credit, owed):
    """Return what ``credit`` is for, ("entry" or "plan", which one), None when it says nothing of what is owed."""
    if credit.reverses is not None and any(share.of.entry == credit.reverses for share in owed):
        return "entry", credit.reverses
    entries = (("entry", share.of.entry) for share in owed if share.of.names & credit.texts)
    plans = (("plan", share.of.plan) for share in owed if share.of.plan_names & credit.plan_texts)
    return next(chain(entries, plans), None)


def _fit(incoming, owed, named, receipts):
    """Lay each credit that is exactly what its day asked of some items over them, whole items that nobody disputes.

    What reverses an entry pays nothing exactly; what another credit is for is left to that.
    """
    whole = [share for share in owed if not share.of.disputed]
    for credit in incoming:
        kind, mine = named[credit.of.key] or (None, None)
        if credit.of.reverses is not None or not credit.left:
            continue
        others = {meant for key, meant in named.items() if key != credit.of.key}
        open_then = [
            share
            for share in whole
            if share.left and share.of.date <= credit.of.date and ("entry", share.of.entry) not in others
        ]
        if kind == "plan":
            open_then = [share for share in open_then if share.of.plan == mine]
        entry = {mine} if kind == "entry" else set()
        for share in _exactly(credit, open_then, entry, _called_by_words(credit.of, owed) | entry):
            _pour([credit], [_Share(share.of, share.of.asked(credit.of.date))], receipts)
            share.left = NOTHING  # what a discount leaves is not owed


def _called_by_words(credit, owed):
    """Return the entries that the words of ``credit`` name: of several of one name the first."""
    found = (
        next((share.of.entry for share in owed if word in share.of.names), None) for word in credit.words
    )
    return {entry for entry in found if entry is not None}


def _exactly(credit, owed, entry, called):
    """Return which shares of ``owed`` the ``credit`` is exactly the price of on its day, none when there are none.

    All of the ``called`` entries, unless that is the one ``entry`` it is for anyway and without a discount; else the
    first stretch with a discount in it, and with a called entry where any is. Of one plan, or of none.
    """
    day = credit.of.date
    lots = defaultdict(list)
    for share in owed:
        lots[share.of.plan].append(share)
    for lot in lots.values():
        named = [share for share in lot if share.of.entry in called]
        meant = called > entry or any(share.of.has_discount(day) for share in named)
        if named and meant and _price(named, day) == credit.left:
            return named
    for first in owed:
        lot = lots[first.of.plan]
        later = lot[lot.index(first) :]
        ends = (end for end in range(1, len(later) + 1) if _price(later[:end], day) >= credit.left)
        stretch = later[: next(ends, 1)]
        discounted = any(share.of.has_discount(day) for share in stretch)
        meant = not called or any(share.of.entry in called for share in stretch)
        if discounted and meant and _price(stretch, day) == credit.left:
            return stretch
    return []


def _price(owed, day):
    """Return what was asked of shares on ``day``."""
    return sum((share.of.asked(day) for share in owed), NOTHING)


def _pour(incoming, owed, receipts):
    """Lay ``incoming`` money over what is ``owed``, both in their order, until either is used up."""
    waiting = iter([share for share in owed if share.left])
    share = next(waiting, None)
    for credit in incoming:
        while share and credit.left:
            amount = min(share.left, credit.left)
            share.left -= amount
            credit.left -= amount
            receipts[share.of.key].append(Receipt(credit.of.key, credit.of.date, amount))
            if not share.left:
                share = next(waiting, None)


def _by_owner(records):
    groups = defaultdict(list)
    for record in records:
        groups[record.owner].append(record)
    return groups


def _check(records):
    seen = set()
    for number, record in enumerate(records, 1):
        if record.key in seen:
            raise KernelError("duplicate_key", key=record.key)
        if to_decimal(record.amount) <= 0:
            raise KernelError("amount_not_positive", number=number, amount=record.amount)
        seen.add(record.key)
