"""When an open item will be paid: chances counted from delays, and what comes in by week.

A delay is the day of payment less the due date, in days; below zero is before it was due. How a debtor pays is a
curve: its own payments so far beside a belief (:mod:`.forecast_history`). An item that is open at an age can no
longer be paid at a smaller one: its chances are those of the delays beyond.

Chances and days are estimates, so they are floats; money is rounded by whoever adds it up.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from math import fsum
from typing import NamedTuple

#: Delays at which a curve is known; between two of them it is a straight line.
EDGES = (
    *(-90, -60, -45, -38),
    *range(-32, -8, 2),
    *range(-8, 31),
    *(35, 40, 45, 50, 60, 75, 90, 105, 120, 150, 180, 240, 300, 365, 545, 730),
)
LOW, HIGH = EDGES[0], EDGES[-1]
#: Shares of all that may come at which a day is told: eight in ten payments lie between the outer two.
EARLY, MIDDLE, LATE = 0.1, 0.5, 0.9
#: Standard deviations between which eight in ten sums lie.
EIGHT_IN_TEN = 1.2816
#: Parts of a unit of money in which it is told what an item brings in a week: what is kept of items adds up to the
#: weeks, to the cent.
PARTS = 10**6
#: How much the items of one debtor go together: paid in one go, or left together.
TOGETHER = 0.3


def _positions():
    """For each day from ``LOW`` to ``HIGH`` the edge at or before it, and how far it is to the next one."""
    edge = 0
    for day in range(LOW, HIGH):
        if day >= EDGES[edge + 1]:
            edge += 1
        yield edge, (day - EDGES[edge]) / (EDGES[edge + 1] - EDGES[edge])
    yield len(EDGES) - 1, 0.0


_POSITIONS = tuple(_positions())


def at(values, day):
    """The height at ``day`` of the line through ``values`` at the edges, 0 before the first."""
    if day < LOW:
        return 0.0
    edge, part = _POSITIONS[(HIGH if day > HIGH else day) - LOW]
    return values[edge] + part * (values[edge + 1] - values[edge]) if part else values[edge]


class Outlook(NamedTuple):
    """What may still happen to an item that is open at an age: what its debtor's curve holds beyond it."""

    curve: tuple
    #: Where the item stands now, and all that may come.
    start: float
    left: float
    age: int

    def chance(self, days):
        """Chance that the item is paid within ``days`` from now."""
        if days <= 0:
            return 0.0
        share = (at(self.curve, self.age + days) - self.start) / self.left
        return 0.0 if share < 0.0 else 1.0 if share > 1.0 else share

    def days(self, chance):
        """Days from now by which the item is paid with this ``chance``, at least 1, as far as ``HIGH`` lets see."""
        curve, wanted = self.curve, self.start + chance * self.left
        edge = bisect_left(curve, wanted, hi=len(EDGES))
        if edge >= len(EDGES):
            return max(HIGH - self.age, 1)
        before = max(edge - 1, 0)
        low, high = curve[before], curve[edge]
        part = (wanted - low) / (high - low) if high > low else 1.0
        day = EDGES[before] + part * (EDGES[edge] - EDGES[before])
        return max(round(day - self.age), 1)


class Curve(NamedTuple):
    """How a debtor pays: how much of what it owes is paid by each edge, and in the end all that may come."""

    heights: tuple

    def late(self):
        """Chance that an item comes late, asked before it is made: nothing has been learnt by waiting for it yet."""
        return 1 - at(self.heights, 0) / self.heights[-1]

    def on(self, _due, later=0):
        """The same for what is due on a day (it pays on any, see :mod:`.forecast_rhythm`), ``later`` days later."""
        return Shifted(self, later) if later else self

    def outlook(self, age):
        """Return the :class:`Outlook` of an item that is open ``age`` days from its due date."""
        age = max(min(age, HIGH), LOW - 1)
        start = at(self.heights, age)
        return Outlook(self.heights, start, max(self.heights[-1] - start, 1e-9), age)


