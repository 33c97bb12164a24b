"""What the tests of instalment schedules share: schedules in one line, and terms drawn at random."""

import datetime
from decimal import Decimal

from hypothesis import assume, settings
from hypothesis import strategies as st
from tools.errors import KernelError
from tools.money import CODES
from tools.schedule import ScheduleRequest, build_schedule

D = Decimal
day = datetime.date.fromisoformat
QUICK = settings(max_examples=150, deadline=None)
MONEY = st.integers(1, 10**9)


def build(**terms):
    """The schedule of these terms, of 1,200 from 15 January 2026 unless they say otherwise."""
    terms.setdefault("total", D(1200))
    if "dates" not in terms:
        terms.setdefault("start", day("2026-01-15"))
    return build_schedule(ScheduleRequest(**terms))


def unless_refused(act, *args, **terms):
    """Return what ``act`` returns; skip an example that it refuses by a declared code."""
    try:
        return act(*args, **terms)
    except KernelError as error:
        code = error.code
    assume(code not in CODES)
    raise AssertionError(code)
