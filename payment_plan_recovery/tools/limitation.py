"""Limitation: the last day on which a debt can still be taken to court, and how that day was found.

A period runs from the day the debt could be claimed. *Interruptions* start it anew (FR C. civ. 2231, DE
BGB 212), *suspensions* stop it for a while (2230, BGB 209). Everything is judged as it was known on a day:
events after it have not happened, and what ends after it is still going on.

Periods end with their last day (FR C. civ. 2228, 2229; DE BGB 188): five years from 31 March 2021 end on
31 March 2026, and the debt is barred from 1 April 2026 on.
"""

import datetime
from dataclasses import dataclass, field
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .days import moved
from .errors import KernelError
from .money import require_choice

CODES = {
    "limitation_period_missing": (),  # a period that is no whole number of months above zero
    "limitation_date_missing": ("name",),  # no base date, or no day of judgment
    "limitation_event_reversed": ("date", "previous"),  # ends before it starts
}

#: What may happen to a debt. A title (judgment, enforceable order) gives it a period of its own.
KINDS = (
    *("acknowledgment", "part_payment", "formal_notice", "suit", "enforcement", "declaration", "title"),
    *("mediation", "small_claims", "negotiation"),
)
#: What goes on from one day to another: it has its effect until it ends.
LASTING = ("suit", "declaration", "mediation", "small_claims", "negotiation")
#: After these no long-stop holds (FR C. civ. 2232, second paragraph).
LIFTS_LONG_STOP = ("suit", "enforcement", "title")


class Event(NamedTuple):
    """Something that happened to the debt on ``day``, until ``until`` for what lasts (None while it does).

    ``dismissed`` makes a suit as if it had never been (FR C. civ. 2243).
    """

    kind: str
    day: datetime.date
    until: datetime.date | None = None
    dismissed: bool = False


class Suspension(NamedTuple):
    """What a suspending event does beyond stopping the clock.

    ``months_left`` is the least that is left when it ends (FR C. civ. 2238: 6); ``months_after`` is how
    long it goes on having its effect after its end (DE BGB 204 (2): 6).
    """

    months_left: int = 0
    months_after: int = 0


@dataclass(frozen=True)
class LimitationRule:
    """A period of limitation: ``months`` long, for one kind of debtor in one country.

    ``from_year_end`` lets the first period start with the end of the year (DE BGB 199); one that starts
    anew does so on the day of the event. ``long_stop_years`` after the debt arose nothing but suit and
    enforcement keeps it alive (FR C. civ. 2232: 20); ``title_years`` is the period of a title
    (FR CPCE L111-4: 10). Both may be None. ``interrupts`` names events, ``suspends`` maps them.
    """

    months: int
    from_year_end: bool = False
    long_stop_years: int | None = None
    title_years: int | None = None
    interrupts: frozenset = frozenset()
    suspends: dict = field(default_factory=dict)

    def __post_init__(self):
        if not isinstance(self.months, int) or self.months < 1:
            raise KernelError("limitation_period_missing")
        for kind in (*self.interrupts, *self.suspends):
            require_choice("event", kind, KINDS)


class Step(NamedTuple):
    """One line of the working: what ``code`` did, on ``day``, and the last day that follows, if one does.

    ``code`` is ``base``, ``year_end``, ``interrupted``, ``suspended``, ``title``, ``long_stop``, or why an
    event changed nothing: ``no_effect`` (the law gives it none), ``dismissed``, ``too_late``.
    """

    code: str
    day: datetime.date
    kind: str = ""
    until: datetime.date | None = None
    expires_on: datetime.date | None = None


class Limitation(NamedTuple):
    """``expires_on`` is the last day to act, None while the period does not run; ``steps`` say why."""

    expires_on: datetime.date | None
    steps: tuple

    def is_barred(self, day):
        """Tell whether the debt is time-barred on ``day``."""
        return self.expires_on is not None and day > self.expires_on


