"""Money that is matched with nothing, over what its debtor owes: stories. Any ledger: see the properties."""

import datetime
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from refusals import refuses
from tools.errors import KernelError
from tools.open_money import Credit, Item, Owner, Receipt, lay

D = Decimal
day = datetime.date.fromisoformat
TODAY = day("2026-10-20")
OWNER = Owner("creditor", "debtor", "EUR")


def owed(key, due, amount, **more):
    values = {"owner": OWNER, "date": day(due), "date_due": day(due), "entry": f"entry {key}", **more}
    return Item(key, amount=D(amount), **values)


def received(key, on, amount, **more):
    return Credit(key, more.pop("owner", OWNER), day(on), D(amount), **more)


def covered(items, incoming, date=TODAY):
    laid = lay(items, incoming, date)
    return {item.key: int(laid.covered(item.key)) for item in items}


def test_without_money_nothing_is_covered():
    laid = lay([owed("a", "2026-09-30", 100)], [], TODAY)
    assert (laid.receipts, laid.left, laid.uncovered("a")) == ({}, {}, 100)


def test_the_oldest_debt_is_covered_first_though_nobody_chases_it():
    items = [owed("invoice", "2026-09-30", 400), owed("old", "2024-03-31", 500)]
    assert covered(items, [received("bank", "2026-10-10", 500)]) == {"old": 500, "invoice": 0}
    assert covered(items, [received("bank", "2026-10-10", 750)]) == {"old": 500, "invoice": 250}


def test_a_part_payment_is_a_receipt_of_its_own_day():
    laid = lay([owed("a", "2026-07-31", 1000)], [received("bank", "2026-07-31", 900)], TODAY)
    assert laid.receipts == {"a": [Receipt("bank", day("2026-07-31"), D(900))]}
    assert laid.uncovered("a") == 100


def test_money_that_comes_after_the_day_asked_is_not_there_yet():
    assert covered([owed("a", "2026-07-31", 100)], [received("bank", "2026-10-21", 100)]) == {"a": 0}
    assert covered([owed("a", "2026-07-31", 100)], [received("bank", "2026-10-20", 100)]) == {"a": 100}


def test_a_credit_note_covers_the_invoice_it_reverses_and_what_is_over_goes_on():
    items = [owed("old", "2026-08-31", 300), owed("new", "2026-10-31", 200)]
    note = received("note", "2026-10-01", 250, reverses="entry new")
    assert covered(items, [note]) == {"old": 50, "new": 200}


@pytest.mark.parametrize(
    ("text", "covers"), [("INV/7", "new"), ("INV/70", "old"), ("INV/7 ", "old"), ("inv/7", "old")]
)
def test_a_memo_names_an_invoice_only_when_it_is_exactly_its_number(text, covers):
    items = [
        owed("old", "2026-08-31", 200),
        owed("new", "2026-09-30", 200, names=frozenset({"INV/7", "RF1"})),
    ]
    laid = lay(items, [received("bank", "2026-10-01", 150, texts=frozenset({text}))], TODAY)
    assert list(laid.receipts) == [covers]


IN_PLAN = {"plan": "plan", "plan_names": frozenset({"PLAN/7", "PLAN/3"})}


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("PLAN/7", {"older": 200, "younger": 50}),
        ("PLAN/3", {"older": 200, "younger": 50}),
        ("PLAN/7-1", {"older": 200, "younger": 50}),  # the reference of a second online payment
        ("PLAN/3-12", {"older": 200, "younger": 50}),
        ("PLAN/7-", {"oldest": 250}),
        ("PLAN/7-1-1", {"oldest": 250}),
        ("PLAN/7-1\n", {"oldest": 250}),
        ("PLAN/7 / 1", {"oldest": 250}),
        ("plan/7", {"oldest": 250}),
    ],
)
def test_a_memo_names_a_plan_by_exactly_its_number_and_pays_what_it_covers_oldest_first(text, covers):
    items = [
        owed("younger", "2026-09-30", 200, **IN_PLAN),
        owed("older", "2026-08-31", 200, **IN_PLAN),
        owed("oldest", "2026-07-31", 900),
    ]
    found = covered(items, [received("bank", "2026-10-01", 250, texts=frozenset({text}))])
    assert found == dict.fromkeys(("younger", "older", "oldest"), 0) | covers


