"""The discount earned by paying on time."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.discount import (
    DiscountTerms,
    Part,
    accrued,
    earned_discount,
    possible_discount,
)

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
TWO_PERCENT = DiscountTerms(percent=Decimal(2), tolerance_days=3)


def part(day, residual, received_on=None, due=100):
    return Part(day, Decimal(due), Decimal(residual), received_on)


def test_accrued():
    assert accrued(TWO_PERCENT, Decimal("33.33")) == Decimal("0.67")
    assert accrued(DiscountTerms(amount=Decimal(5)), Decimal(100)) == 5
    assert accrued(DiscountTerms(amount=Decimal(5)), Decimal(3)) == 3  # never more than the instalment
    assert accrued(DiscountTerms(percent=Decimal(2), decimals=0), Decimal(130)) == 3
    coins = DiscountTerms(percent=Decimal(2), smallest=Decimal("0.05"))
    assert accrued(coins, Decimal("33.35")) == Decimal("0.65")


@pytest.mark.parametrize(("received_on", "earned"), [(date(2026, 2, 3), 2), (date(2026, 2, 4), 0)])
def test_on_time_within_tolerance(received_on, earned):
    parts = [part(JAN, 0, received_on), part(FEB, 100), part(MAR, 100)]
    assert earned_discount(TWO_PERCENT, parts, received_on) == (earned, False)


@pytest.mark.parametrize(
    ("residual", "expected"), [("5.99", (6, True)), ("6.00", (6, True)), ("6.01", (4, False))]
)
def test_the_last_one_is_paid_less_the_discount(residual, expected):
    parts = [part(JAN, 0, JAN), part(FEB, 0, FEB), part(MAR, residual, MAR)]
    assert earned_discount(TWO_PERCENT, parts, MAR) == expected


def test_the_last_one_too_late_has_to_be_paid():
    parts = [part(JAN, 0, JAN), part(FEB, 0, FEB), part(MAR, "6.00", date(2026, 4, 4))]
    assert earned_discount(TWO_PERCENT, parts, date(2026, 4, 4)) == (4, False)
    parts[-1] = part(MAR, "4.00", date(2026, 4, 4))
    assert earned_discount(TWO_PERCENT, parts, date(2026, 4, 4)) == (4, True)


@pytest.mark.parametrize(("credited", "earned"), [(0, 2), (50, 1), (100, 0)])
def test_what_was_credited_earns_nothing(credited, earned):
    settled = part(JAN, 0, JAN)._replace(credited=Decimal(credited))
    assert earned_discount(TWO_PERCENT, [settled], JAN) == (earned, True)
    left = part(JAN, 2, JAN)._replace(credited=Decimal(credited))
    assert earned_discount(TWO_PERCENT, [left], JAN) == ((2, True) if earned == 2 else (0, False))


def test_nothing_received_nothing_earned():
    assert earned_discount(TWO_PERCENT, [part(JAN, 100)], None) == (0, False)


def test_paid_in_full_late_completes_without_discount():
    assert earned_discount(TWO_PERCENT, [part(JAN, 0, MAR)], MAR) == (0, True)


@given(
    dues=st.lists(st.integers(1, 100000), min_size=1, max_size=12),
    percent=st.decimals(0, 99, places=2),
    amount=st.decimals(0, 100, places=2),
)
def test_bounds(dues, percent, amount):
    dues = [Decimal(due) / 100 for due in dues]
    terms = DiscountTerms(percent=percent, amount=amount)
    most = possible_discount(terms, dues)
    assert 0 <= most <= sum(dues)
    everything = [Part(JAN, due, Decimal(0), JAN) for due in dues]
    assert earned_discount(terms, everything, JAN) == (most, True)
