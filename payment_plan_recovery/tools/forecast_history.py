"""How everybody paid until a day, and what is believed of each debtor from it.

Of each debtor the delays so far are known, older ones counting less. Beside them stands a belief, worth some
payments of its own: that the debtor pays as everybody does, or as everybody does around its own mean, or so and as
regularly as itself. How fast payments age, what the belief is worth and which it is, the ledger chooses: by which
would have told best, of its latest payments, which came late, each from what was known when its invoice was made.
As far as even that told more or fewer late than came lately, everybody is told so much less, or more, likely late.
An item that is late and still open is known to be paid later than today.
"""

from collections import Counter, defaultdict
from itertools import accumulate, compress
from math import exp, inf
from operator import mul
from typing import NamedTuple

from .forecast import EDGES, Curve, at
from .forecast_lean import lean, leaning

#: Days after which a payment counts half as much for what comes next.
HALF_LIVES = (90, 360, inf)
#: Payments that the belief may be worth beside a debtor's own.
WORTHS = (1, 8, 64)
#: What may be believed: payments lie where everybody's do, around the debtor's own mean, or as near to it as its own.
EVERYBODY, AROUND, OWN = SHAPES = ("everybody", "around", "own")
#: Debtors' latest payments looked at for the choice, how many of each at most, and how few are too few.
SAMPLE, LATEST, ENOUGH = 6_000, 12, 60
#: Latest payments of a debtor by which it is told how its payments lie around their mean: each is laid against the
#: others, so that of twice as many four times the work would come.
RECENT = 100
#: Squared error, in payments, by which a choice has to be better for each step away from the middle one.
STEP_COSTS = 0.3
#: Payments that the mean of the segment is worth beside a debtor's own mean, everybody's beside a segment's, and
#: everybody's spread beside a debtor's own.
PRIOR_MEAN, PRIOR_SEGMENT, PRIOR_SPREAD = 1, 10, 6
#: Spreads from the middle of a debtor's payments beyond which one moves the mean no further: an invoice in dispute
#: for a year is not a habit.
FAR = 4
#: Share of a belief that lies where everybody's payments do, whatever the debtor's mean.
ALIKE = 0.02
#: Share of payments that come at a time nobody could foresee, and the days they take in the mean.
STRAY, STRAY_DAYS = 0.01, 90
#: Payments around a mean are counted in steps, so many to a spread, as far as so many spreads.
STEPS, REACH = 20, 12
#: Least spread, in days.
NARROW = 0.25
#: Days back to which payments age.
MEMORY = 1_200
_AGEING = {
    half_life: tuple(2 ** (-days / half_life) for days in range(MEMORY + 1)) for half_life in HALF_LIVES
}
_STRAYS = tuple(1 - exp(-max(edge, 0) / STRAY_DAYS) for edge in EDGES)


class Payments(NamedTuple):
    """What a debtor paid so far, payment by payment, in days: the latest payment comes last."""

    delays: tuple
    #: Since the payment.
    since: tuple
    #: From the invoice to the payment.
    took: tuple
    #: Of the invoices, in company currency; empty where they are not known.
    amounts: tuple = ()


NOTHING = Payments((), (), ())


class Choice(NamedTuple):
    """How payments age, what the belief beside them is worth, and which it is."""

    half_life: float = HALF_LIVES[1]
    worth: float = WORTHS[1]
    shape: str = OWN

    def steps(self):
        """How far it is from the middle choice."""
        return (
            abs(HALF_LIVES.index(self.half_life) - 1)
            + abs(WORTHS.index(self.worth) - 1)
            + (self.shape != OWN)
        )


CHOICES = tuple(Choice(life, worth, shape) for life in HALF_LIVES for worth in WORTHS for shape in SHAPES)


class Gauge(NamedTuple):
    """A debtor's payments in short: how many (by weight), how many of them late, their mean and spread in days."""

    heavy: float
    late: float
    mean: float
    spread: float


class Likely(NamedTuple):
    """How debtors pay that are taken to be alike: their mean delay, and the share of their payments by each edge."""

    mean: float
    shares: tuple


