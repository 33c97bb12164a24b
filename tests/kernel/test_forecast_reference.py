"""The forecast beside a plain and slow counting of the same: on drawn ledgers, and on any small one."""

import random
from math import inf

import pytest
from forecast_reference import CHOICES, Reference
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.forecast_history import Choice, History, Payments

AGES = ((), (40, -3, 7), (800, 1), (0,))


def drawn(seed, spread, debtors=14, turned=False):
    """A ledger: debtors with few payments and one with many, invoices longer ago than payments are remembered."""
    draw = random.Random(seed)
    paid = {}
    for debtor in range(debtors):
        mean = draw.gauss(0, 12)
        since = sorted(draw.randrange(1300) for _ in range(115 if not debtor else draw.randrange(1, 16)))[
            ::-1
        ]
        delays = [round(draw.gauss(-mean if turned and day < 200 else mean, spread)) for day in since]
        paid[debtor] = Payments(tuple(delays), tuple(since), tuple(max(30 + delay, 0) for delay in delays))
    paid[1] = Payments((400, -1, *paid[1].delays), (1299, 1299, *paid[1].since), (430, 29, *paid[1].took))
    return paid, {debtor: "ab"[debtor % 2] for debtor in range(debtors) if debtor % 3} | {"new": "a"}


def same(found, reference, choices, debtors):
    for choice in choices:
        found.choice = Choice(*choice)
        for debtor in debtors:
            for ages in AGES:
                heights = found.curve(debtor, ages).heights
                assert heights == pytest.approx(reference.heights(choice, debtor, ages), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("ledger", "chosen"),
    [
        # each of them would be another, were a step away from the middle to cost nothing, or more
        (drawn(6, 6), (inf, 1, "own")),
        (drawn(3, 6), (inf, 8, "around")),
        (drawn(8, 12), (90, 64, "own")),
        (drawn(2, 80, turned=True), (360, 64, "everybody")),
    ],
)
def test_what_a_ledger_tells(ledger, chosen):
    paid, segments = ledger
    found, reference = History(paid, segments), Reference(paid, segments)
    assert tuple(found.choice) == reference.choice == chosen
    same(found, reference, [chosen], [0, 1, 2, "new", "stranger"])


def test_a_ledger_under_each_choice():
    paid, segments = drawn(5, 9, debtors=6)
    same(History(paid, segments), Reference(paid, segments), CHOICES, [1, 3, "new"])


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.integers(1, 4),
        st.lists(st.tuples(st.integers(0, 900), st.integers(-90, 200)), min_size=1, max_size=6),
        min_size=1,
    ),
    st.dictionaries(st.integers(1, 5), st.sampled_from("ab")),
)
def test_a_small_ledger_whatever_it_is(rows, segments):
    paid = {}
    for debtor, payments in rows.items():
        ordered = sorted(payments, key=lambda payment: (-payment[0], payment[1]))
        since, delays = zip(*ordered, strict=True)
        paid[debtor] = Payments(delays, since, tuple(max(30 + delay, 0) for delay in delays))
    same(History(paid, segments), Reference(paid, segments), [(360, 8, "own")], [1, 5])


@pytest.mark.parametrize(
    ("payments", "debtors"), [(1, 12), (6_000, 12), (8_999, 12), (9_000, 6), (15_001, 4), (60_000, 2)]
)
def test_of_a_large_ledger_a_part_is_looked_at(payments, debtors):
    found = History({number: Payments((0,), (0,), (30,)) for number in range(12)})
    assert len(found._sample(payments)) == debtors
