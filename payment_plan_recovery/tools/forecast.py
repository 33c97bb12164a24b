"""When an open item will be paid: chances counted from delays, shrunk to what the company's debtors do.

A delay is the day of payment less the due date, in days; below zero is before it was due. Of each debtor the
delays so far are known, older ones counting less (:func:`weight`). A debtor with few of them is taken to pay
like the others do, partly around its own mean: a belief worth some payments of its own. An item
that is open at an age can no longer be paid at a smaller one: its chances are those of the delays beyond.

Chances and days are estimates, so they are floats; money is rounded by whoever adds it up.
"""

from bisect import bisect_left
from collections import defaultdict
from itertools import accumulate, islice, product
from math import exp
from typing import NamedTuple

#: Days after which a payment counts half as much for what comes next.
HALF_LIFE = 250
#: Payments that the belief taken from everybody may be worth beside a debtor's own, and the share of it that lies
#: around the debtor's mean rather than where everybody's payments lie: the ledger's own payments choose.
PRIORS, SHIFTS = (2, 4, 8, 12, 20), (0.0, 0.25, 0.5, 0.75, 1.0)
#: Payments looked at for that choice.
SAMPLE = 20_000
#: Payments that the mean of the segment is worth beside a debtor's own mean, and everybody's beside a segment's.
PRIOR_MEAN, PRIOR_SEGMENT = 1, 10
#: Share of payments that come at a time nobody could foresee, and the days they take in the mean.
STRAY, STRAY_DAYS = 0.02, 90
#: Delays at which a curve is known; between two of them it is a straight line.
EDGES = (
    *(-90, -60, -45, -30, -25, -21, -17, -14, -12, -10, -9, -8),
    *range(-7, 31),
    *(35, 40, 45, 50, 60, 75, 90, 105, 120, 150, 180, 240, 300, 365, 545, 730),
)
LOW, HIGH = EDGES[0], EDGES[-1]
#: Days for which a chance is told.
HORIZONS = (7, 14, 30, 60, 90)
#: Shares of all that may come at which a day is told: eight in ten payments lie between the outer two.
EARLY, MIDDLE, LATE = 0.1, 0.5, 0.9
#: Standard deviations between which eight in ten sums lie.
EIGHT_IN_TEN = 1.2816
#: How much the items of one debtor go together: paid in one go, or left together.
TOGETHER = 0.3


def weight(days):
    """Return what a payment of ``days`` ago counts: 1 today, half of it after ``HALF_LIFE``."""
    return 2 ** (-days / HALF_LIFE)


def _positions():
    """For each day from ``LOW`` to ``HIGH`` the edge at or before it, and how far it is to the next one."""
    edge = 0
    for day in range(LOW, HIGH):
        if day >= EDGES[edge + 1]:
            edge += 1
        yield edge, (day - EDGES[edge]) / (EDGES[edge + 1] - EDGES[edge])
    yield len(EDGES) - 1, 0.0


_POSITIONS = tuple(_positions())


def _at(values, day):
    """The height at ``day`` of the line through ``values`` at the edges."""
    if day < LOW:
        return 0.0
    edge, part = _POSITIONS[min(day, HIGH) - LOW]
    return values[edge] + part * (values[edge + 1] - values[edge]) if part else values[edge]


class Outlook(NamedTuple):
    """What may still happen to an item: how many payments by each edge, on the scale of ``whole``."""

    own: tuple
    prior: tuple
    #: Payments that the prior's part is scaled by.
    scale: float
    #: Where the item stands now, and all that may come.
    start: float
    whole: float
    age: int

    def chance(self, days):
        """Chance that the item is paid within ``days`` from now."""
        if days <= 0:
            return 0.0
        day = self.age + days
        reached = _at(self.own, day) + self.scale * _at(self.prior, day)
        return min(max((reached - self.start) / self.whole, 0.0), 1.0)

    def days(self, chance):
        """Days from now by which the item is paid with this ``chance``, at least 1, as far as ``HIGH`` lets see."""
        wanted = self.start + chance * self.whole
        own, prior, scale = self.own, self.prior, self.scale
        edge = bisect_left(range(len(EDGES)), wanted, key=lambda at: own[at] + scale * prior[at])
        if edge >= len(EDGES):
            return max(HIGH - self.age, 1)
        before = edge - 1
        low, high = own[before] + scale * prior[before], own[edge] + scale * prior[edge]
        part = (wanted - low) / (high - low) if high > low else 1.0
        day = EDGES[before] + part * (EDGES[edge] - EDGES[before])
        return max(round(day - self.age), 1)


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


