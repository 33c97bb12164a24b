"""Cost against benefit: worked examples, fees at each tier's edge, the sum from which a procedure pays."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import refuses
from tools.collection_fee import FeeRule, collection_fee
from tools.litigation import Fee, Prospect, break_even, weigh

#: FR C. com. A444-32: cumulated percentages, 21.28 at least.
OFFICER = FeeRule(
    "percentage",
    tiers=((0, "11.61"), (125, "10.64"), (610, "10.16"), (1525, "3.87"), (52400, "2.98")),
    minimum=Decimal("21.28"),
)
REGISTRY = FeeRule("per_invoice", amount=Decimal("35"))
#: UK Money Claim: by tiers, then 5 % above 10,000.
UK_COURT = FeeRule(
    "percentage",
    tiers=(
        *((0, 0, 35), (300, 0, 50), (500, 0, 70), (1000, 0, 80), (1500, 0, 115), (3000, 0, 205)),
        *((5000, 0, 455), (10000, 5, 500)),
    ),
)
ORDER = Prospect(
    chance=Decimal(60), opposition=Decimal(10), lawyer=Decimal(1500), fees=(Fee(REGISTRY, True),), months=6
)


@pytest.mark.parametrize(
    ("scale", "amount", "fee"),
    [
        (OFFICER, "188", "21.28"),
        (OFFICER, "189", "21.32"),
        (OFFICER, "610", "66.12"),
        (OFFICER, "1525", "159.08"),
        (OFFICER, "10000", "487.06"),
        (UK_COURT, "300", "35.00"),
        (UK_COURT, "300.01", "50.00"),
        (UK_COURT, "10000", "455.00"),
        (UK_COURT, "10000.01", "500.00"),
        (UK_COURT, "20000", "1000.00"),
    ],
)
def test_fees(scale, amount, fee):
    assert str(collection_fee(scale, amount)) == fee


def test_terms_add_up():
    found = weigh(ORDER, 1000, 100)
    assert found["recovered"] == Decimal("660.00")
    assert found["given_back"] == Decimal("21.00")
    assert found["fees"] == Decimal("-35.00")
    assert found["lawyer"] == Decimal("-150.00")
    assert found["waiting"] == 0
    assert found.net == Decimal("496.00")


def test_waiting_costs():
    patient = Prospect(chance=Decimal(50), months=Decimal(12), waiting_rate=Decimal(8))
    assert weigh(patient, 1000)["waiting"] == Decimal("-40.00")
    # 50 % x (1,001 + 35) x 8.25 % x 5 months of 12
    patient = Prospect(Decimal(50), fees=(Fee(REGISTRY, True),), months=5, waiting_rate=Decimal("8.25"))
    assert weigh(patient, 1001)["waiting"] == Decimal("-17.81")


def test_break_even_to_the_cent():
    sum_from = break_even(ORDER, Decimal(100000))
    # 60 % x sum + 21 - 35 - 150 = 0
    assert sum_from == Decimal("273.35")
    assert weigh(ORDER, sum_from).net > 0
    assert weigh(ORDER, sum_from - Decimal("0.01")).net == 0
    assert break_even(ORDER, sum_from) == sum_from
    assert break_even(ORDER, sum_from - Decimal("0.01")) is None


@pytest.mark.parametrize(
    ("scale", "pays_from"),
    [
        # 50 % x sum - 10 from 20.01 on, but from 1,000 on the fee is 500: at 1,000 nothing is left
        (FeeRule("tiers", tiers=((0, 10), (1000, 500))), "1000.01"),
        # the same fee above 1,000, not at it
        (FeeRule("percentage", tiers=((0, 0, 10), (1000, 0, 500.01))), "1000.03"),
        # a fee that leaps where the sum bears it changes nothing below
        (FeeRule("tiers", tiers=((0, 10), (1000, 499))), "20.01"),
    ],
)
def test_from_the_sum_on_every_sum_pays_though_a_fee_leaps(scale, pays_from):
    prospect = Prospect(chance=Decimal(50), fees=(Fee(scale),))
    assert break_even(prospect, Decimal(100000)) == Decimal(pays_from)
    assert break_even(prospect, Decimal(pays_from)) == Decimal(pays_from)
    assert break_even(prospect, Decimal("999.99")) == Decimal("20.01"), "nothing leaps below"


def test_never_pays():
    assert break_even(Prospect(chance=Decimal(0), fees=(Fee(REGISTRY),)), Decimal(1000)) is None


def test_free_and_certain_pays_from_the_first_cent():
    assert break_even(Prospect(chance=Decimal(100)), Decimal(1000)) == Decimal("0.01")


def test_chances_are_percentages():
    refuses("chance_out_of_range", Prospect, Decimal(101))
    refuses("negative", Prospect, Decimal(-1))
    for name in ("opposition", "lawyer", "months", "waiting_rate"):
        assert refuses("negative", Prospect, Decimal(1), **{name: -1})["name"] == name


SCALES = st.sampled_from([OFFICER, REGISTRY, UK_COURT])
PROSPECTS = st.builds(
    Prospect,
    chance=st.integers(0, 100).map(Decimal),
    opposition=st.integers(0, 100).map(Decimal),
    lawyer=st.integers(0, 3000).map(Decimal),
    fees=st.lists(st.builds(Fee, SCALES, st.booleans()), max_size=3).map(tuple),
)


@given(PROSPECTS)
def test_below_the_threshold_the_sum_before_does_not_pay(prospect):
    found = break_even(prospect, Decimal(100000))
    cent = Decimal("0.01")
    if found is None:
        assert weigh(prospect, Decimal(100000)).net <= 0
    else:
        assert weigh(prospect, found).net > 0
        assert found == cent or weigh(prospect, found - cent).net <= 0


@given(PROSPECTS, st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100))
def test_a_better_chance_never_weighs_less(prospect, amount):
    surer = Prospect(Decimal(100), prospect.opposition, prospect.lawyer, prospect.fees)
    assert weigh(surer, amount).net >= weigh(prospect, amount).net


@given(PROSPECTS, st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100))
def test_above_the_threshold_every_sum_pays(prospect, amount):
    found = break_even(prospect, Decimal(100000))
    if found is not None and amount >= found:
        assert weigh(prospect, amount).net > 0
