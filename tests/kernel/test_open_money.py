"""Money that is matched with nothing, over what its debtor owes: nothing lost, nothing twice, the law's order."""

import datetime
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
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


# ---------------------------------------------------------------- stories


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
    laid = lay(items, [received("bank", "2026-10-01", 200, texts=frozenset({text}))], TODAY)
    assert list(laid.receipts) == [covers]


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
    others = [OWNER._replace(creditor="x"), OWNER._replace(debtor="x"), OWNER._replace(currency="USD")]
    incoming = [
        received(number, "2026-09-01", 100 + number, owner=other) for number, other in enumerate(others)
    ]
    laid = lay(items, incoming, TODAY)
    assert laid.receipts == {}
    assert laid.left == {other: 100 + number for number, other in enumerate(others)}
    assert laid.elsewhere(OWNER) == {"USD": 102}


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


# ---------------------------------------------------------------- for any ledger

DAYS = st.dates(TODAY - datetime.timedelta(days=6), TODAY + datetime.timedelta(days=2))
CENTS = st.integers(1, 60).map(lambda cents: D(cents) / 100)
OWNERS = st.builds(Owner, st.just("creditor"), st.sampled_from("xy"), st.sampled_from(["EUR", "USD"]))
NAMES = st.frozensets(st.sampled_from("nm"), max_size=1)


def numbered(strategy, most=7):
    """Lists whose records have the keys 0, 1, 2 …"""
    return st.lists(strategy, max_size=most).map(
        lambda makers: [maker(key) for key, maker in enumerate(makers)]
    )


@st.composite
def an_item(draw, plain=False):
    values = {
        "owner": draw(OWNERS),
        "date": draw(DAYS),
        "date_due": draw(DAYS),
        "amount": draw(CENTS),
        "entry": draw(st.integers(0, 3)),
    }
    if not plain:
        values |= {
            "disputed": draw(st.just(D(0)) | CENTS),
            "names": draw(NAMES),
            "paid_out": draw(st.integers(0, 3)) == 0,
        }
    return lambda key: Item(key, **values)


@st.composite
def a_credit(draw, plain=False):
    values = {"owner": draw(OWNERS), "date": draw(DAYS), "amount": draw(CENTS)}
    if not plain:
        values |= {"reverses": draw(st.none() | st.integers(0, 3)), "texts": draw(NAMES)}
    return lambda key: Credit(key, **values)


ITEMS, CREDITS = numbered(an_item()), numbered(a_credit())


def by_day(receipts, date):
    return sum((receipt.amount for receipt in receipts if receipt.date <= date), D(0))


@given(items=ITEMS, incoming=CREDITS)
def test_every_cent_received_lies_on_one_item_or_is_left_over(items, incoming):
    laid = lay(items, incoming, TODAY)
    spent = Counter()
    for receipts in laid.receipts.values():
        for receipt in receipts:
            assert receipt.amount > 0
            spent[receipt.credit] += receipt.amount
    for credit in incoming:
        assert spent[credit.key] <= (credit.amount if credit.date <= TODAY else 0)
    for owner in {credit.owner for credit in incoming}:
        mine = [credit for credit in incoming if credit.owner == owner and credit.date <= TODAY]
        total = sum(credit.amount for credit in mine)
        assert total == sum(spent[credit.key] for credit in mine) + laid.left.get(owner, 0)


@given(items=ITEMS, incoming=CREDITS)
def test_no_item_gets_more_than_it_owes_and_none_from_another_owner(items, incoming):
    laid = lay(items, incoming, TODAY)
    owner_of = {credit.key: credit.owner for credit in incoming}
    for item in items:
        assert 0 <= laid.covered(item.key) <= item.amount
        assert laid.covered(item.key) + laid.uncovered(item.key) == item.amount
        assert all(owner_of[receipt.credit] == item.owner for receipt in laid.receipts.get(item.key, ()))


@given(items=ITEMS, incoming=CREDITS)
def test_money_is_left_over_only_when_nothing_is_uncovered(items, incoming):
    laid = lay(items, incoming, TODAY)
    for owner in laid.left:
        for item in items:
            if item.owner == owner and not (item.paid_out and item.date > TODAY):
                assert laid.uncovered(item.key) == 0


@given(items=ITEMS, incoming=CREDITS)
def test_refunds_are_covered_before_anything_else(items, incoming):
    laid = lay(items, incoming, TODAY)
    for owner in {item.owner for item in items}:
        mine = [item for item in items if item.owner == owner]
        refunds = [item for item in mine if item.paid_out and item.date <= TODAY]
        if any(laid.uncovered(item.key) for item in refunds):
            assert all(not laid.covered(item.key) for item in mine if item not in refunds)


@given(items=ITEMS, incoming=numbered(a_credit(plain=True)))
def test_without_designation_no_younger_due_debt_is_covered_while_an_older_one_is_not(items, incoming):
    laid = lay(items, incoming, TODAY)
    for older in items:
        for younger in items:
            if (
                older.owner == younger.owner
                and not older.paid_out
                and not younger.paid_out
                and older.disputed == 0
                and older.date_due <= TODAY
                and older.date_due < younger.date_due
                and laid.uncovered(older.key)
            ):
                assert not laid.covered(younger.key)


@given(items=ITEMS, incoming=CREDITS)
def test_a_named_entry_is_full_before_its_credit_goes_elsewhere(items, incoming):
    laid = lay(items, incoming, TODAY)
    for credit in incoming:
        entry = [
            item
            for item in items
            if item.entry == credit.reverses and item.owner == credit.owner and not item.paid_out
        ]
        elsewhere = any(
            receipt.credit == credit.key
            for item in items
            if item not in entry and not item.paid_out
            for receipt in laid.receipts.get(item.key, ())
        )
        if entry and elsewhere:
            assert not any(laid.uncovered(item.key) for item in entry)


@given(items=numbered(an_item(plain=True)), incoming=numbered(a_credit(plain=True)), days=st.integers(0, 6))
def test_what_lay_on_an_item_on_a_day_is_what_its_receipts_say_of_that_day(items, incoming, days):
    date = TODAY - datetime.timedelta(days=days)
    then, now = lay(items, incoming, date), lay(items, incoming, TODAY)
    for item in items:
        assert then.covered(item.key) == by_day(now.receipts.get(item.key, ()), date)


@given(items=ITEMS, incoming=CREDITS, days=st.integers(0, 6))
def test_a_receipt_counts_from_the_day_of_its_credit(items, incoming, days):
    date = TODAY - datetime.timedelta(days=days)
    laid = lay(items, incoming, TODAY)
    date_of = {credit.key: credit.date for credit in incoming}
    assert all(
        receipt.date == date_of[receipt.credit] for receipts in laid.receipts.values() for receipt in receipts
    )
    for owner in {credit.owner for credit in incoming}:
        lying = sum(by_day(laid.receipts.get(item.key, ()), date) for item in items if item.owner == owner)
        assert lying <= sum(
            credit.amount for credit in incoming if credit.owner == owner and credit.date <= date
        )


@given(items=ITEMS, incoming=CREDITS, random=st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_told_does_not_matter(items, incoming, random):
    shuffled = [random.sample(records, len(records)) for records in (items, incoming)]
    told, told_otherwise = lay(items, incoming, TODAY), lay(*shuffled, TODAY)
    assert told.left == told_otherwise.left
    assert {key: set(receipts) for key, receipts in told.receipts.items()} == {
        key: set(receipts) for key, receipts in told_otherwise.receipts.items()
    }
