"""Arithmetic of the figures that are more than one sum over another."""

from math import sqrt

#: Standard deviations between which 95 of 100 normal draws lie.
NINETY_FIVE = 1.96


def count_back(receivable, months):
    """Return the days of sales that ``receivable`` exhausts, newest month first (DSO by count-back).

    :param receivable: what is owed at the day asked
    :param months: (days of the month, sales of it), newest first; the newest may be begun only
    :return: days, as many as the months have at most; None without any sales
    """
    if not any(sales > 0 for _days, sales in months):
        return None
    left, counted = receivable, 0.0
    for days, sales in months:
        if left <= 0:
            break
        if left >= sales:
            counted += days
            left -= max(sales, 0)
        else:
            return counted + days * left / sales
    return counted


def weighted_median(pairs):
    """Return the value below and above which half of the weight lies; None without weight.

    :param pairs: (value, weight), weights not negative
    """
    ranked = sorted((value, weight) for value, weight in pairs if weight > 0)
    half, seen = sum(weight for _value, weight in ranked) / 2, 0
    for value, weight in ranked:
        seen += weight
        if seen >= half:
            return value
    return None


def wilson(successes, trials, z=NINETY_FIVE):
    """Return (low, high) of a share seen ``successes`` times in ``trials``: the interval of E. B. Wilson (1927).

    Unlike the plain one it stays within 0 and 1 and is right for few trials.
    """
    if not trials:
        return 0.0, 1.0
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt((share * (1 - share) + spread / 4) / trials) / (1 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)
