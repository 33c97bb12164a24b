"""Instalment schedules for any terms at all."""

import calendar
import datetime
from dataclasses import replace
from itertools import pairwise

from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st
from schedules import MONEY, QUICK, D, build, unless_refused
from tools.money import REMAINDERS, quantum
from tools.schedule import (
    ScheduleRequest,
    build_schedule,
    count_within,
    shortest_count,
)
from tools.schedule_dates import CONVENTIONS, PERIODS

DAYS = st.dates(datetime.date(1999, 1, 1), datetime.date(2101, 1, 1))


def a_few(**terms):
    return st.fixed_dictionaries(terms)


COUNTS = st.integers(1, 60)
STEPPED = st.just("stepped")
SHAPES = st.one_of(
    a_few(count=COUNTS),
    a_few(max_amount=st.integers(1, 10**6)),
    a_few(shape=STEPPED, count=COUNTS, step_percent=st.integers(-20, 20)),
    a_few(shape=STEPPED, count=COUNTS, step_amount=st.integers(-50, 50)),
    a_few(shape=st.just("weighted"), weights=st.lists(st.integers(1, 50), min_size=1)),
)


@st.composite
def requests(draw):
    decimals, start = draw(st.integers(0, 4)), draw(DAYS)
    shortly_before = st.dates(start - datetime.timedelta(days=60), start - datetime.timedelta(days=1))
    down_payment = a_few(down_payment_percent=st.integers(1, 60), down_payment_date=shortly_before)
    return ScheduleRequest(
        total=D(draw(MONEY)).scaleb(-decimals),
        decimals=decimals,
        start=start,
        period=draw(st.sampled_from(list(PERIODS))),
        end_of_month=draw(st.booleans()),
        pauses=draw(st.frozensets(st.integers(1, 12), max_size=5)),
        convention=draw(st.sampled_from(CONVENTIONS)),
        holidays=frozenset(start + datetime.timedelta(days=n) for n in draw(st.lists(st.integers(0, 400)))),
        unit=draw(st.sampled_from([None, 1, 10])),
        remainder=draw(st.sampled_from(REMAINDERS)),
        **draw(SHAPES),
        **draw(st.just({}) | down_payment),
    )


@QUICK
@given(requests())
def test_a_schedule_is_exact_ordered_and_open(request):
    schedule = unless_refused(build_schedule, request)
    assert sum(part.amount for part in schedule) == request.total
    assert all(part.amount >= quantum(request.decimals) for part in schedule)
    assert all(part.amount.as_tuple().exponent == -request.decimals for part in schedule)
    assert all(earlier.date < later.date for earlier, later in pairwise(schedule))
    regular = [part for part in schedule if not part.is_down_payment]
    assert [part.number for part in regular] == list(range(1, len(regular) + 1))
    assert not any(part.date.month in request.pauses for part in regular)
    if request.convention != "none":
        assert not any(part.date in request.holidays or part.date.weekday() > 4 for part in schedule)
    if request.max_amount:
        assert max(part.amount for part in regular) <= request.max_amount


@QUICK
@given(requests())
def test_the_same_terms_give_the_same_schedule_and_it_gives_itself(request):
    schedule = unless_refused(build_schedule, request)
    assert build_schedule(replace(request, holidays=sorted(request.holidays))) == schedule
    regular = [part for part in schedule if not part.is_down_payment]
    terms = {"dates": [part.date for part in regular], "amounts": [part.amount for part in regular]}
    settled = dict.fromkeys(["count", "max_amount", "weights", "step_percent", "step_amount"])
    assert build_schedule(replace(request, shape="written", **settled, **terms)) == schedule


@QUICK
@given(DAYS, COUNTS, st.sampled_from([("month", 1), ("quarter", 3)]), st.booleans())
def test_the_anchor_never_drifts(start, count, period, end_of_month):
    name, months = period
    last_day = end_of_month and start.day == calendar.monthrange(start.year, start.month)[1]
    schedule = build(start=start, period=name, count=count, end_of_month=end_of_month)
    for position, part in enumerate(schedule):
        year, month = divmod(start.year * 12 + start.month - 1 + position * months, 12)
        length = calendar.monthrange(year, month + 1)[1]
        expected = length if last_day else min(start.day, length)
        assert part.date == datetime.date(year, month + 1, expected)


@QUICK
@given(MONEY, st.integers(0, 4), st.integers(1, 1200))
def test_enough_money_always_makes_an_even_schedule(units, decimals, count):
    total = D(units + count).scaleb(-decimals)
    schedule = build(total=total, decimals=decimals, count=count, remainder="spread")
    found = {part.amount for part in schedule}
    assert max(found) - min(found) <= quantum(decimals)


@QUICK
@given(st.integers(1, 1000), st.integers(1, 400), st.sampled_from([1, 3, 10]), st.sampled_from(REMAINDERS))
def test_the_shortest_count_is_the_least_that_fits(total, capacity, unit, remainder):
    assume(capacity >= unit)
    largest = capacity - capacity % unit
    least = next(count for count in range(1, 1201) if (count - 1) * largest + capacity >= total)
    assert shortest_count(total, capacity, 0, unit) == least
    schedule = build(total=total, decimals=0, max_amount=capacity, unit=unit, remainder=remainder)
    assert len(schedule) == least
    assert sum(part.amount % unit != 0 for part in schedule) <= 1


@QUICK
@given(DAYS, COUNTS, st.sampled_from(["week", "fortnight", "month", "quarter"]), st.integers(1, 36))
def test_the_count_within_some_months_is_the_most_that_fits(start, count, period, months):
    terms = {"total": D(count), "start": start, "period": period}
    within = count_within(ScheduleRequest(count=count, **terms), months)
    last_day = start + relativedelta(months=months)
    assert build(**terms | {"total": D(within)}, count=within)[-1].date <= last_day
    if within < count:
        assert build(**terms, count=within + 1)[-1].date > last_day
