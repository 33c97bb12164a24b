"""How good a forecast was: scores of chances, of ranges and of sums by week."""

from dataclasses import dataclass, field


def brier(pairs):
    """Mean squared distance between a chance and what came (1 or 0): 0 is perfect, 0.25 a coin's.

    :param pairs: (chance, came)
    :return: None when there is nothing to score
    """
    pairs = list(pairs)
    return sum((chance - came) ** 2 for chance, came in pairs) / len(pairs) if pairs else None


def wape(pairs):
    """Sum of the distances between foreseen and received sums over what was received (weighted absolute error).

    :param pairs: (foreseen, received)
    :return: None when nothing was received
    """
    pairs = list(pairs)
    received = sum(real for _foreseen, real in pairs)
    return sum(abs(foreseen - real) for foreseen, real in pairs) / received if received else None


def average(values):
    """Mean of ``values``, None when there are none."""
    return sum(values) / len(values) if values else None


def covered(ranges):
    """Share of what lay inside its range.

    :param ranges: (low, high, real)
    :return: None when there is nothing to score
    """
    ranges = list(ranges)
    return sum(low <= real <= high for low, high, real in ranges) / len(ranges) if ranges else None


#: Ways to foresee an invoice's lateness and day, and the cash by week.
METHODS = ("forecast", "mean", "due")


@dataclass
class Trial:
    """What a back-test gathers: for each invoice and each week what was foreseen and what came.

    Each is told by method: "forecast", "mean" (the debtor's own mean) and "due" (everybody pays on the day).
    """

    late: dict = field(default_factory=dict)
    weeks: dict = field(default_factory=dict)
    ranges: list = field(default_factory=list)
    errors: dict = field(default_factory=dict)

    def add(self, kind, method, pair):
        getattr(self, kind).setdefault(method, []).append(pair)

    def figures(self):
        """Return the scores: {name: figure, or None where there is nothing to score}."""
        return {
            **self._scores("brier", brier, "late"),
            **self._scores("wape", wape, "weeks"),
            **self._scores("days", average, "errors"),
            "coverage": covered(self.ranges),
            "invoices": len(self.late.get("forecast", ())),
            "weeks": len(self.weeks.get("forecast", ())),
        }

    def _scores(self, name, score, kind):
        gathered = getattr(self, kind)
        return {f"{name}_{method}": score(gathered.get(method, ())) for method in METHODS}
