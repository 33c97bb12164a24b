"""What is known of everybody at a day: how each debtor pays, and why an item is expected when it is."""

from dataclasses import dataclass, field
from datetime import date

from ...tools.forecast_circumstances import Circumstances
from ...tools.forecast_history import NOTHING, History
from ...tools.forecast_rhythm import Dated, rhythm

#: Payments under which a debtor has too little history to speak of a habit.
LITTLE = 3
#: Debtors whose curves are remembered: items are asked about debtor by debtor, and a curve has its weight.
REMEMBERED = 500


@dataclass
class Situation:
    """What everybody paid until ``date``, and what is open on it."""

    date: date
    items: list  # (item id, debtor id, due date, amount) of what is open, debtor by debtor
    ages: dict  # {debtor id: days since the due dates of what it owes}
    history: History
    circumstances: Circumstances
    means: object  # of the debtors: what has to be beaten
    _curves: dict = field(default_factory=dict)
    _rhythms: dict = field(default_factory=dict)

    def curve(self, debtor_id, date_due, amount):
        """How a debtor pays an invoice of this amount that is due on a day."""
        if debtor_id not in self._curves:
            if len(self._curves) >= REMEMBERED:
                self._curves.clear()
            curve = self.history.curve(debtor_id, self.ages.get(debtor_id, ()))
            days = self.rhythm(debtor_id)
            self._curves[debtor_id] = Dated.of(curve, days) if days else curve
        later = sum(one.days for one in self._circumstances(debtor_id, amount).values())
        return self._curves[debtor_id].on(date_due, round(later))

    def _circumstances(self, debtor_id, amount):
        """What makes an item come later or earlier; nothing does with who pays on its days."""
        return {} if self.rhythm(debtor_id) else self.circumstances.of(debtor_id, amount)

    def rhythm(self, debtor_id):
        """The days on which a debtor pays, None where there are none."""
        if debtor_id not in self._rhythms:
            today, since = self.date.toordinal(), self._payments(debtor_id).since
            self._rhythms[debtor_id] = rhythm([today - days for days in since])
        return self._rhythms[debtor_id]

    def reasons(self, debtor_id, amount):
        """Why an item of a debtor is expected when it is, as pairs of a code and its figures."""
        days, found = self.rhythm(debtor_id), [_habit(self._payments(debtor_id).delays)]
        if days:
            found.append(("rhythm", days._asdict()))
        for code, later in self._circumstances(debtor_id, amount).items():
            if round(later.days):
                found.append((code, {"days": round(later.days), "count": later.count}))
        return tuple(found)

    def _payments(self, debtor_id):
        return self.history.paid.get(debtor_id, NOTHING)


def _habit(delays):
    """A debtor's payments as a reason: how many, how many late, the delay in the middle."""
    count = len(delays)
    if count < LITTLE:
        return ("little_history", {"count": count})
    late = sum(delay > 0 for delay in delays)
    return ("habit", {"late": late, "count": count, "middle": sorted(delays)[(count - 1) // 2]})
