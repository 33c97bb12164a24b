"""Terms that describe no schedule: each is refused by its code, never by a schedule that is nearly right."""

import ast
import datetime
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from refusals import refuses
from tools import schedule as kernel
from tools import schedule_dates
from tools.schedule import (
    Instalment,
    ScheduleRequest,
    build_schedule,
    rebalance,
    shortest_count,
    validate_schedule,
)

D = Decimal
day = datetime.date.fromisoformat
JANUARY, FEBRUARY, MARCH = (day(f"2026-0{month}-15") for month in (1, 2, 3))
EVERY_MONTH = range(1, 13)
ALWAYS_CLOSED = [JANUARY + datetime.timedelta(days=days) for days in range(-400, 800)]


def terms(code, **given):
    """A case: the code that terms of 1,200 from 15 January are refused with."""
    return pytest.param(code, given, id=f"{code}: {', '.join(given) or 'nothing given'}")


@pytest.mark.parametrize(
    ("code", "given"),
    [
        # what is to pay
        terms("total_not_positive", total=0, count=3),
        terms("total_not_positive", total=-1, count=3),
        terms("not_a_number", total="a lot", count=3),
        terms("not_finite", total=D("NaN"), count=3),
        terms("not_finite", total=D("Infinity"), count=3),
        terms("binary_dust", total=0.1 + 0.2, count=3),
        terms("amount_too_precise", total=D("100.001"), count=3),
        terms("amount_too_precise", total=D("100.5"), decimals=0, count=3),
        terms("decimals_out_of_range", decimals=-1, count=3),
        # how many
        terms("count_or_max_amount"),
        terms("count_or_max_amount", count=3, max_amount=100),
        terms("count_not_positive", count=0),
        terms("count_not_positive", count=-3),
        terms("count_not_whole", count=2.5),
        terms("count_not_whole", count=True),
        terms("too_many_instalments", count=kernel.MAX_INSTALMENTS + 1),
        terms("too_many_instalments", count=10_000),
        terms("too_many_instalments", total=12_010, max_amount=10),
        terms("count_mismatch", count=3, dates=[JANUARY, FEBRUARY]),
        terms("count_mismatch", shape="weighted", weights=[1, 2], count=3),
        terms("count_not_positive", dates=[]),
        # how much each
        terms("max_not_positive", max_amount=0),
        terms("max_not_positive", max_amount=-5),
        terms("max_below_unit", max_amount=D("9.99"), unit=10),
        terms("max_unreachable", shape="stepped", step_percent=100, max_amount=5),
        terms("unit_not_positive", count=3, unit=0),
        terms("unit_not_positive", count=3, unit=-10),
        terms("total_too_small", total=D("0.02"), count=3),
        terms("total_too_small", total=20, count=4, unit=10),
        terms("total_too_small", total=20, count=3, unit=10),
        terms("instalment_below_unit", total=100, shape="weighted", weights=[1, 99], unit=10),
        terms("instalment_below_unit", shape="weighted", weights=[0, 1, 1]),
        terms("instalment_below_unit", shape="weighted", weights=[1, 0, 1], remainder="first"),
        terms("remainder_not_positive", total=35, shape="weighted", weights=[6, 6, 1], unit=10),
        terms(
            "remainder_not_positive",
            total=35,
            shape="weighted",
            weights=[1, 6, 6],
            unit=10,
            remainder="first",
        ),
        terms("remainder_not_positive", total=10, decimals=0, count=6),
        terms("shape_inputs_wrong", shape="stepped", count=3),
        terms("shape_inputs_wrong", shape="stepped", step_percent=5, step_amount=5, count=3),
        terms("shape_inputs_wrong", shape="equal", weights=[1, 2, 3]),
        terms("shape_inputs_wrong", shape="weighted", amounts=[1, 2, 3]),
        terms("step_invalid", shape="stepped", step_percent=5, step_every=0, count=3),
        terms("step_invalid", shape="stepped", step_percent=5, step_every=1.5, count=3),
        terms("step_too_steep", shape="stepped", step_percent=-100, count=3),
        terms("step_too_steep", shape="stepped", step_percent=-150, count=3),
        terms("step_too_steep", shape="stepped", step_amount=400, count=3),
        terms("step_too_steep", shape="stepped", step_amount=600, count=3),
        terms("weights_not_positive", shape="weighted", weights=[0, 0]),
        terms("weights_not_positive", shape="weighted", weights=[3, -1]),
        terms("amount_not_positive", shape="written", amounts=[1200, 0]),
        terms("amount_not_positive", shape="written", amounts=[1201, -1]),
        terms("amounts_do_not_sum", shape="written", amounts=[600, D("599.99")]),
        # down payment
        terms("down_payment_twice", count=3, down_payment=5, down_payment_percent=5),
        terms("down_payment_not_positive", count=3, down_payment=0),
        terms("down_payment_not_positive", count=3, down_payment_percent=-5),
        terms("down_payment_too_large", count=3, down_payment=1200),
        terms("down_payment_too_large", count=3, down_payment=1201),
        terms("down_payment_too_large", count=3, down_payment_percent=100),
        terms("down_payment_date_missing", count=3, down_payment=5),
        terms("down_payment_not_first", count=3, down_payment=5, down_payment_date=JANUARY),
        terms("down_payment_not_first", count=3, down_payment=5, down_payment_date=FEBRUARY),
        # when
        terms("start_missing", count=3, start=None),
        terms("date_invalid", count=3, start="2026-01-15"),
        terms("date_invalid", count=3, start=datetime.datetime(2026, 1, 15)),
        terms("date_invalid", count=3, start=day("0001-01-15")),
        terms("date_invalid", count=3, start=day("3000-01-01")),
        terms("date_invalid", count=3, holidays=["Christmas"]),
        terms("dates_not_increasing", dates=[FEBRUARY, JANUARY]),
        terms("dates_not_increasing", dates=[JANUARY, JANUARY]),
        terms(
            "dates_collapse", count=2, period="week", convention="following", holidays=ALWAYS_CLOSED[400:410]
        ),
        terms("no_month_left", count=3, pauses=EVERY_MONTH),
        terms("no_month_left", count=3, period="quarter", pauses=[1, 4, 7, 10]),
        terms("date_in_pause", dates=[JANUARY, FEBRUARY], pauses=[2]),
        terms("no_business_day", count=3, convention="following", holidays=ALWAYS_CLOSED),
        terms("no_business_day", count=3, convention="preceding", weekend=range(7)),
        # words nobody knows
        terms("unknown_choice", count=3, pauses=range(1, 14)),
        terms("unknown_choice", count=3, pauses=[0]),
        terms("unknown_choice", count=3, weekend=[7]),
        terms("unknown_choice", count=3, period="fortnightly"),
        terms("unknown_choice", count=3, shape="round"),
        terms("unknown_choice", count=3, convention="nearest"),
        terms("unknown_choice", count=3, remainder="middle"),
    ],
)
def test_nonsense_is_refused(code, given):
    refuses(code, build_schedule, ScheduleRequest(**{"total": D(1200), "start": JANUARY, **given}))


