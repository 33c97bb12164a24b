"""Debtors that pay on some days only: which days these are, and what that makes of what may come."""

import random
from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from tools.forecast import HIGH, LOW, Curve
from tools.forecast_history import EDGES, History, Payments
from tools.forecast_rhythm import LATEST, MONTH, WEEK, Dated, Rhythm, place, rhythm

MONDAY = date(2026, 3, 2)
LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)
#: As likely paid on each of the thirty days after the due date, and one time in thirty never.
EVEN = Curve((*(min(max(edge, 0), 30) for edge in EDGES), 31))


def days(*dates):
    return [when.toordinal() for when in dates]


def weeks(count, first=MONDAY):
    return [(first + timedelta(weeks=number)).toordinal() for number in range(count)]


def test_places_in_a_month():
    for when in (date(2026, 2, 28), date(2024, 2, 29), date(2026, 4, 30), date(2026, 12, 31)):
        assert place(when.toordinal()) == 30
        first = when.replace(day=1).toordinal()
        length = monthrange(when.year, when.month)[1]
        assert [place(first + day) for day in range(18)] == list(range(18))
        assert [place(first + day) for day in range(length - 10, length)] == list(range(21, 31))


def test_a_day_of_the_week():
    assert rhythm(weeks(5)) == Rhythm(WEEK, 0, 5, 5)
    assert rhythm(weeks(4)) is None, "too few to be sure"
    assert rhythm([]) is None
    others = weeks(4, MONDAY + timedelta(days=3))
    assert rhythm([*others, *weeks(LATEST)]) == Rhythm(WEEK, 0, LATEST, LATEST), "the latest tell"
    assert rhythm([*others[:3], *weeks(13)]) == Rhythm(WEEK, 0, 13, 16)
    assert rhythm([*others, *weeks(12)]) is None
    assert rhythm(weeks(5, MONDAY - timedelta(days=1))) == Rhythm(WEEK, 6, 5, 5)


def test_a_time_of_the_month():
    ends = days(*(date(2026, month, monthrange(2026, month)[1]) for month in range(1, 8)))
    found = rhythm(ends)
    assert (found.kind, found.hits, found.count) == (MONTH, 7, 7)
    assert found.weight(date(2026, 2, 28).toordinal()) > 5
    assert found.weight(date(2026, 2, 14).toordinal()) < 0.1
    around = rhythm(days(*(date(2026, month, 4 + month % 3) for month in range(1, 10))))
    assert (around.kind, around.first) == (MONTH, 3)
    across = rhythm(days(*(date(2026, month, 1 if month % 2 else 31) for month in (1, 3, 5, 7, 8, 10, 12))))
    assert (across.kind, across.hits) == (MONTH, 7), "a run before or after the turn of the month"
    turn = rhythm(
        days(*(date(2026, month, (31, 1, 2)[number % 3]) for number, month in enumerate(LONG_MONTHS)))
    )
    assert turn == Rhythm(MONTH, 30, 7, 7), "one that begins on the last day"


def test_weights_by_hand():
    def weights(found, *places):
        return [found.weight(date(2026, 3, number).toordinal()) for number in places]

    # a Thursday and the days around it: 16 and a half of 17 on one day of seven
    on, off = 16.5 / 17 * 7, 0.5 / 17 * 7 / 6
    assert weights(Rhythm(WEEK, 3, 16, 16), 4, 5, 6) == pytest.approx([off, on, off])
    # the last two days of a month and the first one: 9 and a half of 11 on three days of 31
    on, off = 9.5 / 11 * 31 / 3, 1.5 / 11 * 31 / 28
    assert weights(Rhythm(MONTH, 29, 9, 10), 29, 30, 31, 1, 2) == pytest.approx([off, on, on, on, off])


def test_weights_are_one_on_average():
    for found in (Rhythm(WEEK, 4, 12, 14), Rhythm(MONTH, 29, 9, 10)):
        span = range(date(2026, 1, 1).toordinal(), date(2026, 2, 1).toordinal())
        span = span[:28] if found.kind == WEEK else span
        assert sum(map(found.weight, span)) / len(span) == pytest.approx(1)
        assert found.weight(span[0]) > 0