class Shifted(NamedTuple):
    """The :class:`Curve` of what comes some days later than a debtor pays otherwise, earlier below zero."""

    curve: Curve
    later: int

    def on(self, due, later=0):
        """What else is due on a day, ``later`` than otherwise."""
        return self.curve.on(due, later)

    def late(self):
        """Chance that an item comes late, asked before it is made."""
        return 1 - at(self.curve.heights, -self.later) / self.curve.heights[-1]

    def outlook(self, age):
        """Return the :class:`Outlook` of an item that is open ``age`` days from its due date."""
        return self.curve.outlook(age - self.later)


class Branch(NamedTuple):
    """One way things may go: from ``wait`` days on as ``outlook`` says, or all at once where there is none."""

    share: float
    wait: int
    outlook: Outlook | None = None


class Branches(NamedTuple):
    """What may still happen to an item of which more is known than its age; shares that lack to 1 never pay."""

    ways: tuple

    def chance(self, days):
        """Chance that the item is paid within ``days`` from now."""
        return sum(
            way.share * (way.outlook.chance(days - way.wait) if way.outlook else float(days >= way.wait))
            for way in self.ways
        )

    def days(self, chance):
        """Days from now by which the item is paid with this ``chance``; ``HIGH`` when that is not foreseen."""
        return bisect_left(range(HIGH), chance, lo=1, key=self.chance)


def promised(curve, age, wait, tolerance, kept):
    """What becomes of an item promised for ``wait`` days from now.

    :param kept: chance that the promise is kept; otherwise the item stays open through the ``tolerance`` days
    """
    broken = max(wait + tolerance, 0)
    return Branches((Branch(kept, max(wait, 1)), Branch(1 - kept, broken, curve.outlook(age + broken))))


def suspended(curve, age, wait, share=1.0):
    """What becomes of an item nobody pays for ``wait`` days (a dispute, a hold), and then ``share`` of times."""
    wait = max(wait, 0)
    return Branches((Branch(share, wait, curve.outlook(age + wait)),))


def chance_kept(kept, judged, share, worth):
    """Chance that a word is kept: ``kept`` of ``judged`` so far, beside ``worth`` others of which ``share`` were."""
    return (kept + share * worth) / (judged + worth)


def reached(outlook, weeks):
    """Chances that an item is paid within whole weeks from now: of none, of one, and so on to ``weeks``."""
    return [outlook.chance(7 * week) for week in range(weeks + 1)]


def parts(amount, chances):
    """What an item of ``amount`` is expected to bring week by week, by what is :func:`reached`."""
    # Counted in parts: round() takes three times as long, and there are a million of these.
    units = amount * PARTS
    return [int(units * (until - before) + 0.5) / PARTS for before, until in pairwise(chances)]


class Weekly:
    """What comes in by week, added up item by item: nothing is held of an item that was added."""

    #: Items whose parts are added up at once, exactly.
    GATHERED = 4096

    def __init__(self, weeks):
        """:param weeks: number of weeks from now"""
        self._weeks = weeks
        self._brought = []
        self._own, self._together = [0.0] * weeks, defaultdict(self._spread_of_none)

    def _spread_of_none(self):
        return array("d", bytes(self._weeks * array("d").itemsize))

    def add(self, debtor, amount, outlook):
        """Add what a debtor owes, and what may happen to it; return the :func:`parts` that it brings."""
        chances = reached(outlook, self._weeks)
        brought = parts(amount, chances)
        self._brought.append(brought)
        if len(self._brought) > self.GATHERED:
            self._brought = [self._expected()]
        spread = self._together[debtor]
        for week, (before, until) in enumerate(pairwise(chances)):
            share = until - before
            if share:
                variance = amount * amount * share * (1 - share)
                self._own[week] += variance
                spread[week] += variance**0.5
        return brought

    def sums(self):
        """Return for each week (expected, standard deviation), in the amounts' currency."""
        spreads = (
            ((1 - TOGETHER) * own + TOGETHER * sum(part[week] ** 2 for part in self._together.values()))
            ** 0.5
            for week, own in enumerate(self._own)
        )
        return list(zip(self._expected(), spreads, strict=True))

    def _expected(self):
        return [*map(fsum, zip(*self._brought, strict=True))] if self._brought else [0.0] * self._weeks
