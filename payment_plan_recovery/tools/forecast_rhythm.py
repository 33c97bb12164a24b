"""Days on which a debtor pays: payment runs at a time of the month, or on a day of the week.

Who pays by runs pays nothing between them: what may come on each day weighs as much more on the days of its runs as
its payments fell on them more often than by chance. Its latest payments tell whether there are such days, counted;
they are believed only where Wilson's interval of their share lies well above half.
"""

from bisect import bisect_left
from collections import Counter
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from operator import mul
from typing import NamedTuple

from .forecast import HIGH, LOW, at
from .kpi import wilson

#: Latest payments looked at, and the share of them that falls on its days for certain.
LATEST, SURE = 16, 0.55
#: Days in a row on which a run of the month may come: it waits for the end of a weekend.
RUN_DAYS = 3
#: Places of days in a month: the latter ten days are counted from its end.
PLACES, FROM_END = 31, 10
WEEK, MONTH = "week", "month"
#: Days ahead beyond which curves are too coarse for a day to matter.
AHEAD = 150


@cache
def place(day):
    """Where an ordinal day lies in its month, 0 to 30: the last is the month's last day, whatever its length."""
    when = date.fromordinal(day)
    following = (when.replace(day=28) + timedelta(days=4)).replace(day=1)
    left = (following - when).days - 1
    return PLACES - 1 - left if left < FROM_END else when.day - 1


class Rhythm(NamedTuple):
    """On which days a debtor pays: ``hits`` of its last ``count`` payments came on them.

    ``first`` is the weekday (0 is Monday), or the first place in the month of ``RUN_DAYS``.
    """

    kind: str
    first: int
    hits: int
    count: int

    def weight(self, day):
        """How much more often than by chance it pays on a day like this."""
        if self.kind == WEEK:
            is_on, by_chance = (day - 1) % 7 == self.first, 1 / 7
        else:
            is_on, by_chance = (place(day) - self.first) % PLACES < RUN_DAYS, RUN_DAYS / PLACES
        share = (self.hits + 0.5) / (self.count + 1)
        return share / by_chance if is_on else (1 - share) / (1 - by_chance)


def rhythm(days):
    """Return the :class:`Rhythm` of payments on these ordinal ``days``, the latest last; None where there is none.

    A run of the month is looked for first: who pays by one pays on any weekday.
    """
    latest = days[-LATEST:]
    if wilson(len(latest), len(latest))[0] < SURE:  # too few, had all of them come on such days
        return None
    places = Counter(map(place, latest))
    weekdays = Counter((day - 1) % 7 for day in latest)
    for kind, firsts, hits in (
        (MONTH, PLACES, lambda first: sum(places[(first + day) % PLACES] for day in range(RUN_DAYS))),
        (WEEK, 7, weekdays.__getitem__),
    ):
        first = max(range(firsts), key=hits)
        if wilson(hits(first), len(latest))[0] >= SURE:
            return Rhythm(kind, first, hits(first), len(latest))
    return None


class Dated:
    """A :class:`~.forecast.Curve` of a debtor that pays on some days, for what is due on ``due``, an ordinal day."""

    def __init__(self, steps, left, days, due=None):
        self._steps, self._left, self._days, self._due = steps, left, days, due

    @classmethod
    def of(cls, curve, days):
        """The curve of a debtor with the :class:`Rhythm` ``days``; :meth:`on` says for which due date."""
        heights = [at(curve.heights, day) for day in range(LOW, HIGH + 1)]
        steps = [height - before for before, height in zip([0.0, *heights], heights, strict=False)]
        return cls(steps, curve.heights[-1] - heights[-1], days)

    def on(self, due, _later=0):
        """The same for what is due on a day: its runs do not wait for what others pay later."""
        return Dated(self._steps, self._left, self._days, due.toordinal())

    def late(self):
        """Chance that an item comes late, asked before it is made: nothing has been learnt by waiting for it yet."""
        return 1 - self.outlook(LOW - 1).chance(1 - LOW)

    def outlook(self, age):
        """Return the outlook of an item that is open ``age`` days from its due date."""
        age = max(min(age, HIGH), LOW - 1)
        steps, today = self._steps[age + 1 - LOW :], self._due + age
        near = map(mul, steps, map(self._days.weight, range(today + 1, today + 1 + AHEAD)))
        reached = tuple(accumulate([*near, *steps[AHEAD:]]))
        return DatedOutlook(reached, max((reached[-1] if reached else 0.0) + self._left, 1e-9))


class DatedOutlook(NamedTuple):
    """What may still happen to an item: how much of all that may come has, by each day from tomorrow on."""

    reached: tuple
    total: float

    def chance(self, days):
        """Chance that the item is paid within ``days`` from now."""
        if days <= 0 or not self.reached:
            return 0.0
        return min(self.reached[min(days, len(self.reached)) - 1] / self.total, 1.0)

    def days(self, chance):
        """Days from now by which the item is paid with this ``chance``, at least 1, as far as ``HIGH`` lets see."""
        return min(bisect_left(self.reached, chance * self.total) + 1, max(len(self.reached), 1))