def limitation(rule, due, on, arose=None, events=()):
    """Return the :class:`Limitation` of a debt as known ``on`` a day.

    :param due: day from which it can be claimed
    :param arose: day it came into being, from which the long-stop counts; ``due`` when not given
    :param events: of any order
    """
    if not due:
        raise KernelError("limitation_date_missing", name="due")
    for event in events:
        require_choice("event", event.kind, KINDS)
        if event.until and event.until < event.day:
            raise KernelError("limitation_event_reversed", date=event.until, previous=event.day)
    clock = _Clock(rule, due)
    for event in sorted(events, key=_order):
        if event.day <= on:
            clock.take(event, on)
    clock.cap(min(arose or due, due))
    return Limitation(clock.expires, tuple(clock.steps))


def _order(event):
    return (event.day, KINDS.index(event.kind), event.until or datetime.date.max, event.dismissed)


class _Clock:
    """The period as it stands after the events taken so far."""

    def __init__(self, rule, due):
        self.rule = rule
        self.period = relativedelta(months=rule.months)
        self.running_from = due
        self.lifted = False
        self.expires = moved(due, self.period)
        self.steps = [Step("base", due, expires_on=self.expires)]
        if rule.from_year_end:
            self.running_from = datetime.date(due.year, 12, 31)
            self.expires = moved(self.running_from, self.period)
            self.steps.append(Step("year_end", self.running_from, expires_on=self.expires))

    def take(self, event, on):
        """Let ``event`` have its effect, or note why it has none."""
        until = event.until if event.until and event.until <= on else None
        code = self._why_nothing(event)
        if code:
            self._note(code, event, event.until)
        elif event.kind == "title":
            self.period = relativedelta(years=self.rule.title_years)
            self._start_anew(event, event.day, "title")
        elif event.kind in self.rule.interrupts:
            lasting = event.kind in LASTING
            self._start_anew(event, until if lasting else event.day, "interrupted")
        else:
            self._suspend(event, until, self.rule.suspends[event.kind])

    def _why_nothing(self, event):
        title = event.kind == "title" and self.rule.title_years
        if not title and event.kind not in self.rule.interrupts and event.kind not in self.rule.suspends:
            return "no_effect"
        if event.dismissed:
            return "dismissed"
        # A judgment is the end of a suit that stopped the clock in time, or there would be none.
        if self.expires and event.day > self.expires and event.kind != "title":
            return "too_late"
        return None

    def _start_anew(self, event, start, code):
        """Begin the whole period again on ``start``; it does not run while that is None."""
        self.lifted = self.lifted or event.kind in LIFTS_LONG_STOP
        if start is None:
            self.running_from, self.expires = None, None
        elif code == "title" or self.running_from is not None:
            # Started anew while it is stopped, it runs from the end of the stop.
            self.running_from = start if code == "title" else max(start, self.running_from)
            self.expires = moved(self.running_from, self.period)
        self._note(code, event, event.until if event.kind in LASTING else None)

    def _suspend(self, event, until, suspension):
        """Leave out the days from the event to its end that no other suspension left out already."""
        if until is None:
            self.running_from, self.expires = None, None
        elif self.running_from is not None:
            end = moved(until, relativedelta(months=suspension.months_after))
            begin = max(event.day, self.running_from)
            if end > begin:
                self.expires = moved(self.expires, end - begin)
                self.running_from = end
            self.expires = max(self.expires, moved(end, relativedelta(months=suspension.months_left)))
        self._note("suspended", event, until)

    def cap(self, arose):
        """Let the long-stop end what goes on longer, unless suit or enforcement lifted it."""
        if not self.rule.long_stop_years or self.lifted:
            return
        stop = moved(arose, relativedelta(years=self.rule.long_stop_years))
        if self.expires is None or self.expires > stop:
            self.expires = stop
            self.steps.append(Step("long_stop", arose, expires_on=stop))

    def _note(self, code, event, until):
        self.steps.append(Step(code, event.day, event.kind, until, self.expires))