def test_what_is_over_once_a_plan_is_covered_goes_on():
    items = [owed("in plan", "2026-10-31", 200, **IN_PLAN), owed("old", "2026-07-31", 900)]
    found = covered(items, [received("bank", "2026-10-01", 250, texts=frozenset({"PLAN/7"}))])
    assert found == {"in plan": 200, "old": 50}


def test_an_invoice_that_is_named_goes_before_its_plan():
    items = [
        owed("older", "2026-08-31", 200, **IN_PLAN),
        owed("named", "2026-09-30", 200, names=frozenset({"INV/7"}), **IN_PLAN),
    ]
    texts = frozenset({"PLAN/7", "INV/7"})
    assert covered(items, [received("bank", "2026-10-01", 150, texts=texts)]) == {"older": 0, "named": 150}
    # of two that meet there, the one for the invoice takes it first, whichever came first
    incoming = [
        received("early", "2026-10-01", 300, texts=frozenset({"PLAN/7"})),
        received("late", "2026-10-02", 150, texts=frozenset({"INV/7"})),
    ]
    laid = lay(items, incoming, TODAY)
    assert [receipt.credit for receipt in laid.receipts["named"]] == ["late", "early"]
    assert (laid.covered("older"), laid.covered("named"), laid.left) == (200, 200, {OWNER: 50})


def test_a_refund_takes_free_money_before_what_is_for_a_plan():
    items = [owed("in plan", "2026-08-31", 200, **IN_PLAN), owed("r", "2026-10-05", 100, paid_out=True)]
    incoming = [
        received("of plan", "2026-09-01", 200, texts=frozenset({"PLAN/7"})),
        received("free", "2026-09-02", 100),
    ]
    assert covered(items, incoming) == {"in plan": 200, "r": 100}


def test_what_is_reversed_counts_more_than_what_is_named():
    items = [owed("old", "2026-08-31", 200, names=frozenset({"X"})), owed("new", "2026-09-30", 200)]
    note = received("note", "2026-10-01", 200, reverses="entry new", texts=frozenset({"X"}))
    assert covered(items, [note]) == {"old": 0, "new": 200}


def test_of_several_that_are_called_the_same_the_first_in_order_is_meant():
    items = [
        owed(1, "2026-09-30", 100, entry="b", names=frozenset({"X"})),
        owed(2, "2026-08-31", 100, entry="a", names=frozenset({"X"})),
    ]
    assert covered(items, [received("bank", "2026-10-01", 100, texts=frozenset({"X"}))]) == {1: 0, 2: 100}


def test_disputed_debts_come_after_undisputed_ones_and_before_those_not_due():
    items = [
        owed("disputed", "2026-07-31", 100, disputed=D(999)),
        owed("due", "2026-10-20", 100),
        owed("in part", "2026-08-31", 100, disputed=D(60)),
        owed("coming", "2026-10-21", 100),
        owed("coming, disputed", "2026-10-21", 100, disputed=D(100)),
    ]
    steps = [("in part", 40), ("due", 100), ("disputed", 100), ("in part", 60), ("coming", 100)]
    total, expected = 0, Counter()
    for key, amount in steps:
        total += amount
        expected[key] += amount
        found = covered(items, [received("bank", "2026-10-01", total)])
        assert Counter(found) == expected | Counter(dict.fromkeys(found, 0))


