"""Parts that are rounded with those before them: what stands up to a day is the sum that was rounded for it."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tools import money

D = Decimal
QUICK = settings(max_examples=200, deadline=None)


def test_parts_up_to_each_add_up_to_what_those_shares_round_to():
    shares, unit = [D("20.8754"), D("34.4156"), D("17.8760")], D("0.01")
    assert money.settle_running(shares, D("73.17"), unit) == [D("20.88"), D("34.41"), D("17.88")]
    assert money.settle_running(shares, D("73.15"), unit) == [
        D("20.88"),
        D("34.41"),
        D("17.86"),
    ]  # to coarser coins
    assert money.settle_running([D("0.004")], D("0.00"), unit) == [D(0)]


@QUICK
@given(st.lists(st.decimals(0, 10**6, places=7), min_size=1, max_size=8), st.integers(0, 3))
def test_running_parts_are_near_their_shares_and_never_less_than_nothing(shares, decimals):
    unit = money.quantum(decimals)
    parts = money.settle_running(shares, money.round_money(sum(shares), decimals), unit)
    for count in range(1, len(shares) + 1):
        assert sum(parts[:count]) == money.round_money(sum(shares[:count]), decimals)
    assert all(part >= 0 and abs(part - share) <= unit for part, share in zip(parts, shares, strict=True))
