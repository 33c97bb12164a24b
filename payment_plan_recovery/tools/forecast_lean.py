"""How far off chances to be late were lately, and curves that are so much more, or less, likely late.

Times change for everybody: chances told from what was known before then are off together. By how much is counted from
what would have been told of the latest payments and what came, in log-odds, and believed as far as chance alone would
not have made it.
"""

from math import exp

from .forecast import EDGES

#: Days after which a payment counts half as much; log-odds that no lean goes beyond; how often the best one is drawn
#: nearer.
HALF_LIFE, MOST, ROUNDS = 60, 2.0, 8
#: Times what chance makes of a lean's square that is taken off it.
CERTAIN = 2
#: Where the due date lies among the edges of a curve.
DUE = EDGES.index(0)


def lean(told):
    """By how many log-odds lateness was told too low lately; below zero it was told too high.

    What is found is shrunk by twice the share of its square that chance makes: what it may have made leaves nothing.

    :param told: (chance to be late, whether it came late, days since)
    """
    rows = [(chance, late, 2 ** (-since / HALF_LIFE)) for chance, late, since in told]
    found = known = noise = 0.0
    for _round in range(ROUNDS):
        off, known, noise = -found, 1.0, 0.0  # before any payment tells, log-odds lean by one in the mean
        for chance, late, weight in rows:
            leaning_to = leant(chance, found)
            spread = weight * leaning_to * (1 - leaning_to)
            off += weight * (late - leaning_to)
            known += spread
            noise += weight * spread
        found = min(max(found + off / known, -MOST), MOST)
    noise *= CERTAIN / known**2
    return found * (1 - noise / found**2) if found**2 > noise else 0.0


def leant(chance, log_odds):
    """A chance that is so many log-odds higher."""
    more = chance * exp(log_odds)
    return more / (1 - chance + more)


def leaning(heights, log_odds):
    """A curve whose lateness is so many log-odds more likely: what comes in time and what comes late, weighed anew.

    :param heights: how much is paid by each edge, and in the end all that may come
    """
    in_time, late = heights[DUE], 1 - heights[DUE] / heights[-1]
    if not log_odds or not 0 < late < 1:
        return heights
    by_late = leant(late, log_odds) / late
    by_time = (1 - late * by_late) / (1 - late)
    return [
        by_time * height if place <= DUE else by_time * in_time + by_late * (height - in_time)
        for place, height in enumerate(heights)
    ]
