"""What makes payments come later or earlier than their debtors pay otherwise: how large an invoice is, and the times.

Each payment is held against the others of its debtor. What is left over is counted by how the amount stands to what is
usual for the debtor, and by how long ago the payment was. A difference counts where it is larger than chance would
make it, and the fewer payments tell of it, the less.
"""

from bisect import bisect_right
from collections import defaultdict
from typing import NamedTuple

from .forecast_history import FAR, NOTHING, RECENT

#: Payments of a debtor from which the others say how it pays, and payments in all from which anything is said.
FEW, ENOUGH = 4, 60
#: Times the usual amount, between which invoices are alike.
TIMES = (0.5, 1, 2)
#: Spans of the last days that all have to tell of the same before the times are said to be others.
SPAN, SPANS = 20, 3
#: Payments of a kind under which nothing is said of it; standard errors that a difference has to be of; payments that
#: no difference at all is worth beside those counted.
LEAST, CERTAIN, WORTH = 10, 2, 20


class Later(NamedTuple):
    """How many days later (below zero: earlier) payments of a kind come, and how many told."""

    days: float
    count: int


class Circumstances:
    """Differences counted from a :class:`~.forecast_history.History`: of some of its debtors where it has many."""

    def __init__(self, history):
        self._paid, self._usual = history.paid, {}
        rows = [row for debtor in history.sample for row in self._left_over(debtor, FAR * history.spread)]
        by_size, by_span = defaultdict(list), defaultdict(list)
        for days, since, size in rows if len(rows) >= ENOUGH else ():
            by_size[size].append(days)
            by_span[since // SPAN].append(days)
        self._by_size = {size: _later(days) for size, days in by_size.items() if size is not None}
        spans = [_later(by_span.get(number, ())) for number in range(SPANS)]
        nearest = min(spans, key=lambda one: abs(one.days))
        agree = len({one.days > 0 for one in spans}) == 1
        self.lately = nearest if agree else Later(0.0, 0)

    def of(self, debtor, amount):
        """Return {"size": :class:`Later`, "lately": …} of an invoice of this ``amount``, as far as there are any."""
        found = {"size": self._by_size.get(self._size(debtor, amount)), "lately": self.lately}
        return {code: later for code, later in found.items() if later and later.days}

    def _left_over(self, debtor, far):
        """Yield (days beyond how the debtor pays otherwise, days since, size) of its latest payments."""
        payments = self._paid[debtor]
        delays, since = payments.delays[-RECENT:], payments.since[-RECENT:]
        if len(delays) < FEW:
            return
        amounts = payments.amounts[-RECENT:] or (None,) * len(delays)
        middle = sorted(delays)[len(delays) // 2]
        near = [min(max(delay, middle - far), middle + far) for delay in delays]
        total = sum(near)
        for delay, days, amount in zip(near, since, amounts, strict=True):
            yield delay - (total - delay) / (len(near) - 1), days, self._size(debtor, amount)

    def _size(self, debtor, amount):
        """In which of the classes between ``TIMES`` an amount lies; None where it is not known, or what is usual."""
        if debtor not in self._usual:
            known = sorted(self._paid.get(debtor, NOTHING).amounts)
            self._usual[debtor] = known[len(known) // 2] if known else None
        usual = self._usual[debtor]
        return bisect_right(TIMES, amount / usual) if usual and amount is not None else None


def _later(days):
    """What these differences tell: nothing where chance may have made it."""
    count = len(days)
    if count < LEAST:
        return Later(0.0, count)
    mean = sum(days) / count
    variance = sum((one - mean) ** 2 for one in days) / count
    if mean * mean * count <= CERTAIN * CERTAIN * variance:
        return Later(0.0, count)
    return Later(mean * count / (count + WORTH), count)