def test_a_refusal_says_the_figures():
    found = {}
    for code, given in (
        ("down_payment_not_first", {"count": 3, "down_payment": 5, "down_payment_date": JANUARY}),
        ("remainder_not_positive", {"total": 10, "decimals": 0, "count": 6}),
        ("instalment_below_unit", {"shape": "weighted", "weights": [1, 0, 1]}),
        ("total_too_small", {"total": 20, "count": 4, "unit": 10}),
        ("count_or_max_amount", {"shape": "weighted", "weights": [1, 2], "count": 3, "max_amount": 100}),
    ):
        request = ScheduleRequest(**{"total": D(1200), "start": JANUARY, **given})
        found[code] = refuses(code, build_schedule, request)
    assert found == {
        "down_payment_not_first": {"date": JANUARY, "first": JANUARY},
        "remainder_not_positive": {"number": 6, "amount": 0},
        "instalment_below_unit": {"number": 2, "unit": D("0.01")},
        "total_too_small": {"total": 20, "count": 4, "unit": 10},
        "count_or_max_amount": {"count": 3, "max_amount": 100},
    }


def test_no_more_instalments_are_tried_than_there_may_be(monkeypatch):
    request = ScheduleRequest(
        D(200), start=JANUARY, max_amount=100, shape="stepped", step_amount=-20, unit=10
    )
    monkeypatch.setattr(kernel, "MAX_INSTALMENTS", 3)
    assert [part.amount for part in build_schedule(request)] == [90, 70, 40]
    monkeypatch.setattr(kernel, "MAX_INSTALMENTS", 2)
    refuses("max_unreachable", build_schedule, request)
    # of four the others, rounded up, leave the first one less than nothing
    monkeypatch.setattr(kernel, "MAX_INSTALMENTS", 4)
    terms = {"total": D("12.5"), "max_amount": 5, "step_amount": D("1.875"), "remainder": "first"}
    refuses("max_unreachable", build_schedule, replace(request, unit=1, **terms))


