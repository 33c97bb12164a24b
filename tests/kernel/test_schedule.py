"""Instalment schedules, told as dated stories, then for any terms at all."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schedules import MONEY, QUICK, D, build, day, unless_refused
from tools import schedule as kernel
from tools.errors import KernelError
from tools.schedule import (
    ScheduleRequest,
    count_within,
    rebalance,
    validate_schedule,
)
from tools.schedule_dates import business_day

HOLIDAYS = {day(text) for text in ("2025-12-25", "2025-12-26", "2026-01-01", "2026-12-25", "2027-01-01")}


def dates(**terms):
    return " ".join(str(part.date) for part in build(**terms))


def dates_from(start, count, **terms):
    return dates(start=day(start), count=count, **terms)


def amounts(**terms):
    return " ".join(str(part.amount) for part in build(**terms))


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("week", "2026-01-15 2026-01-22 2026-01-29"),
        ("fortnight", "2026-01-15 2026-01-29 2026-02-12"),
        ("month", "2026-01-15 2026-02-15 2026-03-15"),
        ("quarter", "2026-01-15 2026-04-15 2026-07-15"),
    ],
)
def test_every_period_counts_from_the_start(period, expected):
    assert dates(period=period, count=3) == expected


def test_the_31st_comes_back_after_every_short_month_for_two_years():
    assert dates_from("2023-01-31", 24).split() == [
        *("2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31", "2023-06-30"),
        *("2023-07-31", "2023-08-31", "2023-09-30", "2023-10-31", "2023-11-30", "2023-12-31"),
        *("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"),
        *("2024-07-31", "2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30", "2024-12-31"),
    ]


@pytest.mark.parametrize(
    "expected",
    [
        "2023-01-30 2023-02-28 2023-03-30",
        "2024-01-29 2024-02-29 2024-03-29",
        "2024-01-31 2024-02-29 2024-03-31",
        "2100-01-31 2100-02-28 2100-03-31",
    ],
)
def test_february_shortens_only_itself(expected):
    assert dates_from(expected.split()[0], 3) == expected


@pytest.mark.parametrize(
    ("end_of_month", "expected"),
    [
        (True, "2026-06-30 2026-07-31 2026-08-31 2026-09-30"),
        (False, "2026-06-30 2026-07-30 2026-08-30 2026-09-30"),
        (True, "2026-06-29 2026-07-29 2026-08-29 2026-09-29"),
        (True, "2023-02-28 2023-03-31 2023-04-30 2023-05-31"),
        (True, "2024-02-28 2024-03-28 2024-04-28 2024-05-28"),
        (True, "2024-02-29 2024-03-31 2024-04-30 2024-05-31"),
    ],
)
def test_the_end_of_the_month_is_kept_only_when_asked_and_started_on(end_of_month, expected):
    assert dates_from(expected.split()[0], 4, end_of_month=end_of_month) == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"pauses": {11, 12, 1}}, "2025-10-31 2026-02-28 2026-03-31 2026-04-30"),
        ({"pauses": {10}}, "2025-11-30 2025-12-31 2026-01-31 2026-02-28"),
        ({"pauses": {1}, "period": "quarter"}, "2025-10-31 2026-04-30 2026-07-31 2026-10-31"),
        (
            {"pauses": {11}, "period": "week", "end_of_month": True},
            "2025-10-31 2025-12-05 2025-12-12 2025-12-19",
        ),
        ({"pauses": set(range(1, 12))}, "2025-12-31 2026-12-31 2027-12-31 2028-12-31"),
    ],
)
def test_paused_months_are_skipped_and_the_count_kept(terms, expected):
    assert dates_from("2025-10-31", 4, **terms) == expected


@pytest.mark.parametrize(
    ("text", "convention", "expected"),
    [
        ("2026-05-30", "none", "2026-05-30"),
        ("2026-05-30", "following", "2026-06-01"),
        ("2026-05-30", "modified_following", "2026-05-29"),
        ("2026-05-30", "preceding", "2026-05-29"),
        ("2026-05-23", "modified_following", "2026-05-25"),
        ("2022-12-31", "modified_following", "2022-12-30"),
        ("2025-12-24", "following", "2025-12-24"),
        ("2025-12-25", "following", "2025-12-29"),
        ("2025-12-26", "preceding", "2025-12-24"),
        ("2026-01-01", "following", "2026-01-02"),
        ("2026-01-01", "preceding", "2025-12-31"),
    ],
)
def test_a_closed_day_moves_by_its_convention(text, convention, expected):
    assert str(business_day(day(text), convention, HOLIDAYS)) == expected


@pytest.mark.parametrize(("months", "within"), [(0, 1), (1, 2), (3, 4), (11, 12), (12, 12)])
def test_the_count_within_some_months_of_the_first_date(months, within):
    request = ScheduleRequest(D(1200), start=day("2026-01-31"), count=12)
    assert count_within(request, months) == within
    assert count_within(replace(request, count=1), months) == 1


def test_a_moved_date_does_not_move_the_next():
    found = dates_from("2026-01-31", 4, convention="preceding")
    assert found == "2026-01-30 2026-02-27 2026-03-31 2026-04-30"


def test_weeks_step_around_christmas_and_new_year():
    terms = {"start": day("2025-12-18"), "count": 4, "period": "week", "holidays": HOLIDAYS}
    assert dates(**terms, convention="following") == "2025-12-18 2025-12-29 2026-01-02 2026-01-08"
    assert dates(**terms, convention="preceding") == "2025-12-18 2025-12-24 2025-12-31 2026-01-08"


def test_a_closure_longer_than_the_period_is_refused_not_squeezed():
    closed = {day("2025-12-24") + datetime.timedelta(days=number) for number in range(10)}
    terms = {"holidays": closed, "convention": "following"}
    assert dates_from("2025-12-25", 2, period="fortnight", **terms) == "2026-01-05 2026-01-08"
    with pytest.raises(KernelError, match="dates_collapse"):
        dates_from("2025-12-25", 2, period="week", **terms)


def test_no_convention_leads_into_a_pause():
    assert dates_from("2026-05-31", 1, convention="following") == "2026-06-01"
    assert dates_from("2026-05-31", 1, convention="following", pauses={6}) == "2026-05-29"


def test_explicit_dates_are_kept_or_moved_to_business_days():
    listed = [day("2026-05-01"), day("2026-05-30"), day("2026-08-03")]
    assert dates(dates=listed) == "2026-05-01 2026-05-30 2026-08-03"
    assert dates(dates=listed, convention="following") == "2026-05-01 2026-06-01 2026-08-03"
    assert dates(dates=listed, convention="following", weekend={4, 5}) == "2026-05-03 2026-05-31 2026-08-03"


# ---------------------------------------------------------------- how much


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"count": 3}, "33.33 33.33 33.34"),
        ({"count": 3, "remainder": "first"}, "33.34 33.33 33.33"),
        ({"count": 3, "decimals": 0}, "33 33 34"),
        ({"count": 3, "decimals": 3}, "33.333 33.333 33.334"),
        # a currency whose smallest amount is not its last decimal
        ({"count": 3, "smallest": D("0.05")}, "33.35 33.35 33.30"),
        ({"count": 3, "smallest": D("0.05"), "unit": D("0.01")}, "33.35 33.35 33.30"),
        ({"count": 3, "smallest": D("0.05"), "unit": 1}, "33.00 33.00 34.00"),
        ({"count": 3, "total": 100000, "smallest": 10, "decimals": 0}, "33330 33330 33340"),
        ({"count": 4, "total": D("1234.56"), "unit": 10}, "310.00 310.00 310.00 304.56"),
        # the least total: a unit for each, and a coin for the odd one
        ({"count": 3, "total": D("0.03")}, "0.01 0.01 0.01"),
        ({"count": 3, "total": D("20.01"), "unit": 10}, "10.00 10.00 0.01"),
        ({"count": 4, "total": D("30.01"), "unit": 10}, "10.00 10.00 10.00 0.01"),
        # as few as the maximum allows
        ({"max_amount": 100}, "100.00"),
        ({"max_amount": D("99.99")}, "50.00 50.00"),
        ({"max_amount": D("33.34")}, "33.33 33.33 33.34"),
        ({"max_amount": D("33.33")}, "25.00 25.00 25.00 25.00"),
        ({"max_amount": 255, "total": 505, "unit": 10}, "250.00 255.00"),
        ({"max_amount": 255, "total": 506, "unit": 10}, "170.00 170.00 166.00"),
        ({"max_amount": 10, "total": D("20.50"), "unit": 10}, "10.00 10.00 0.50"),
    ],
)
def test_equal_instalments_are_equal_but_for_one(terms, expected):
    assert amounts(**{"total": 100, **terms}) == expected


@pytest.mark.parametrize(
    ("terms", "most", "last"),
    [
        ({"count": 120}, {83}, 123),
        ({"count": 120, "remainder": "spread"}, {83, 84}, 83),
        ({"max_amount": 84}, {84}, 4),
    ],
)
def test_the_balance_of_many_yen_is_heaped_or_spread_but_within_the_maximum(terms, most, last):
    found = [part.amount for part in build(total=10_000, decimals=0, **terms)]
    assert (len(found), set(found[:-1]), found[-1]) == (120, most, last)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"step_percent": 100}, "171.43 342.86 685.71"),
        ({"step_percent": -50}, "685.71 342.86 171.43"),
        ({"step_percent": -99, "count": 2, "total": 101}, "100.00 1.00"),
        ({"step_amount": 100}, "300.00 400.00 500.00"),
        ({"step_amount": -100}, "500.00 400.00 300.00"),
        ({"step_amount": D("399.99")}, "0.01 400.00 799.99"),
        ({"step_amount": 50, "count": 4, "step_every": 2}, "275.00 275.00 325.00 325.00"),
        ({"step_percent": 50, "count": 4, "step_every": 2}, "240.00 240.00 360.00 360.00"),
        ({"step_amount": 100, "count": None, "max_amount": 500}, "300.00 400.00 500.00"),
        ({"step_percent": 10, "count": None, "max_amount": D("438.67")}, "362.54 398.79 438.67"),
    ],
)
def test_steps_grow_or_shrink(terms, expected):
    assert amounts(**{"shape": "stepped", "count": 3, **terms}) == expected


def test_a_step_that_rounds_over_the_maximum_stays_below_it():
    terms = {"shape": "stepped", "step_amount": 16, "unit": 10, "remainder": "first"}
    assert amounts(total=496, max_amount=D("259.99"), **terms) == "246.00 250.00"


def test_a_share_that_rounds_to_nothing_is_rounded_up():
    terms = {"shape": "stepped", "step_amount": D("3.125"), "step_every": 2, "unit": 1, "remainder": "spread"}
    assert amounts(total=9, max_amount=D("4.5"), **terms) == "1.00 1.00 4.00 3.00"


def test_weights_and_hands_write_what_they_like():
    assert amounts(shape="weighted", weights=[1, 2, 3]) == "200.00 400.00 600.00"
    assert amounts(shape="written", amounts=["1000", 150, 50.0]) == "1000.00 150.00 50.00"


def test_a_down_payment_comes_first_and_off_the_total():
    schedule = build(count=2, down_payment=300, down_payment_date=day("2026-01-14"))
    found = [(part.number, part.amount, part.is_down_payment) for part in schedule]
    assert found == [(0, 300, True), (1, 450, False), (2, 450, False)]
    assert [part.key for part in schedule] == [0, 1, 2]


def test_a_down_payment_in_percent_rounds_to_the_currency():
    terms = {"count": 1, "down_payment_percent": 50, "down_payment_date": day("2026-01-01")}
    assert amounts(total=D("333.33"), **terms) == "166.67 166.66"
    assert amounts(total=333, decimals=0, **terms) == "167 166"
    assert amounts(total=D("333.35"), smallest=D("0.05"), **terms) == "166.70 166.65"


def test_a_down_payment_is_agreed_for_itself_even_in_a_pause():
    terms = {"count": 1, "down_payment": 1, "pauses": {1}, "convention": "following"}
    assert dates(**terms, down_payment_date=day("2026-01-10")) == "2026-01-12 2026-02-16"


# ---------------------------------------------------------------- one instalment edited


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("next", [300, 100, 400, 400]), ("last", [300, 200, 400, 300]), ("spread", [300, 180, 360, 360])],
)
def test_an_edit_is_made_up_for_as_chosen(mode, expected):
    schedule = build(shape="written", amounts=[200, 200, 400, 400])
    assert [part.amount for part in rebalance(schedule, 0, 300, mode=mode, decimals=2)] == expected


def test_a_spread_edit_keeps_to_the_rounding_unit():
    found = rebalance(build(count=4), 0, D("250.50"), mode="spread", decimals=2, unit=10)
    assert [str(part.amount) for part in found] == ["250.50", "320.00", "310.00", "319.50"]


def test_a_date_moves_alone_and_only_between_its_neighbours():
    schedule = build(count=3)
    moved = rebalance(schedule, 1, new_date=day("2026-03-14"), decimals=2)
    assert [str(part.date) for part in moved] == ["2026-01-15", "2026-03-14", "2026-03-15"]
    with pytest.raises(KernelError, match="dates_not_increasing"):
        rebalance(schedule, 1, new_date=day("2026-03-15"), decimals=2)


@QUICK
@given(st.lists(MONEY, min_size=2, max_size=30), st.sampled_from(kernel.REBALANCE_MODES), st.data())
def test_an_edit_keeps_the_total_the_order_and_what_is_before_it(units, mode, data):
    schedule = build(total=D(sum(units)), decimals=0, shape="written", amounts=units)
    index = data.draw(st.integers(0, len(units) - 2))
    new_amount = data.draw(st.integers(1, units[index] + min(units[index + 1], units[-1])))
    edit = {"mode": mode, "decimals": 0, "locked": data.draw(st.integers(0, index))}
    found = unless_refused(rebalance, schedule, index, new_amount, **edit)
    validate_schedule(found, sum(units), 0)
    assert found[:index] == schedule[:index]
    assert found[index] == replace(schedule[index], amount=D(new_amount))
    assert [part.date for part in found] == [part.date for part in schedule]
    assert rebalance(found, index, new_amount, **edit) == found
