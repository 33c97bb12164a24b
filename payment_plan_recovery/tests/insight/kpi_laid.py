"""Where money lies that nobody matched, by the rule: what a payer named, then due, then disputed, then not due.

A plain loop over one debtor's facts in one currency; what the addon lays is not asked.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple


class Owed(NamedTuple):
    """A debit that is open on the day asked, and how much of it is disputed."""

    item: int
    entry: int
    due: object
    amount: Decimal
    disputed: Decimal


class Money(NamedTuple):
    """A credit that is matched with nothing on the day asked, and the entry it is for, if it says so."""

    credit: int
    day: object
    amount: Decimal
    entry: int | None


def lay(owed, money, last):
    """Return {item: [(credit, day, amount)]} of what one debtor owes in one currency at the end of ``last``."""
    parts = []
    for one in owed:
        disputed = min(one.disputed, one.amount)
        parts += [
            [(one.due > last, is_disputed, one.due, one.item), one, room]
            for is_disputed, room in ((False, one.amount - disputed), (True, disputed))
        ]
    parts.sort(key=lambda part: part[0])
    entries = {one.entry for one in owed}
    left = {one.credit: one.amount for one in money}
    found = defaultdict(list)
    in_order = sorted(money, key=lambda one: (one.day, one.credit))
    for credit in in_order:
        if credit.entry in entries:
            _pour(credit, [part for part in parts if part[1].entry == credit.entry], left, found)
    for credit in in_order:
        _pour(credit, parts, left, found)
    return found


def _pour(credit, parts, left, found):
    for part in parts:
        taken = min(part[2], left[credit.credit])
        if taken:
            part[2] -= taken
            left[credit.credit] -= taken
            found[part[1].item].append((credit.credit, credit.day, taken))


class LaidByHand:
    """For test classes with a ``company``: reads the open debits and credits of debtors record by record."""

    def laid(self, debtors, last):
        """Return {item: [(credit, day, amount)]} of debtors, over all branches of the creditor."""
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "in", debtors.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "child_of", self.company.root_id.ids),
                ("date", "<=", last),
            ]
        )
        disputes = self.env["recovery.hold"].search(
            [
                ("partner_id", "in", debtors.ids),
                ("kind", "=", "dispute"),
                ("company_id", "child_of", self.company.root_id.ids),
                ("date_from", "<=", last),
            ]
        )
        disputes = disputes.filtered(lambda hold: not hold.date_until or hold.date_until >= last)
        found = {}
        for (debtor, _currency), theirs in items.grouped(
            lambda item: (item.partner_id, item.currency_id)
        ).items():
            of_debtor = disputes.filtered(lambda hold, debtor=debtor: hold.partner_id == debtor)
            found.update(lay(*self._sides(theirs, of_debtor, last), last))
        return found

    def _sides(self, items, disputes, last):
        """Return (debits, credits) of ``items`` with what is open of each on the day."""
        owed, money = [], []
        for item in items:
            left = self._left(item, last)
            if left > 0:
                disputed = self._disputed_of(item, disputes, left)
                owed.append(Owed(item.id, item.move_id.id, item.date_maturity, left, disputed))
            elif left < 0:
                money.append(Money(item.id, item.date, -left, self._named_by(item, items)))
        return owed, money

    def _left(self, item, last):
        """What is open of an item at the end of a day, below zero of a credit: less what was matched until then."""
        debits = [one for one in item.matched_debit_ids if one.max_date <= last]
        credited = [one for one in item.matched_credit_ids if one.max_date <= last]
        taken = sum(Decimal(str(one.credit_amount_currency)) for one in debits)
        taken -= sum(Decimal(str(one.debit_amount_currency)) for one in credited)
        return Decimal(str(item.amount_currency)) + taken

    def _disputed_of(self, item, disputes, left):
        about = disputes.filtered(lambda hold: not hold.move_line_ids or item in hold.move_line_ids)
        if any(not hold.amount for hold in about):
            return left
        return sum((Decimal(str(hold.amount)) for hold in about), Decimal(0))

    def _named_by(self, credit, items):
        """The entry that a credit note reverses, else the one whose number is all that the payer wrote."""
        if credit.move_id.reversed_entry_id:
            return credit.move_id.reversed_entry_id.id
        return next(
            (
                item.move_id.id
                for item in items
                if credit.move_id.ref and item.move_id.name == credit.move_id.ref
            ),
            None,
        )
