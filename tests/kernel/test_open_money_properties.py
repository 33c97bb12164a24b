"""Money that is matched with nothing, laid over any ledger: nothing lost, nothing twice, the law's order."""

import datetime
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tools.open_money import Credit, Item, Owner, lay

D = Decimal
TODAY = datetime.date(2026, 10, 20)

DAYS = st.dates(TODAY - datetime.timedelta(days=6), TODAY + datetime.timedelta(days=2))
CENTS = st.integers(1, 60).map(lambda cents: D(cents) / 100)
OWNERS = st.builds(Owner, st.just("creditor"), st.sampled_from("xy"), st.sampled_from(["EUR", "USD"]))
NAMES = st.frozensets(st.sampled_from("nm"), max_size=1)
TEXTS = st.frozensets(st.sampled_from(["n", "m", "p", "n m", "of m"]), max_size=2)


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
        plan = draw(st.sampled_from((None, None, "n", "p")))  # a plan may be called like an entry
        values |= {"plan": plan, "plan_names": frozenset(filter(None, [plan]))}
        if draw(st.booleans()):
            values["discount_until"] = draw(DAYS)
            values["discounted"] = draw(
                st.just(values["amount"]) | CENTS.filter(lambda d: d <= values["amount"])
            )
    return lambda key: Item(key, **values)


@st.composite
def a_credit(draw, plain=False):
    values = {"owner": draw(OWNERS), "date": draw(DAYS), "amount": draw(CENTS)}
    if not plain:
        values |= {"reverses": draw(st.none() | st.integers(0, 3)), "texts": draw(TEXTS)}
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
                assert laid.uncovered(item.key) == 0 or laid.covered(item.key) == item.discounted


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
    items = [replace(item, discounted=None) for item in items]
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


@given(items=ITEMS, incoming=CREDITS)
def test_a_named_plan_is_full_before_its_credit_goes_elsewhere(items, incoming):
    laid = lay(items, incoming, TODAY)
    for credit in incoming:
        mine = [item for item in items if item.owner == credit.owner and not item.paid_out]
        named = credit.reverses in {item.entry for item in mine} or any(
            item.names & credit.texts for item in mine
        )
        of_plan = [item for item in mine if item.plan == "p"]
        elsewhere = any(
            receipt.credit == credit.key
            for item in mine
            if item not in of_plan
            for receipt in laid.receipts.get(item.key, ())
        )
        if not named and credit.texts == {"p"} and elsewhere:
            assert not any(laid.uncovered(item.key) for item in of_plan)


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


@given(items=numbered(an_item(plain=True)), data=st.data(), percent=st.integers(1, 3))
def test_money_for_all_that_is_open_less_its_discounts_settles_all(items, data, percent):
    items = [
        replace(item, amount=item.amount * 100, discounted=item.amount * (100 - percent))
        for item in items
        if item.date <= TODAY
    ]
    items = [replace(item, discount_until=data.draw(DAYS)) for item in items]
    for owner in {item.owner for item in items}:
        mine = [item for item in items if item.owner == owner]
        if not any(item.has_discount(TODAY) for item in mine):
            continue
        price = sum(item.asked(TODAY) for item in mine)
        further = Credit("later", owner, TODAY, D(5))
        laid = lay(items, [Credit("all", owner, TODAY, price), further], TODAY)
        assert [laid.covered(item.key) for item in mine] == [item.asked(TODAY) for item in mine]
        assert laid.left == {owner: 5}