def test_both_sides_of_each_limit():
    def count(**given):
        return len(build_schedule(ScheduleRequest(**{"total": D(1200), "start": JANUARY, **given})))

    assert count(count=1) == 1
    assert count(count=kernel.MAX_INSTALMENTS) == kernel.MAX_INSTALMENTS
    assert count(max_amount=1) == kernel.MAX_INSTALMENTS
    assert count(max_amount=10, unit=10) == 120
    assert count(total=D("0.03"), count=3) == 3
    assert count(count=3, down_payment=D("1199.97"), down_payment_date=day("2026-01-14")) == 4
    assert count(count=3, pauses=range(1, 12)) == 3
    assert [part.amount for part in rebalance(SCHEDULE, 0, D("799.99"), decimals=2)][1] == D("0.01")


def test_capacity_that_pays_nothing():
    refuses("total_not_positive", shortest_count, 0, 100, 2)
    refuses("max_not_positive", shortest_count, 100, 0, 2)
    refuses("max_below_unit", shortest_count, 100, 9, 2, 10)
    refuses("too_many_instalments", shortest_count, 1_000_000, 1, 2)
    # less than is left of the capacity when units are taken off it
    assert shortest_count(D("0.01"), D("0.15"), 2, D("0.10")) == 1


SCHEDULE = tuple(
    Instalment(number, date, D("400.00")) for number, date in enumerate((JANUARY, FEBRUARY, MARCH), 1)
)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("count_not_positive", None),
        ("numbering_wrong", {"number": 5}),
        ("numbering_wrong", {"number": 1}),
        ("date_invalid", {"date": None}),
        ("dates_not_increasing", {"date": MARCH}),
        ("amount_not_positive", {"amount": D(0)}),
        ("amount_too_precise", {"amount": D("399.999")}),
        ("amounts_do_not_sum", {"amount": D("400.01")}),
    ],
)
def test_a_schedule_that_is_none(code, changes):
    if changes is None:
        down_payment_alone = (Instalment(0, JANUARY, D(1200), is_down_payment=True),)
        refuses(code, validate_schedule, down_payment_alone, 1200, 2)
    else:
        first, second, third = SCHEDULE
        refuses(code, validate_schedule, (first, replace(second, **changes), third), 1200, 2)


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("index_out_of_range", {"index": 3, "new_amount": 1}),
        ("index_out_of_range", {"index": 4, "new_amount": 1}),
        ("index_out_of_range", {"index": -1, "new_amount": 1}),
        ("instalment_locked", {"index": 0, "new_amount": 1, "locked": 1}),
        ("no_later_instalment", {"index": 2, "new_amount": 1}),
        ("later_not_positive", {"index": 0, "new_amount": 800}),
        ("later_not_positive", {"index": 0, "new_amount": 801}),
        ("amount_not_positive", {"index": 0, "new_amount": 0}),
        ("amount_too_precise", {"index": 0, "new_amount": D("0.001")}),
        ("dates_not_increasing", {"index": 1, "new_date": MARCH}),
        ("unknown_choice", {"index": 0, "new_amount": 1, "mode": "previous"}),
        ("unit_not_positive", {"index": 0, "new_amount": 1, "unit": 0}),
    ],
)
def test_an_edit_that_cannot_be_made_up_for(code, edit):
    refuses(code, rebalance, SCHEDULE, **edit, decimals=2)


def test_every_refusal_of_a_schedule_is_tried_here():
    """No code is raised in schedule.py and schedule_dates.py that this file does not provoke."""
    raised = {
        node.args[0].value
        for module in (kernel, schedule_dates)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "KernelError"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(raised) > 20
    here = {
        node.value
        for node in ast.walk(ast.parse(Path(__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert raised <= here


def test_a_business_day_is_looked_for_a_year_long():
    start = datetime.date(2025, 1, 1)
    closed = {start + datetime.timedelta(days=number) for number in range(365)}
    assert schedule_dates.business_day(start, "following", closed, ()) == datetime.date(2026, 1, 1)
    refuses(
        "no_business_day",
        schedule_dates.business_day,
        start,
        "following",
        closed | {datetime.date(2026, 1, 1)},
        (),
    )


def test_schedules_start_between_1900_and_2999():
    for date in (datetime.date(1900, 1, 1), datetime.date(2999, 12, 31)):
        assert schedule_dates.require_date(date) == date
    for date in (datetime.date(1899, 12, 31), datetime.date(3000, 1, 1)):
        refuses("date_invalid", schedule_dates.require_date, date)
