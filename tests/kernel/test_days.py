"""Days at the ends of the calendar."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from tools.days import moved


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        (date(9999, 12, 30), timedelta(days=1), date(9999, 12, 31)),
        (date(9999, 12, 30), timedelta(days=2), date(9999, 12, 31)),
        (date(9999, 12, 31), relativedelta(months=60), date(9999, 12, 31)),
        (date(1, 1, 2), timedelta(days=-1), date(1, 1, 1)),
        (date(1, 1, 2), timedelta(days=-2), date(1, 1, 1)),
        (date(2024, 2, 29), relativedelta(years=1), date(2025, 2, 28)),
    ],
)
def test_a_day_moved_stays_within_the_calendar(day, period, expected):
    assert moved(day, period) == expected