class History:
    """How everybody paid until a day.

    :param paid: {debtor: :class:`Payments`}
    :param segments: {debtor: segment}; debtors of a segment are taken to pay alike before their own payments tell
    """

    def __init__(self, paid, segments=None):
        self.paid, self.segments = paid, segments or {}
        self.choice, self.lean = Choice(shape=EVERYBODY), 0.0
        self.spread, self._everybody, self._of_segment = 1.0, Likely(0.0, _STRAYS), {}
        delays = [delay for payments in paid.values() for delay in payments.delays]
        self.sample = self._sample(len(delays))
        if not delays:
            return
        self._together(delays)
        self._spreads(self.sample)
        self._choose(self.sample)

    def _together(self, delays):
        """How everybody pays, and the debtors of each segment, shrunk to everybody."""
        self._everybody = _likely(delays, Likely(0.0, _STRAYS), 0)
        found = defaultdict(list)
        for debtor, segment in self.segments.items():
            found[segment] += self.paid.get(debtor, NOTHING).delays
        self._of_segment = {
            segment: _likely(delays, self._everybody, PRIOR_SEGMENT) for segment, delays in found.items()
        }

    def _alike(self, debtor):
        """How the debtors of its segment pay, everybody where nothing is known of it."""
        return self._of_segment.get(self.segments.get(debtor), self._everybody)

    def _sample(self, total):
        """Debtors spread over all of them, with about ``SAMPLE`` payments."""
        return sorted(self.paid, key=str)[:: max(round(total / SAMPLE), 1)]

    def _spreads(self, sample):
        """How payments lie around their debtors' means: each against the mean and the spread of the debtor's others."""
        known = [self.paid[debtor].delays[-RECENT:] for debtor in sample]
        off = sum(
            abs(delay - middle) for delays in known for middle in (_middle(delays),) for delay in delays
        )
        self.spread = max(off / max(sum(len(delays) - 1 for delays in known), 1), NARROW)
        around, own = ([0] * (2 * STEPS * REACH + 1) for _shape in (AROUND, OWN))
        for debtor, delays in zip(sample, known, strict=True):
            for number, delay in enumerate(delays):
                others = self._gauge(debtor, delays[:number] + delays[number + 1 :])
                away = delay - others.mean
                around[_step(away / self.spread)] += 1
                own[_step(away / others.spread)] += 1
        self._shapes = {
            shape: tuple(part / sum(steps) for part in accumulate(steps))
            for shape, steps in ((AROUND, around), (OWN, own))
        }

    def _gauge(self, debtor, delays, weights=None):
        """Return the :class:`Gauge` of these payments of ``debtor``."""
        middle, far = _middle(delays), FAR * self.spread
        low, high = middle - far, middle + far
        near = [low if delay < low else high if delay > high else delay for delay in delays]
        if weights is None:
            weights = (1.0,) * len(delays)
        heavy = sum(weights)
        late = sum(compress(weights, (delay > 0 for delay in delays)))
        mean = (sum(map(mul, near, weights)) + PRIOR_MEAN * self._alike(debtor).mean) / (heavy + PRIOR_MEAN)
        off = sum(weight * abs(delay - mean) for delay, weight in zip(near, weights, strict=True))
        spread = (off + PRIOR_SPREAD * self.spread) / (heavy + PRIOR_SPREAD)
        return Gauge(heavy, late, mean, max(spread, NARROW))

    # -- the choice ------------------------------------------------------------------------

    def _choose(self, sample):
        """Choose what would have told best which of the latest payments came late, and how far off it was."""
        errors, told = dict.fromkeys(CHOICES, 0.0), 0
        for debtor in sample:
            told += self._try(debtor, errors)
        self.choice = Choice()
        if told >= ENOUGH:
            self.choice = min(CHOICES, key=lambda one: errors[one] + STEP_COSTS * one.steps())
            self.lean = lean([told for debtor in sample for told in self._told(debtor)])

    def _try(self, debtor, errors):
        """Add the squared errors of each choice for the latest payments of ``debtor``; return how many there are."""
        alike = self._alike(debtor).shares
        count = 0
        for late, _since, known, ages in self._latest(debtor):
            count += 1
            for half_life, ageing in _AGEING.items():
                gauge = self._gauge(debtor, known, [ageing[age] for age in ages])
                for shape in SHAPES:
                    chance = 1 - self._believed(shape, gauge, alike, 0)
                    for worth in WORTHS:
                        told = (gauge.late + worth * chance) / (gauge.heavy + worth)
                        errors[half_life, worth, shape] += (told - late) ** 2
        return count

    def _told(self, debtor):
        """Yield (chance, whether it came late, days since) of its latest payments, as the choice would have told."""
        half_life, worth, shape = self.choice
        alike, ageing = self._alike(debtor).shares, _AGEING[half_life]
        for late, since, known, ages in self._latest(debtor):
            gauge = self._gauge(debtor, known, [ageing[age] for age in ages])
            chance = 1 - self._believed(shape, gauge, alike, 0)
            yield (gauge.late + worth * chance) / (gauge.heavy + worth), late, since

    def _latest(self, debtor):
        """Yield (whether it came late, days since, delays known when its invoice was made, their ages) of payments."""
        delays, since, took, _amounts = self.paid[debtor]
        for number in range(max(len(delays) - LATEST, 0), len(delays)):
            made = since[number] + took[number]
            # payments lie in the order of their days, so what was known when the invoice was made comes first
            known = sum(day >= made for day in since[:number])
            ages = [min(day - made, MEMORY) for day in since[:known]]
            yield delays[number] > 0, since[number], delays[:known], ages

    # -- a debtor --------------------------------------------------------------------------

    def curve(self, debtor, ages=()):
        """Return the :class:`~.forecast.Curve` of ``debtor``, whether anything of it is known or not.

        :param ages: days since the due dates of what it owes; what is not late yet tells nothing
        """
        payments, ageing = self.paid.get(debtor, NOTHING), _AGEING[self.choice.half_life]
        weights = [ageing[min(day, MEMORY)] for day in payments.since]
        late = [(age, ageing[min(age, MEMORY)]) for age in sorted(ages) if age > 0]
        own = defaultdict(float)
        for delay, weight in zip(payments.delays, weights, strict=True):
            own[delay] += weight
        gauge = self._gauge(
            debtor, [*payments.delays, *(age for age, _ in late)], weights + [weight for _, weight in late]
        )
        shape, worth, alike = self.choice.shape, self.choice.worth, self._alike(debtor).shares
        heights = [
            height + worth * ((1 - STRAY) * self._believed(shape, gauge, alike, edge) + STRAY * stray)
            for edge, height, stray in zip(EDGES, _by_edge(own), _STRAYS, strict=True)
        ]
        heights.append(sum(weights) + worth)
        heights = leaning(heights, self.lean)
        for age, weight in late:
            heights = _open_at(heights, age, weight)
        return Curve(tuple(heights))

    def _believed(self, shape, gauge, alike, delay):
        """Share of payments by ``delay`` that is believed of a debtor with these payments.

        :param alike: shares of the payments of those who are taken to be alike, by each edge
        """
        everybody = at(alike, delay)
        if shape == EVERYBODY:
            return everybody
        spread = gauge.spread if shape == OWN else self.spread
        # a day counts to its end, and a step to the middle between it and the next
        where = ((delay + 0.5 - gauge.mean) / spread + REACH) * STEPS - 0.5
        whole = int(where)
        if where < 0:
            near = 0.0
        elif whole >= 2 * STEPS * REACH:
            near = 1.0
        else:
            steps = self._shapes[shape]
            near = steps[whole] + (where - whole) * (steps[whole + 1] - steps[whole])
        # a mean of few payments may lie anywhere
        share = ALIKE + (1 - ALIKE) / (1 + gauge.heavy) ** 2
        return (1 - share) * near + share * everybody


def _middle(delays):
    return sorted(delays)[len(delays) // 2] if delays else 0


def _step(spreads):
    """The step in which a payment lies that is so many ``spreads`` from the mean."""
    return min(max(round(spreads * STEPS), -STEPS * REACH), STEPS * REACH) + STEPS * REACH


def _open_at(heights, age, weight):
    """Lay an item that is still open at ``age`` over what lies beyond, in proportion: there it will be paid."""
    start = at(heights, age)
    # strays come at any time: something is always left
    grows = 1 + weight / (heights[-1] - start)
    return [
        start + (height - start) * grows if edge > age else height
        for edge, height in zip((*EDGES, inf), heights, strict=True)
    ]


def _likely(delays, others, worth):
    """The :class:`Likely` of these delays, beside ``others`` that are worth so many payments."""
    heavy = len(delays) + worth
    return Likely(
        (sum(delays) + worth * others.mean) / heavy,
        tuple(
            (reached + worth * share) / heavy
            for reached, share in zip(_by_edge(Counter(delays)), others.shares, strict=True)
        ),
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
