"""Boundaries of the kernel on which a mutation once went unnoticed, both sides of each."""

import importlib
import pkgutil
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
import tools
from refusals import refuses
from schedules import D, build
from tools.interest import interest
from tools.interest_bulk import Calendar, bulk_interest
from tools.rates import InterestRule, RateTable, require_day
from tools.schedule_dates import business_day, require_date
from tools.scorecard_checks import ranked
from tools.scoring import RiskClass

RAISED = InterestRule(rate_mode="fixed", fixed_rate="3.65", judgment_points=Decimal("3.65"))
DUE = date(2025, 1, 31)


@pytest.mark.parametrize(
    ("raised", "days"),
    [(-1, 10), (0, 10), (1, 9), (2, 8), (8, 2), (9, 1), (10, 0), (11, 0)],
)
def test_the_points_of_a_judgment_begin_the_day_after_it_is_raised(raised, days):
    # 1,000 at 3.65 % bear 0.10 a day, and 0.10 more from the day after on
    until = DUE + timedelta(days=10)
    found = interest(RAISED, None, 1000, DUE, until, raised_after=DUE + timedelta(days=raised))
    assert found.total == Decimal("1.00") + days * Decimal("0.10")


def test_a_rule_that_names_no_points_has_none_after_a_judgment():
    plain = InterestRule(rate_mode="fixed", fixed_rate="3.65")
    assert interest(plain, None, 1000, DUE, DUE + timedelta(days=10), raised_after=DUE).total == Decimal(
        "1.00"
    )


def amounts(**terms):
    return [part.amount for part in build(**terms)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        # the larger share is a cent less than a unit above the maximum: rounded down, the other takes the rest
        (D("-19.98"), [100, 100]),
        # a whole unit above it: one instalment more
        (-20, [90, 70, 40]),
        # and more than that
        (-30, [100, 70, 30]),
    ],
)
def test_a_share_less_than_a_unit_above_the_maximum_may_be_rounded_below_it(step, expected):
    assert amounts(total=200, max_amount=100, shape="stepped", step_amount=step, unit=10) == expected


@pytest.mark.parametrize(
    ("total", "maximum", "count"),
    [(100, 100, 1), (D("100.01"), 100, 2), (300, 100, 3), (D("300.01"), 100, 4)],
)
def test_the_first_count_tried_is_the_least_that_fits(total, maximum, count):
    assert len(amounts(total=total, max_amount=maximum)) == count


def test_classes_are_ranked_from_best_to_worst_whatever_their_order():
    best, middle, zero, below, worst = classes = [
        RiskClass(code, score) for code, score in (("A", 80), ("B", 1), ("C", 0), ("D", -5), ("E", None))
    ]
    for drawn in permutations(classes):
        assert list(ranked(drawn)) == [best, middle, zero, below, worst]


def test_the_class_that_is_missing_lies_below_the_last_one():
    for scores in ((80,), (80, 50), (80, 50, 20)):
        params = refuses("class_gap", ranked, [RiskClass(str(score), score) for score in scores])
        assert params == {"score": scores[-1]}


def test_days_are_of_the_years_from_1900_to_2999():
    for day in (date(1900, 1, 1), date(1900, 12, 31), date(2999, 1, 1), date(2999, 12, 31)):
        assert require_day("until", day) == require_date(day) == day
    for day in (date(1899, 12, 31), date(3000, 1, 1)):
        assert refuses("date_invalid", require_day, "until", day) == {"date": day}
        assert refuses("date_invalid", require_date, day) == {"date": day}


def test_a_rate_may_hold_for_a_day():
    day = date(2025, 1, 1)
    assert RateTable.from_periods([(day, day, 3)]).known_until == day


@pytest.mark.parametrize("end", [date(2025, 7, 1), date(2025, 7, 2), date(2025, 12, 31)])
def test_a_rate_that_holds_into_the_next_one_is_refused_however_far(end):
    periods = [(date(2025, 1, 1), end, 1), (date(2025, 7, 1), None, 2)]
    assert refuses("rate_overlap", RateTable.from_periods, periods) == {"date": date(2025, 7, 1)}


def test_a_business_day_is_sought_for_a_year():
    closed = [DUE + timedelta(days=number) for number in range(366)]
    assert business_day(DUE, "following", closed[:-1], ()) == closed[-1]
    assert refuses("no_business_day", business_day, DUE, "following", closed, ()) == {"date": DUE}


@pytest.mark.parametrize("compounding", ["none", "yearly"])
@pytest.mark.parametrize("allocation", ["interest_first", "interest_apart"])
def test_in_bulk_too_a_debt_paid_too_much_bears_nothing_more_and_nothing_back(allocation, compounding):
    # 1,000.00 at 3.65 % bear 10 cents a day: a debt paid on day 10 has borne 1.00, whatever was paid beyond
    rule = InterestRule(rate_mode="fixed", fixed_rate="3.65", allocation=allocation, compounding=compounding)
    calendar = Calendar(rule, None, date(2027, 12, 31))
    paid, until = DUE + timedelta(days=10), DUE + timedelta(days=800)
    for amount in (100100, 100101, 500000):
        assert bulk_interest(calendar, 100000, DUE, until, [(paid, amount)]) == (100, False)
    # a cent of it unpaid goes on: 0.01 at 3.65 % is a cent after 10,000 days
    assert bulk_interest(calendar, 100000, DUE, until, [(paid, 99100)])[0] > 100


def test_what_the_kernel_is_told_and_tells_stays_as_it_is():
    """Only what it works with underway changes: the line and the share being gathered, the trial of a forecast."""
    found = set()
    for module in pkgutil.iter_modules(tools.__path__):
        for name, thing in vars(importlib.import_module(f"tools.{module.name}")).items():
            if is_dataclass(thing) and not thing.__dataclass_params__.frozen:
                found.add(name)
    assert found == {"_Line", "_Share", "Trial"}


def test_what_is_not_told_is_nothing():
    """No rule has a figure that was not declared, but those which change nothing: the cent, the day, once, at once."""
    found = {
        f"{thing.__name__}.{field.name}": field.default
        for module in pkgutil.iter_modules(tools.__path__)
        for thing in vars(importlib.import_module(f"tools.{module.name}")).values()
        if is_dataclass(thing)
        for field in fields(thing)
        if isinstance(field.default, int | Decimal) and field.default
    }
    once = ("InterestRule.multiplier", "Criterion.weight", "LimitPart.factor", "LimitFormula.unit")
    assert found == {
        **dict.fromkeys(("DiscountTerms.decimals", "Prospect.decimals", "ScheduleRequest.decimals"), 2),
        **dict.fromkeys((*once, "ScheduleRequest.step_every"), 1),
        "InterestRule.rate_step": Decimal("0.5"),
    }