def weekly(items, weeks):
    """What comes in by week.

    :param items: (debtor, amount, what may happen to it)
    :param weeks: number of weeks from now
    :return: for each week (expected, standard deviation), in the amounts' currency
    """
    expected = [0.0] * weeks
    own, together = [0.0] * weeks, defaultdict(lambda: [0.0] * weeks)
    for debtor, amount, outlook in items:
        before = 0.0
        for week in range(weeks):
            reached = outlook.chance(7 * (week + 1))
            share, before = reached - before, reached
            expected[week] += amount * share
            variance = amount * amount * share * (1 - share)
            own[week] += variance
            together[debtor][week] += variance**0.5
    spreads = (
        ((1 - TOGETHER) * own[week] + TOGETHER * sum(part[week] ** 2 for part in together.values())) ** 0.5
        for week in range(weeks)
    )
    return list(zip(expected, spreads, strict=True))


class Curve(NamedTuple):
    """How a debtor pays: its own payments by each edge (added up weights), and what is believed beside them."""

    own: tuple
    prior: tuple
    #: Payments the belief is worth.
    worth: float

    def outlook(self, age):
        """Return the :class:`Outlook` of an item that is open ``age`` days from its due date."""
        own, believed = _at(self.own, age), _at(self.prior, age)
        scale = self.worth / max(1 - believed, 1e-9)
        return Outlook(
            self.own,
            self.prior,
            scale,
            own + scale * believed,
            self.own[-1] - own + self.worth,
            max(min(age, HIGH), LOW - 1),
        )


