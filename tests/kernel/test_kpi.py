"""Figures that are more than one sum over another: worked by hand, and on both sides of each bound."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.kpi import count_back, weighted_median, wilson

#: Days and sales, the newest month first.
MONTHS = [(30, 300), (31, 620), (28, 100)]


@pytest.mark.parametrize(
    ("receivable", "days"),
    [
        (-50, 0),
        (0, 0),
        (150, 15),
        (299, 29.9),
        (300, 30),
        (301, 30.05),
        (310, 30.5),
        (920, 61),
        (970, 75),
        (1020, 89),
        (5000, 89),  # as many as the months have at most
    ],
)
def test_days_of_sales_are_counted_back(receivable, days):
    assert count_back(receivable, MONTHS) == pytest.approx(days)


@pytest.mark.parametrize("sales", [0, -40])
def test_a_month_without_sales_lets_its_days_pass_and_takes_nothing(sales):
    assert count_back(310, [(30, 300), (31, sales), (28, 100)]) == pytest.approx(30 + 31 + 2.8)
    assert count_back(10, [(30, sales), (31, 100)]) == pytest.approx(30 + 3.1)
    assert count_back(300, [(30, 300), (31, sales), (28, 100)]) == 30, "nothing is left for it"


@pytest.mark.parametrize("months", [[], [(30, 0)], [(30, 0), (31, -5)]])
def test_without_any_sales_nothing_is_counted(months):
    assert count_back(100, months) is None


def test_one_month_of_sales_suffices():
    assert count_back(0, [(30, 0), (31, 1)]) == 0
    assert count_back(1, [(31, 0.5)]) == 31
    assert count_back(0.5, [(31, 1)]) == 15.5


@pytest.mark.parametrize(
    ("pairs", "value"),
    [
        ([], None),
        ([(5, 0)], None),
        ([(5, 1)], 5),
        ([(5, 1), (7, 1)], 5),
        ([(7, 1.01), (5, 1)], 7),
        ([(9, 1), (1, 1), (4, 1)], 4),
        ([(1, 0), (2, 0.5), (3, 0.6)], 3),
        ([(1, 3), (2, 1), (3, 1)], 1),
    ],
)
def test_half_of_the_weight_lies_below(pairs, value):
    assert weighted_median(pairs) == value


@given(st.lists(st.integers(-100, 100), min_size=1).filter(lambda values: len(values) % 2))
def test_of_equal_weights_it_is_the_median(values):
    assert weighted_median((value, 2) for value in values) == median(values)


@pytest.mark.parametrize(
    ("successes", "trials", "interval"),
    [
        # known figures of the interval; that of 0 of n ends at 1.96² / (n + 1.96²)
        (0, 0, (0, 1)),
        (0, 10, (0, 0.277533)),
        (10, 10, (0.722467, 1)),
        (5, 10, (0.236593, 0.763407)),
        (1, 1, (0.206549, 1)),
        (30, 100, (0.218949, 0.395849)),
    ],
)
def test_a_share_lies_within(successes, trials, interval):
    assert wilson(successes, trials) == pytest.approx(interval, abs=1e-5)


def test_a_wider_interval_for_more_certainty():
    # 1 / 2 ± z / (2 √(n + z²))
    low, high = wilson(5, 10, z=2.5758)
    assert (low, high) == pytest.approx((0.184228, 0.815772), abs=1e-6)


@given(st.integers(1, 1000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))))
def test_an_interval_holds_its_share_and_stays_a_share(case):
    successes, trials = case
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1
    assert wilson(trials - successes, trials) == pytest.approx((1 - high, 1 - low))


def test_no_rounding_leads_beyond_a_share():
    # by hand a hair below 0 and above 1
    assert (wilson(0, 15)[0], wilson(19, 19)[1]) == (0, 1)
