"""The last day to act, by each unit and on both sides of a weekend."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import refuses
from tools.deadline import deadline

FRIDAY = date(2026, 10, 2)
#: Easter Monday, and weekends.
CLOSED = ({date(2026, 4, 6)}, {5, 6})


@pytest.mark.parametrize(
    ("event", "count", "unit", "last"),
    [
        (date(2026, 1, 31), 1, "months", date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 9, 15), 6, "months", date(2027, 3, 15)),
        (FRIDAY, 1, "days", date(2026, 10, 5)),
        (FRIDAY, 3, "days", date(2026, 10, 5)),
        (FRIDAY, 4, "days", date(2026, 10, 6)),
        (FRIDAY, 1, "working_days", date(2026, 10, 5)),
        (FRIDAY, 6, "working_days", date(2026, 10, 12)),
        (FRIDAY, 0, "days", FRIDAY),
        (FRIDAY, -1, "working_days", date(2026, 10, 1)),
        (FRIDAY, -2, "working_days", date(2026, 9, 30)),
    ],
)
def test_last_day(event, count, unit, last):
    assert deadline(event, count, unit) == last


def test_closed_day_stays_where_the_law_does_not_move_it():
    assert deadline(FRIDAY, 1, "days", moves=False) == date(2026, 10, 3)


def test_holidays_are_closed():
    thursday = date(2026, 4, 2)
    assert deadline(thursday, 2, "working_days", CLOSED) == date(2026, 4, 7)
    assert deadline(thursday, 4, "days", CLOSED) == date(2026, 4, 7)


def test_unit_is_known():
    refuses("unknown_choice", deadline, FRIDAY, 1, "fortnights")


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 200))
def test_working_days_count_as_many_open_days(event, count):
    last = deadline(event, count, "working_days")
    days = (event + timedelta(days=offset) for offset in range(1, (last - event).days + 1))
    assert sum(day.weekday() < 5 for day in days) == count
