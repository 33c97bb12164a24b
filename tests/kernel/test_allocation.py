"""Received money over instalments, first in first out, to the cent."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import refuses
from tools.allocation import Allocation, Due, Receipt, allocate, instalment_states, paid_amounts
from tools.schedule import ScheduleRequest, build_schedule

D = Decimal
day = datetime.date.fromisoformat
QUICK = settings(max_examples=200, deadline=None)
PLAN = [
    Due("jan", day("2026-01-31"), D("100.00")),
    Due("feb", day("2026-02-28"), D("100.00")),
    Due("mar", day("2026-03-31"), D("50.00")),
]


def spread(*received):
    allocations, surplus = allocate(
        PLAN, [Receipt(number, D(amount)) for number, amount in enumerate(received)]
    )
    return [(line.receipt_key, line.instalment_key, line.amount) for line in allocations], surplus


def states(received, date):
    return [
        (state.key, state.state, state.residual) for state in instalment_states(PLAN, received, day(date))
    ]


# ---------------------------------------------------------------- stories


def test_nothing_received_allocates_nothing():
    assert spread() == ([], {})
    assert spread("0") == ([], {})


def test_the_oldest_instalment_is_paid_first_and_the_money_split_at_its_edge():
    assert spread("99.99", "0.02") == (
        [(0, "jan", D("99.99")), (1, "jan", D("0.01")), (1, "feb", D("0.01"))],
        {},
    )


def test_an_overpayment_closes_instalments_ahead_and_what_is_over_stays_with_its_receipt():
    assert spread("180", "100") == (
        [(0, "jan", 100), (0, "feb", 80), (1, "feb", 20), (1, "mar", 50)],
        {1: 30},
    )


def test_money_after_the_last_instalment_is_all_surplus():
    assert spread("250", "1")[1] == {1: 1}


@pytest.mark.parametrize(
    ("received", "lines", "surplus"),
    [
        (["100", "50", "-50"], [(0, "jan", 100)], {}),
        (["100", "50", "-60"], [(0, "jan", 90)], {}),
        (["100", "-100", "30"], [(2, "jan", 30)], {}),
        (["10", "-30", "25"], [(2, "jan", 5)], {}),
        (["-30", "20"], [], {}),
        (["300", "-20"], [(0, "jan", 100), (0, "feb", 100), (0, "mar", 50)], {0: 30}),
    ],
)
def test_a_bounced_payment_takes_back_the_latest_money(received, lines, surplus):
    assert spread(*received) == (lines, surplus)


def test_paid_amounts_never_exceed_an_instalment_nor_fall_below_zero():
    assert paid_amounts(PLAN, D("-5")) == {"jan": 0, "feb": 0, "mar": 0}
    assert paid_amounts(PLAN, D("100.01")) == {"jan": 100, "feb": D("0.01"), "mar": 0}
    assert paid_amounts(PLAN, D("250.01")) == {"jan": 100, "feb": 100, "mar": 50}


@pytest.mark.parametrize(
    ("date", "state"),
    [("2026-01-30", "upcoming"), ("2026-01-31", "due"), ("2026-02-01", "late")],
)
def test_an_instalment_is_due_on_its_date_and_late_the_day_after(date, state):
    assert states(0, date)[0] == ("jan", state, 100)
    assert states("99.99", date)[0] == ("jan", state, D("0.01"))
    assert states(100, date)[0] == ("jan", "paid", 0)


def test_paying_ahead_keeps_the_next_dates_quiet():
    assert states(220, "2026-03-01") == [("jan", "paid", 0), ("feb", "paid", 0), ("mar", "upcoming", 30)]
    assert [state for _key, state, _residual in states(1000, "2026-12-31")] == ["paid"] * 3


def test_a_schedule_is_allocated_as_it_is():
    schedule = build_schedule(
        ScheduleRequest(
            total=D("100.000"),
            decimals=3,
            count=3,
            start=day("2026-01-31"),
            down_payment=D("10"),
            down_payment_date=day("2026-01-01"),
        )
    )
    allocations, surplus = allocate(schedule, [Receipt("transfer", D("40.001"))])
    assert allocations == [
        Allocation("transfer", 0, D("10.000")),
        Allocation("transfer", 1, D("30.000")),
        Allocation("transfer", 2, D("0.001")),
    ]
    assert surplus == {}


@pytest.mark.parametrize("amount", ["0", "-0.01"])
def test_nobody_owes_nothing(amount):
    params = refuses(
        "amount_not_positive", paid_amounts, [*PLAN, Due("apr", day("2026-04-30"), D(amount))], 10
    )
    assert params == {"number": 4, "amount": D(amount)}


def test_a_key_is_of_one_instalment_and_of_one_receipt():
    assert refuses("duplicate_key", paid_amounts, [PLAN[0], PLAN[0]], 10) == {"key": "jan"}
    assert refuses("duplicate_key", allocate, PLAN, [Receipt("a", D(1)), Receipt("a", D(2))]) == {"key": "a"}


# ---------------------------------------------------------------- for any money

OWED = st.lists(st.integers(1, 40), max_size=8)
RECEIVED = st.lists(st.integers(-30, 60), max_size=8)


def dues(owed):
    start = day("2026-01-01")
    return [
        Due(key, start + datetime.timedelta(days=30 * key), D(cents) / 100) for key, cents in enumerate(owed)
    ]


def receipts(received):
    return [Receipt(chr(97 + number), D(cents) / 100) for number, cents in enumerate(received)]


def cent_by_cent(owed, received):
    """Lay single cents on a pile, take returned ones off its top, then pay with it from the bottom."""
    pile, owed_back = [], 0
    for receipt in received:
        cents = int(receipt.amount * 100)
        pile += [receipt.key] * cents
        owed_back += max(-cents, 0)
        while pile and owed_back:
            pile.pop()
            owed_back -= 1
    wanted = [key for key, cents in enumerate(owed) for _cent in range(cents)]
    allocated, surplus = {}, {}
    for position, receipt_key in enumerate(pile):
        if position < len(wanted):
            pair = (receipt_key, wanted[position])
            allocated[pair] = allocated.get(pair, 0) + 1
        else:
            surplus[receipt_key] = surplus.get(receipt_key, 0) + 1
    return allocated, surplus


@QUICK
@given(OWED, RECEIVED)
def test_allocation_equals_counting_cents(owed, received):
    allocations, surplus = allocate(dues(owed), receipts(received))
    found = {(line.receipt_key, line.instalment_key): line.amount * 100 for line in allocations}
    assert len(found) == len(allocations)
    assert (found, {key: amount * 100 for key, amount in surplus.items()}) == cent_by_cent(
        owed, receipts(received)
    )


@QUICK
@given(OWED, RECEIVED)
def test_money_is_conserved_and_nothing_paid_twice(owed, received):
    allocations, surplus = allocate(dues(owed), receipts(received))
    net = max(D(sum(received)) / 100, D(0))
    allocated = sum(line.amount for line in allocations)
    assert allocated == min(net, D(sum(owed)) / 100)
    assert allocated + sum(surplus.values()) == net
    assert all(line.amount > 0 for line in allocations)
    for receipt in receipts(received):
        used = sum(line.amount for line in allocations if line.receipt_key == receipt.key)
        assert used + surplus.get(receipt.key, 0) <= max(receipt.amount, 0)


@QUICK
@given(OWED, RECEIVED, st.integers(-10, 300))
def test_states_agree_with_the_allocation(owed, received, days):
    instalments, date = dues(owed), day("2026-01-01") + datetime.timedelta(days=days)
    allocations, _surplus = allocate(instalments, receipts(received))
    for state in instalment_states(instalments, D(sum(received)) / 100, date):
        assert state.paid == sum(line.amount for line in allocations if line.instalment_key == state.key)
        assert state.paid + state.residual == state.amount
        assert (state.state == "paid") == (state.residual == 0)
        assert (state.state == "late") == (state.residual > 0 and state.date < date)
        assert (state.state == "due") == (state.residual > 0 and state.date == date)
