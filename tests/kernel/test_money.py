"""Money is exact: reading, rounding, splitting; and every code the plan kernel refuses with."""

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import allocation, money, schedule
from tools.errors import KernelError
from tools.schedule import Instalment, ScheduleRequest, build_schedule, rebalance, validate_schedule

D = Decimal
QUICK = settings(max_examples=200, deadline=None)
MAY, JUNE, JULY = (datetime.date(2026, month, 1) for month in (5, 6, 7))
WEEKEND = [datetime.date(2026, 12, 26), datetime.date(2026, 12, 27)]


# ---------------------------------------------------------------- a coarse scale


@pytest.mark.parametrize(
    ("amount", "step"),
    [
        (-5, 0),
        (0, 0),
        (0.09, 0.08),
        (1, 1),
        (1.19, 1),
        (99.99, 80),
        (250, 250),
        (299.99, 250),
        (12345.67, 12000),
    ],
)
def test_a_coarse_amount_is_the_step_below(amount, step):
    assert money.coarse(amount) == step


@QUICK
@given(st.decimals(min_value="1", max_value="1e9", places=2))
def test_a_step_is_never_far_below(amount):
    step = money.coarse(amount)
    assert D(str(step)) <= amount < D(str(step)) * D("1.34")
    assert money.coarse(step) == step


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (D("1.50"), "1.50"),
        (7, "7"),
        ("12.345", "12.345"),
        (0.1, "0.1"),
        (-19.99, "-19.99"),
        (1234567890123.45, "1234567890123.45"),
        (0.0, "0.0"),
    ],
)
def test_a_value_is_read_as_it_is_written(value, expected):
    assert str(money.to_decimal(value)) == expected


def test_a_float_is_welcome_until_arithmetic_leaves_dust_on_it():
    assert money.to_decimal(0.1) + money.to_decimal(0.2) == D("0.3")
    with pytest.raises(KernelError, match="binary_dust"):
        money.to_decimal(0.1 + 0.2)


def test_the_largest_amount_is_just_below_the_limit():
    assert money.to_decimal("999999999999999.9999") == D("999999999999999.9999")
    for amount in (money.MAX_AMOUNT, -money.MAX_AMOUNT, -money.MAX_AMOUNT - 1):
        with pytest.raises(KernelError, match="amount_too_large"):
            money.to_decimal(amount)


def test_fifteen_digits_of_a_float_are_meant_and_a_sixteenth_is_dust():
    assert money.to_decimal(0.123456789012345) == Decimal("0.123456789012345")
    with pytest.raises(KernelError, match="binary_dust"):
        money.to_decimal(0.1234567890123456)


@pytest.mark.parametrize(("decimals", "expected"), [(0, "1"), (2, "0.01"), (3, "0.001"), (4, "0.0001")])
def test_the_quantum_is_the_smallest_coin(decimals, expected):
    assert str(money.quantum(decimals)) == expected


# ---------------------------------------------------------------- rounding


@pytest.mark.parametrize(
    ("amount", "decimals", "expected"),
    [
        ("0.005", 2, "0.01"),
        ("0.00499", 2, "0.00"),
        ("-0.005", 2, "-0.01"),
        ("-0.00499", 2, "0.00"),
        ("2.5", 0, "3"),
        ("1.5", 0, "2"),
        (1.005, 2, "1.01"),
        ("1.0005", 3, "1.001"),
        (7, 3, "7.000"),
    ],
)
def test_ties_round_away_from_zero(amount, decimals, expected):
    assert str(money.round_money(amount, decimals)) == expected


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [("124.99", "10", "120"), ("125", "10", "130"), ("1.02", "0.05", "1.00"), ("1.025", "0.05", "1.05")],
)
def test_an_amount_rounds_to_a_multiple_of_the_unit(amount, unit, expected):
    assert money.round_to_unit(D(amount), D(unit)) == D(expected)


@QUICK
@given(st.decimals(-(10**9), 10**9, places=7), st.integers(0, 4))
def test_rounding_is_the_nearest_and_settles_at_once(amount, decimals):
    rounded = money.round_money(amount, decimals)
    assert abs(Fraction(rounded) - Fraction(amount)) <= Fraction(1, 2 * 10**decimals)
    assert money.round_money(rounded, decimals) == rounded
    assert money.round_money(-amount, decimals) == -rounded


