"""What makes bands, answers and classes of a scorecard whole."""

from itertools import pairwise

from .errors import KernelError
from .money import to_decimal


def seamless(code, bands):
    """Return the bands by rising values, each starting where the one below ends."""
    bands = tuple(sorted(bands, key=lambda band: (band.lower is not None, band.lower or 0)))
    for band in bands:
        if None not in (band.lower, band.upper) and band.lower >= band.upper:
            raise KernelError("band_empty", criterion=code, lower=band.lower, upper=band.upper)
    for band, following in pairwise(bands):
        if band.upper is None or following.lower is None or following.lower < band.upper:
            raise KernelError("band_overlap", criterion=code, value=following.lower)
        if band.upper < following.lower:
            raise KernelError("band_gap", criterion=code, value=band.upper)
    return bands


def distinct(code, answers):
    answers = tuple((answer, to_decimal(points)) for answer, points in answers)
    known = [answer for answer, _ in answers]
    for answer in known:
        if known.count(answer) > 1:
            raise KernelError("answer_duplicate", criterion=code, value=answer)
    return answers


def ranked(classes):
    """Return the classes from best to worst, the worst one open below."""
    ranked = sorted(classes, key=lambda each: (each.from_score is None, -(each.from_score or 0)))
    if not ranked:
        raise KernelError("classes_missing")
    for field in ("code", "from_score"):
        known = [getattr(each, field) for each in ranked]
        for each in ranked:
            if known.count(getattr(each, field)) > 1:
                raise KernelError("class_duplicate", risk_class=each.code)
    if ranked[-1].from_score is not None:
        raise KernelError("class_gap", score=ranked[-1].from_score)
    return tuple(ranked)