def test_money_paid_out_takes_what_came_in_first_and_is_no_claim():
    refund = owed("refund", "2026-09-10", 200, paid_out=True)
    invoice = owed("invoice", "2026-08-01", 500)
    note = received("note", "2026-09-01", 200)
    assert covered([refund], [note]) == {"refund": 200}
    assert covered([invoice, refund], [note]) == {"invoice": 0, "refund": 200}
    assert covered([invoice, refund], [received("bank", "2026-09-01", 300)]) == {
        "invoice": 100,
        "refund": 200,
    }
    # paid out after the day asked: not yet
    assert covered([invoice, refund], [note], day("2026-09-09")) == {"invoice": 200, "refund": 0}


def test_a_refund_takes_free_credits_before_one_that_names_an_invoice():
    items = [
        owed("a", "2026-08-01", 500),
        owed("b", "2026-09-01", 500),
        owed("r", "2026-09-10", 200, paid_out=True),
    ]
    incoming = [
        received("note", "2026-09-01", 200, reverses="entry b"),
        received("bank", "2026-09-02", 300),
    ]
    assert covered(items, incoming) == {"a": 100, "b": 200, "r": 200}


def test_another_creditor_debtor_or_currency_is_another_matter():
    items = [owed("a", "2026-08-01", 100)]
    others = [
        *(OWNER._replace(creditor=other) for other in ("x", "a")),
        *(
            OWNER._replace(debtor=other, currency=currency)
            for other in ("x", "a")
            for currency in ("EUR", "CHF")
        ),
        OWNER._replace(currency="USD"),
        OWNER._replace(currency="CHF"),
    ]
    incoming = [
        received(number, "2026-09-01", 100 + number, owner=other) for number, other in enumerate(others)
    ]
    laid = lay(items, incoming, TODAY)
    assert laid.receipts == {}
    assert laid.left == {other: 100 + number for number, other in enumerate(others)}
    assert laid.elsewhere(OWNER) == {"USD": 106, "CHF": 107}


def less_discount(key, due, amount, asked, until="2026-09-10", **more):
    return owed(
        key, due, amount, date=day("2026-09-01"), discounted=D(asked), discount_until=day(until), **more
    )


THREE = [
    less_discount(key, "2026-09-30", amount, asked)
    for key, amount, asked in (("a", 1000, 980), ("b", 500, 490), ("c", 200, 196))
]


@pytest.mark.parametrize(
    ("items", "incoming", "expected"),
    [
        # all of them, some that follow each other, one beside an old one without a discount, each by a transfer
        (THREE, [received("bank", "2026-09-08", 1666)], {"a": 980, "b": 490, "c": 196}),
        (THREE, [received("bank", "2026-09-10", 686)], {"a": 0, "b": 490, "c": 196}),
        (
            [owed("old", "2026-08-31", 300), *THREE],
            [received("bank", "2026-09-08", 1280)],
            {"old": 300, "a": 980, "b": 0, "c": 0},
        ),
        (
            [THREE[0], less_discount("twin", "2026-09-30", 1000, 980)],
            [received("one", "2026-09-08", 980), received("other", "2026-09-08", 980)],
            {"a": 980, "twin": 980},
        ),
        # what a discount left takes no other money
        (
            THREE,
            [received("bank", "2026-09-08", 1470), received("rest", "2026-10-01", 200)],
            {"a": 980, "b": 490, "c": 200},
        ),
        # a day late, a cent less, what is disputed or in a plan, what was invoiced later: as without discounts
        (THREE, [received("bank", "2026-09-11", 1666)], {"a": 1000, "b": 500, "c": 166}),
        (THREE, [received("bank", "2026-09-08", 1665)], {"a": 1000, "b": 500, "c": 165}),
        (
            [replace(THREE[0], disputed=D(100)), *THREE[1:]],
            [received("bank", "2026-09-08", 1666)],
            {"a": 966, "b": 500, "c": 200},
        ),
        (
            [replace(THREE[0], plan="p"), *THREE[1:]],
            [received("bank", "2026-09-08", 1666)],
            {"a": 1000, "b": 500, "c": 166},
        ),
        (
            [replace(THREE[0], date=day("2026-09-09")), *THREE[1:]],
            [received("bank", "2026-09-08", 1666)],
            {"a": 1000, "b": 500, "c": 166},
        ),
        # what is for an entry or a plan is for that, and leaves the others to the rest
        (
            [THREE[0], less_discount("twin", "2026-09-30", 1000, 980)],
            [received("note", "2026-09-05", 1000, reverses="entry a"), received("bank", "2026-09-08", 980)],
            {"a": 1000, "twin": 980},
        ),
        (
            THREE,
            [received("note", "2026-09-08", 686, reverses="entry c")],
            {"a": 486, "b": 0, "c": 200},
        ),
        (
            [*THREE, owed("plan", "2026-10-10", 900, plan="p", plan_names=frozenset({"P1"}))],
            [received("bank", "2026-09-08", 686, texts=frozenset({"P1"}))],
            {"a": 0, "b": 0, "c": 0, "plan": 686},
        ),
    ],
)
def test_one_transfer_for_several_invoices_each_less_its_discount(items, incoming, expected):
    assert covered(items, incoming) == expected