# ---------------------------------------------------------------- splitting


@pytest.mark.parametrize(
    ("total", "count", "unit", "remainder", "expected"),
    [
        ("100.00", 3, "0.01", "last", ["33.33", "33.33", "33.34"]),
        ("100.00", 3, "0.01", "first", ["33.34", "33.33", "33.33"]),
        ("200.00", 3, "0.01", "last", ["66.67", "66.67", "66.66"]),
        ("10", 6, "1", "spread", ["2", "2", "2", "2", "1", "1"]),
        ("10.07", 3, "0.05", "last", ["3.35", "3.35", "3.37"]),
        ("1234.56", 4, "10", "last", ["310", "310", "310", "304.56"]),
        ("1234.56", 4, "10", "spread", ["310", "310", "310", "304.56"]),
        ("1.000", 3, "0.001", "last", ["0.333", "0.333", "0.334"]),
        ("-100.00", 3, "0.01", "last", ["-33.33", "-33.33", "-33.34"]),
    ],
)
def test_an_even_split_has_one_odd_part(total, count, unit, remainder, expected):
    assert money.split_evenly(D(total), count, D(unit), remainder) == [D(part) for part in expected]


def test_a_split_by_weights_follows_them():
    assert money.split_by_weights(100, [1, 2, 1], D("0.01")) == [25, 50, 25]
    assert money.split_by_weights(100, [0, 1], D("0.01")) == [0, 100]


def test_a_spread_gives_the_left_unit_to_the_share_cut_most():
    assert money.split_by_weights(10, [1, 5, 3], 1, "spread") == [1, 6, 3]


@QUICK
@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 4),
    st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any),
    st.sampled_from(["1", "5", "10", "0.05"]),
    st.sampled_from(money.REMAINDERS),
)
def test_a_split_loses_nothing(units, decimals, weights, unit, remainder):
    total, unit = D(units).scaleb(-decimals), D(unit)
    parts = money.split_by_weights(total, weights, unit, remainder)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    odd = 0 if remainder == "first" else -1
    assert not any(part % unit for part in parts if part is not parts[odd])
    if remainder == "spread":
        shares = [Fraction(total) * weight / sum(weights) for weight in weights]
        assert all(abs(Fraction(part) - share) < 2 * unit for part, share in zip(parts, shares, strict=True))


# ---------------------------------------------------------------- refusals


def request(**terms):
    return ScheduleRequest(**{"total": D(300), "count": 3, "start": MAY, **terms})


def build(**terms):
    return lambda: build_schedule(request(**terms))


def edit(*args, **terms):
    return lambda: rebalance(build_schedule(request()), *args, decimals=2, **terms)


def check(*parts):
    return lambda: validate_schedule([Instalment(*part) for part in parts], D(300), 2)


def allocate(instalment_keys, receipt_keys, owed=10):
    dues = [allocation.Due(key, MAY, owed) for key in instalment_keys]
    return lambda: allocation.allocate(dues, [allocation.Receipt(key, 1) for key in receipt_keys])


BY_MAX = {"count": None}
WRITTEN = {"count": None, "shape": "written"}
WEIGHTED = {"count": None, "shape": "weighted"}
LISTED = {"count": None, "start": None}
STEPPED = {"shape": "stepped"}
EVERY_MONTH = range(1, 13)