class History:
    """How everybody paid until a day.

    :param rows: (debtor, delay in days, weight), in any order; the same debtor and delay may come again
    :param segments: {debtor: segment}; debtors of a segment are taken to pay alike before their own payments tell
    """

    def __init__(self, rows, segments=None):
        self.segments = segments or {}
        self.delays = defaultdict(lambda: defaultdict(float))
        for debtor, delay, heavy in rows:
            self.delays[debtor][min(max(delay, LOW), HIGH)] += heavy
        self.sums = {
            debtor: (sum(delays.values()), sum(delay * heavy for delay, heavy in delays.items()))
            for debtor, delays in self.delays.items()
        }
        self._means()
        self._spread()
        self._weigh()

    def _means(self):
        """Means of everybody and of the segments, each shrunk to the one above it."""
        total, days = (
            (sum(part) for part in zip(*self.sums.values(), strict=True)) if self.sums else (0.0, 0.0)
        )
        self.mean = days / total if total else 0.0
        segments = defaultdict(lambda: [0.0, 0.0])
        for debtor, (heavy, days) in self.sums.items():
            of_segment = segments[self.segments.get(debtor)]
            of_segment[0] += heavy
            of_segment[1] += days
        self.segment_means = {
            segment: (days + PRIOR_SEGMENT * self.mean) / (heavy + PRIOR_SEGMENT)
            for segment, (heavy, days) in segments.items()
        }

    def mean_of(self, debtor, without=(0.0, 0.0)):
        """Mean delay of ``debtor``, shrunk to its segment's; ``without`` a (weight, weighted days) of its own."""
        around = self.segment_means.get(self.segments.get(debtor), self.mean)
        heavy, days = self.sums.get(debtor, (0.0, 0.0))
        return (days - without[1] + PRIOR_MEAN * around) / (heavy - without[0] + PRIOR_MEAN)

    def _spread(self):
        """How payments lie around their debtors' means: each against the mean of the debtor's others."""
        spread = defaultdict(float)
        for debtor, delays in self.delays.items():
            for delay, heavy in delays.items():
                # one payment of the delay is left out of the mean it is compared with
                one = min(heavy, 1.0)
                spread[round(delay - self.mean_of(debtor, (one, one * delay)))] += heavy
        reach = HIGH - LOW
        steps = [spread.get(day, 0.0) for day in range(-reach, reach + 1)]
        total = sum(steps)
        self._reach = reach
        self._shape = tuple(part / total for part in accumulate(steps)) if total else None
        everybody = defaultdict(float)
        for delays in self.delays.values():
            for delay, heavy in delays.items():
                everybody[delay] += heavy
        self._pool = _by_edge(everybody)

    def _weigh(self):
        """Choose what the belief is worth, and its shape, by which would have told best who is late.

        Each payment is told by the debtor's others alone.
        """
        self.worth, self.shift = PRIORS[-2], SHIFTS[-1]
        if not self._shape:
            return
        told = list(islice(self._told_by_others(), SAMPLE))
        tried = product(PRIORS, SHIFTS)
        self.worth, self.shift = min(tried, key=lambda one: (_error(told, *one), one))

    def _told_by_others(self):
        """Yield for each delay: its weight, whether late, the debtor's other payments (all, late), what is believed
        of it around its mean and of everybody."""
        pool = 1 - _at(self._pool, 0) / self._pool[-1]
        for debtor, delays in self.delays.items():
            heavy, late = self.sums[debtor][0], sum(part for delay, part in delays.items() if delay > 0)
            for delay, part in delays.items():
                one = min(part, 1.0)
                mean = self.mean_of(debtor, (one, one * delay))
                others = (heavy - one, late - one * (delay > 0))
                yield part, delay > 0, *others, 1 - self._near(0, mean), pool

    def curve(self, debtor):
        """Return the :class:`Curve` of ``debtor``, whether anything of it is known or not."""
        return Curve(_by_edge(self.delays.get(debtor, {})), self._prior(debtor), self.worth)

    def _near(self, delay, mean):
        """Share of payments by ``delay`` for a debtor whose mean is ``mean``, as everybody lies around its own."""
        at = delay - mean + self._reach
        whole, last = int(at // 1), len(self._shape) - 1
        if not 0 <= whole < last:
            return 0.0 if whole < 0 else 1.0
        return self._shape[whole] + (at - whole) * (self._shape[whole + 1] - self._shape[whole])

    def _prior(self, debtor):
        """What is believed of the debtor by each edge: everybody's spread around its mean, and the stray."""
        if not self._shape:
            return _STRAYS
        mean, shift, everybody = self.mean_of(debtor), self.shift, self._pool[-1]
        return tuple(
            (1 - STRAY) * (shift * self._near(edge, mean) + (1 - shift) * pool / everybody) + STRAY * stray
            for edge, pool, stray in zip(EDGES, self._pool, _STRAYS, strict=True)
        )


def _by_edge(delays):
    """Weights of ``delays`` added up by each edge."""
    ordered = sorted(delays.items())
    found, heavy, position = [], 0.0, 0
    for edge in EDGES:
        while position < len(ordered) and ordered[position][0] <= edge:
            heavy += ordered[position][1]
            position += 1
        found.append(heavy)
    return tuple(found)


def _error(told, worth, shift):
    """Squared error of the chances to be late, with a belief of this worth and shape."""
    return sum(
        heavy * ((late_others + worth * (shift * near + (1 - shift) * pool)) / (others + worth) - late) ** 2
        for heavy, late, others, late_others, near, pool in told
    )


def _strays():
    """Payments nobody could foresee: none before they are due, then the same chance every day."""
    return tuple(1 - exp(-max(edge, 0) / STRAY_DAYS) for edge in EDGES)


_STRAYS = _strays()