def test_it_pays_on_its_days():
    thursdays = Rhythm(WEEK, 3, 16, 16)
    due = date(2026, 3, 6)  # a Friday
    outlook = Dated.of(EVEN, thursdays).on(due).outlook(0)
    reached = [outlook.chance(day) for day in range(31)]
    paid = [reached[day] - reached[day - 1] for day in range(1, 31)]
    thursday = [day for day in range(1, 31) if (due + timedelta(days=day)).weekday() == 3]
    ratio = thursdays.weight((due + timedelta(days=6)).toordinal()) / thursdays.weight(due.toordinal())
    for day in range(1, 31):
        assert paid[day - 1] == pytest.approx(paid[0] * (ratio if day in thursday else 1))
    assert outlook.days(0.1) == thursday[0] == 6
    assert outlook.days(0.99) == HIGH, "once in thirty-odd times it never pays"
    assert outlook.chance(0) == outlook.chance(-3) == 0


def test_only_the_proportions_of_a_curve_count():
    thursdays, few = Rhythm(WEEK, 3, 16, 16), Curve(tuple(height / 1000 for height in EVEN.heights))
    one, other = (Dated.of(curve, thursdays).on(MONDAY).outlook(3) for curve in (EVEN, few))
    for ahead in (1, 3, 10, 700):
        assert one.chance(ahead) == pytest.approx(other.chance(ahead))
    assert one.days(0.5) == other.days(0.5)


def test_where_nothing_is_left_nothing_comes():
    curve = Curve((*(min(max(edge, 0), 30) for edge in EDGES), 30))
    for age in (30, HIGH - 1, HIGH):
        outlook = Dated.of(curve, Rhythm(WEEK, 0, 9, 9)).on(MONDAY).outlook(age)
        assert (outlook.chance(1), outlook.chance(700), outlook.days(0.5)) == (0, 0, max(HIGH - age, 1))


def test_counted_by_hand_whatever_the_curve():
    draw = random.Random(5)
    paid = {1: Payments(tuple(draw.randrange(-5, 40) for _ in range(30)), (200,) * 30, (60,) * 30)}
    curve = History(paid).curve(1)
    for found in (Rhythm(WEEK, 1, 9, 10), Rhythm(MONTH, 12, 8, 10)):
        for due, age in ((MONDAY, -30), (MONDAY, 4), (date(2026, 7, 31), 12)):
            outlook, other = Dated.of(curve, found).on(due).outlook(age), curve.outlook(age)
            plain = [other.chance(day) * other.left for day in range(151)]
            weighed = [
                (after - before) * found.weight(due.toordinal() + age + day)
                for day, (before, after) in enumerate(pairwise(plain), 1)
            ]
            total = sum(weighed) + other.left - plain[-1]
            for horizon in (1, 7, 31, 150):
                assert outlook.chance(horizon) == pytest.approx(sum(weighed[:horizon]) / total, abs=1e-9)


def test_late_is_asked_before_it_is_made():
    found = Rhythm(MONTH, 28, 16, 16)
    dated = Dated.of(Curve((*(min(max(edge + 15, 0), 30) for edge in EDGES), 30.0)), found)
    assert dated.on(date(2026, 4, 30)).late() < 0.1, "due with the run"
    assert dated.on(date(2026, 4, 27)).late() > 0.9, "due days before it"
    assert dated.on(date(2026, 4, 30), 20).late() < 0.1, "nobody has its run wait"


@pytest.mark.parametrize("age", [LOW - 5, -1, 0, HIGH - 1, HIGH, HIGH + 50])
def test_at_the_ends_there_is_an_answer(age):
    outlook = Dated.of(EVEN, Rhythm(WEEK, 0, 9, 9)).on(MONDAY).outlook(age)
    assert 0 <= outlook.chance(1) <= outlook.chance(90) <= 1
    assert 1 <= outlook.days(0.5) <= HIGH - LOW + 1