REFUSALS = [
    ("not_a_number", build(total=None)),
    ("not_a_number", build(total=True)),
    ("not_a_number", build(total="three hundred")),
    ("not_a_number", build(total=Fraction(1, 3))),
    ("not_finite", build(total=D("NaN"))),
    ("not_finite", build(total=D("sNaN"))),
    ("not_finite", build(total=float("inf"))),
    ("not_finite", build(total="-Infinity")),
    ("not_finite", build(shape="weighted", weights=[1, float("nan"), 1])),
    ("binary_dust", build(total=0.1 + 0.2)),
    ("amount_too_large", build(total=D("1e15"))),
    ("amount_too_large", build(total=D("1e999999"))),
    ("amount_too_precise", build(total=D("300.001"))),
    ("amount_too_precise", build(total=D("300.5"), decimals=0)),
    ("amount_too_precise", build(total=D("1e-999999"))),
    ("amount_too_precise", build(unit=D("0.005"))),
    ("amount_too_precise", build(**WRITTEN, amounts=[D("0.001"), D("299.999")])),
    ("amount_too_precise", lambda: money.split_evenly(D("1.00001"), 2, D("0.01"))),
    ("decimals_out_of_range", build(decimals=-1)),
    ("decimals_out_of_range", build(decimals=5)),
    ("decimals_out_of_range", build(decimals=2.0)),
    ("unit_not_positive", build(unit=0)),
    ("unit_not_positive", build(unit=-10)),
    ("weights_not_positive", build(**WEIGHTED, weights=[0, 0])),
    ("weights_not_positive", build(**WEIGHTED, weights=[2, -1])),
    ("weights_not_positive", lambda: money.split_evenly(100, 0, 1)),
    ("unknown_choice", build(period="year")),
    ("unknown_choice", build(shape="round")),
    ("unknown_choice", build(convention="nearest")),
    ("unknown_choice", build(remainder="middle")),
    ("unknown_choice", build(pauses={0})),
    ("unknown_choice", build(pauses={13})),
    ("unknown_choice", build(weekend={7})),
    ("unknown_choice", edit(0, 50, mode="all")),
    ("total_not_positive", build(total=0)),
    ("total_not_positive", build(total=-1)),
    ("total_not_positive", lambda: schedule.shortest_count(0, 10, 2)),
    ("count_or_max_amount", build(max_amount=D(100))),
    ("count_or_max_amount", build(count=None)),
    ("count_or_max_amount", build(**WRITTEN, amounts=[D(300)], max_amount=D(300))),
    ("count_not_whole", build(count=2.5)),
    ("count_not_whole", build(count=True)),
    ("count_not_positive", build(count=0)),
    ("count_not_positive", build(count=-3)),
    ("count_not_positive", build(**LISTED, dates=[])),
    ("count_not_positive", build(**WEIGHTED, weights=[])),
    ("count_not_positive", build(**WRITTEN, amounts=[])),
    ("count_not_positive", check()),
    ("too_many_instalments", build(total=D(10**6), count=10_000)),
    ("too_many_instalments", build(total=D(10**6), count=1201)),
    ("too_many_instalments", build(**BY_MAX, max_amount=D("0.01"))),
    ("count_mismatch", build(dates=[MAY, JUNE])),
    ("count_mismatch", build(shape="written", amounts=[D(150), D(150)])),
    ("count_mismatch", build(**WEIGHTED, weights=[1, 2], dates=[MAY])),
    ("max_not_positive", build(**BY_MAX, max_amount=0)),
    ("max_not_positive", build(**BY_MAX, max_amount=-5)),
    ("max_below_unit", build(**BY_MAX, max_amount=D("9.99"), unit=10)),
    ("max_below_unit", build(**BY_MAX, max_amount=D("0.009"))),
    ("max_unreachable", build(**BY_MAX, max_amount=D(10), shape="stepped", step_percent=10)),
    ("max_unreachable", build(**BY_MAX, max_amount=D(60), shape="stepped", step_amount=50)),
    ("shape_inputs_wrong", build(shape="stepped")),
    ("shape_inputs_wrong", build(**STEPPED, step_percent=1, step_amount=1)),
    ("shape_inputs_wrong", build(shape="weighted")),
    ("shape_inputs_wrong", build(shape="written")),
    ("shape_inputs_wrong", build(weights=[1, 2, 3])),
    ("shape_inputs_wrong", build(shape="weighted", amounts=[1, 2, 3])),
    ("step_invalid", build(**STEPPED, step_percent=1, step_every=0)),
    ("step_invalid", build(**STEPPED, step_percent=1, step_every=1.5)),
    ("step_too_steep", build(**STEPPED, step_percent=-100)),
    ("step_too_steep", build(**STEPPED, step_amount=100)),
    ("step_too_steep", build(**STEPPED, step_amount=-100)),
    ("total_too_small", build(total=D("0.02"))),
    ("total_too_small", build(total=D(20), unit=10)),
    ("instalment_below_unit", build(shape="weighted", weights=[0, 1, 1])),
    ("instalment_below_unit", build(shape="weighted", weights=[1, 1000, 1000], unit=10)),
    ("instalment_below_unit", build(**STEPPED, step_percent=10**14)),
    ("remainder_not_positive", build(total=10, decimals=0, count=6)),
    ("remainder_not_positive", build(total=10, decimals=0, count=6, remainder="first")),
    ("amount_not_positive", build(**WRITTEN, amounts=[D(300), D(0)])),
    ("amount_not_positive", build(**WRITTEN, amounts=[D(301), D(-1)])),
    ("amount_not_positive", edit(0, 0)),
    ("amount_not_positive", edit(0, -1)),
    ("amount_not_positive", allocate("a", "r", owed=0)),
    ("amounts_do_not_sum", build(**WRITTEN, amounts=[D(100), D("200.01")])),
    ("amounts_do_not_sum", check((1, MAY, D("299.99")))),
    ("down_payment_twice", build(down_payment=1, down_payment_percent=1)),
    ("down_payment_not_positive", build(down_payment=0)),
    ("down_payment_not_positive", build(down_payment_percent=D("0.001"))),
    ("down_payment_too_large", build(down_payment=300)),
    ("down_payment_too_large", build(down_payment_percent=100)),
    ("down_payment_date_missing", build(down_payment=30)),
    ("down_payment_not_first", build(down_payment=30, down_payment_date=MAY)),
    ("down_payment_not_first", build(down_payment=30, down_payment_date=JUNE)),
    ("start_missing", build(start=None)),
    ("date_invalid", build(start="2026-05-01")),
    ("date_invalid", build(start=datetime.datetime(2026, 5, 1))),
    ("date_invalid", build(start=datetime.date(1899, 12, 31))),
    ("date_invalid", build(start=datetime.date(9999, 12, 31))),
    ("date_invalid", build(holidays=["2026-05-01"])),
    ("date_invalid", edit(0, new_date="soon")),
    ("dates_not_increasing", build(**LISTED, dates=[JUNE, MAY])),
    ("dates_not_increasing", build(**LISTED, dates=[MAY, MAY])),
    ("dates_not_increasing", edit(0, new_date=JUNE)),
    ("dates_collapse", build(**LISTED, dates=WEEKEND, convention="following")),
    ("dates_collapse", build(**LISTED, dates=WEEKEND, convention="preceding")),
    ("no_month_left", build(pauses=EVERY_MONTH)),
    ("no_month_left", build(pauses=EVERY_MONTH, period="week")),
    ("no_month_left", build(pauses={2, 5, 8, 11}, period="quarter")),
    ("date_in_pause", build(**LISTED, dates=[MAY, JULY], pauses={7})),
    ("no_business_day", build(weekend=range(7), convention="following")),
    ("numbering_wrong", check((1, MAY, D(150)), (3, JUNE, D(150)))),
    ("numbering_wrong", check((1, MAY, D(150)), (0, JUNE, D(150), True))),
    ("index_out_of_range", edit(3, 10)),
    ("index_out_of_range", edit(-1, 10)),
    ("instalment_locked", edit(1, 10, locked=2)),
    ("no_later_instalment", edit(2, 10)),
    ("later_not_positive", edit(0, 200)),
    ("later_not_positive", edit(0, 300, mode="spread")),
    ("later_not_positive", edit(0, 200, mode="last")),
    ("duplicate_key", allocate("aa", "r")),
    ("duplicate_key", allocate("a", "rr")),
]


@pytest.mark.parametrize(("code", "act"), REFUSALS)
def test_nonsense_is_refused_by_name_with_its_figures(code, act):
    with pytest.raises(KernelError) as refusal:
        act()
    assert refusal.value.code == code
    assert set(refusal.value.params) == set(money.CODES[code])


def test_every_declared_code_is_raised_and_every_raised_one_declared():
    assert {code for code, _act in REFUSALS} == set(money.CODES)
    sources = "".join(Path(module.__file__).read_text() for module in (money, schedule, allocation))
    assert set(re.findall(r'KernelError\(\s*"(\w+)"', sources)) <= set(money.CODES)