NAMED = [
    owed(key, f"2026-09-0{number}", 100 * number, names=frozenset({f"INV/{number}"}))
    for number, key in enumerate("abcd", 1)
]


@pytest.mark.parametrize(
    ("text", "amount", "expected"),
    [
        ("INV/2 INV/4", 600, {"b": 200, "d": 400}),
        ("Invoices INV/2, INV/4; thank you", 600, {"b": 200, "d": 400}),
        ("Invoice INV/3", 300, {"c": 300}),
        ("INV/2 INV/4", 500, {"a": 100, "b": 200, "c": 200}),
        ("INV/24", 600, {"a": 100, "b": 200, "c": 300}),
    ],
)
def test_a_text_that_names_several_entries_is_for_them_when_it_pays_them_exactly(text, amount, expected):
    incoming = [received("bank", "2026-10-01", amount, texts=frozenset({text}))]
    assert covered(NAMED, incoming) == {"a": 0, "b": 0, "c": 0, "d": 0} | expected


def test_the_one_entry_that_is_named_is_paid_in_the_order_of_what_is_owed_though_a_part_fits_exactly():
    invoice = {"entry": "invoice", "names": frozenset({"X"})}
    items = [
        owed("disputed", "2026-08-31", 100, disputed=D(100), **invoice),
        owed("coming", "2026-11-30", 100, **invoice, date=day("2026-08-01")),
    ]
    incoming = [received("bank", "2026-10-01", 100, texts=frozenset({"X"}))]
    assert covered(items, incoming) == {"disputed": 100, "coming": 0}


def test_a_stretch_of_discounts_has_the_entry_in_it_that_the_payer_named():
    twins = [less_discount(key, "2026-09-30", 1000, 980, names=frozenset({key})) for key in "xyz"]
    incoming = [received("bank", "2026-09-08", 1960, texts=frozenset({"z"}))]
    assert covered(twins, incoming) == {"x": 0, "y": 980, "z": 980}


@pytest.mark.parametrize(
    ("items", "incoming", "code"),
    [
        ([owed("a", "2026-08-01", 1), owed("a", "2026-08-02", 1)], [], "duplicate_key"),
        ([], [received("a", "2026-08-01", 1), received("a", "2026-08-02", 1)], "duplicate_key"),
        ([owed("a", "2026-08-01", 0)], [], "amount_not_positive"),
        ([], [received("a", "2026-08-01", -1)], "amount_not_positive"),
    ],
)
def test_what_cannot_be_is_refused(items, incoming, code):
    with pytest.raises(KernelError) as refused:
        lay(items, incoming, TODAY)
    assert refused.value.code == code


def test_the_record_without_an_amount_is_named_by_its_number():
    items = [owed("a", "2026-08-01", 1), owed("b", "2026-08-01", 0)]
    assert refuses("amount_not_positive", lay, items, [], TODAY) == {"number": 2, "amount": 0}
