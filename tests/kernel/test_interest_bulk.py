"""Interest of many debts in whole numbers: the kernel's figures, for every mechanic it has."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from law_figures import BANK_OF_ENGLAND, ECB_MRO
from test_interest_properties import ONE_DAY, debts
from tools.errors import KernelError
from tools.interest import interest
from tools.interest_bulk import Calendar, bulk_interest
from tools.rates import InterestRule, RateTable, in_scope

FR_B2B = InterestRule(margin=10)


def cents(amount):
    return int(Decimal(amount) * 100)


def bulk(debt, calendar=None):
    """The bulk's interest of a debt told as the kernel is, in cents."""
    rule, due, until = debt["rule"], debt["due_date"], debt["until"]
    start = due
    if rule.start == "formal_notice":
        if not debt["notice_date"]:
            return 0
        start = max(due, debt["notice_date"])
    received = [(day, cents(amount)) for day, amount in debt["payments"]]
    base = max(cents(debt["principal"]) - sum(amount for day, amount in received if day <= start), 0)
    if start >= until or not base or not in_scope(rule.scope, debt["is_company"]):
        return 0
    calendar = calendar or Calendar(rule, debt["table"], until)
    return bulk_interest(calendar, base, start, until, received, cents(debt["costs"]))[0]


@settings(max_examples=400)
@given(debts())
def test_same_as_the_kernel(debt):
    rule = debt["rule"]
    # declared rules cannot combine these
    assume(rule.compounding == "none" or rule.allocation != "principal_first")
    facts = {name: value for name, value in debt.items() if name not in ("rule", "table")}
    principal, due, until = (facts.pop(name) for name in ("principal", "due_date", "until"))
    expected = interest(rule, debt["table"], principal, due, until, **facts)
    assert bulk(debt) == cents(expected.total)


@settings(max_examples=200)
@given(debts())
def test_a_span_bears_the_same_where_nothing_was_received(debt):
    rule, start, until = debt["rule"], debt["due_date"], debt["until"]
    assume(start < until)
    calendar = Calendar(rule, debt["table"], until)
    span = calendar.simple_span(start, until)
    try:
        expected = bulk_interest(calendar, cents(debt["principal"]), start, until)
    except KernelError:
        assert span is None
        return
    if span is None:
        assert rule.compounding == "yearly", "interest on interest"
        assert (until - start).days > 365
    else:
        assert (span.interest(cents(debt["principal"])), span.is_extrapolated) == expected
        assert span.first_day == start + ONE_DAY


def test_interest_on_interest_begins_after_a_whole_year():
    calendar = Calendar(InterestRule(margin=8, compounding="yearly"), ECB_MRO, date(2026, 6, 30))
    assert calendar.simple_span(date(2024, 3, 1), date(2025, 3, 1))
    assert not calendar.simple_span(date(2024, 3, 1), date(2025, 3, 2))


def test_worked_examples():
    calendar = Calendar(FR_B2B, ECB_MRO, date(2026, 6, 30))
    assert bulk_interest(calendar, cents(1200), date(2025, 3, 31), date(2025, 9, 15))[0] == 7010
    assert bulk_interest(calendar, cents(5000), date(2023, 12, 31), date(2024, 7, 31))[0] == 42202


def test_day_before_the_first_rate_starts_and_the_one_before_does_not():
    table = RateTable(((date(2024, 1, 1), "4.5"),))
    calendar = Calendar(FR_B2B, table, date(2024, 6, 30))
    assert calendar.gathered(date(2023, 12, 31)) == 0
    assert bulk_interest(calendar, cents(1000), date(2023, 12, 31), date(2024, 1, 31))[0] == 1232
    with pytest.raises(KernelError) as refusal:
        bulk_interest(calendar, cents(1000), date(2023, 12, 30), date(2024, 1, 31))
    assert refusal.value.code == "rate_unknown"
    assert calendar.simple_span(date(2023, 12, 31), date(2024, 1, 31))
    assert calendar.simple_span(date(2023, 12, 30), date(2024, 1, 31)) is None


def test_rates_of_whole_tens_however_they_are_written():
    priced = set()
    for rate in ("10", Decimal("1E+1")):
        calendar = Calendar(
            InterestRule(margin=rate), RateTable(((date(2024, 1, 1), rate),)), date(2025, 6, 30)
        )
        priced.add(bulk_interest(calendar, cents(1000), date(2024, 1, 1), date(2025, 3, 1))[0])
    assert len(priced) == 1


def test_extrapolated_from_the_semester_after_the_last_rate():
    table = RateTable(((date(2024, 1, 1), "4.5"),))
    calendar = Calendar(FR_B2B, table, date(2024, 12, 31))
    due = date(2024, 5, 1)
    assert not calendar.is_extrapolated(due, date(2024, 6, 30))
    assert calendar.is_extrapolated(due, date(2024, 7, 1))


def test_locked_rate_is_known_though_later_ones_are_not():
    table = RateTable(BANK_OF_ENGLAND.rates[:4])
    locked = InterestRule(rate_mode="locked", margin=8)
    due = table.rates[-1][0] + ONE_DAY
    calendar = Calendar(locked, table, date(2024, 12, 31))
    assert not calendar.is_extrapolated(due, date(2024, 12, 31))
    expected = interest(locked, table, Decimal(1000), due, date(2024, 12, 31))
    assert bulk_interest(calendar, cents(1000), due, date(2024, 12, 31)) == (cents(expected.total), False)
    assert not expected.rate_extrapolated


def test_payments_in_one_day_and_a_year_completed_on_it():
    rule = InterestRule(margin=8, compounding="yearly")
    debt = {
        "rule": rule,
        "table": ECB_MRO,
        "principal": Decimal(10_000),
        "due_date": date(2024, 2, 29),
        "until": date(2026, 3, 1),
        "payments": [(date(2025, 2, 28), Decimal(300)), (date(2025, 2, 28), Decimal("12.34"))],
        "notice_date": None,
        "is_company": True,
        "costs": Decimal(40),
    }
    facts = {name: debt[name] for name in ("payments", "costs")}
    expected = interest(rule, ECB_MRO, debt["principal"], debt["due_date"], debt["until"], **facts)
    assert bulk(debt) == cents(expected.total) > 0


@pytest.mark.parametrize("turn", [date(2025, 1, 1), date(2025, 7, 1)])
@pytest.mark.parametrize("days", range(-3, 3))
def test_a_locked_rate_is_that_of_the_first_day_of_interest(turn, days):
    rule = InterestRule(rate_mode="locked", margin=8)
    due, until = turn + days * ONE_DAY, date(2025, 12, 31)
    found = bulk_interest(Calendar(rule, BANK_OF_ENGLAND, until), cents(100000), due, until)[0]
    assert found == cents(interest(rule, BANK_OF_ENGLAND, 100000, due, until).total)


@pytest.mark.parametrize("allocation", ["interest_first", "interest_apart"])
@pytest.mark.parametrize("compounding", ["none", "yearly"])
@pytest.mark.parametrize("below_costs", [0, 2])
def test_payments_smaller_than_the_interest_and_one_above_the_costs(allocation, compounding, below_costs):
    """Interest that is left from one payment to the next adds up; costs that are paid are paid for good."""
    rule = InterestRule(rate_mode="fixed", fixed_rate=100, allocation=allocation, compounding=compounding)
    due, until = date(2024, 1, 31), date(2029, 12, 31)
    amounts = ["15.00"] * below_costs + ["41.01"] * (29 - below_costs)
    payments = [(due + 50 * number * ONE_DAY, Decimal(amount)) for number, amount in enumerate(amounts, 1)]
    facts = {"payments": payments, "costs": 40}
    found = bulk_interest(
        *(Calendar(rule, None, until), cents(1000), due, until),
        *([(day, cents(amount)) for day, amount in payments], cents(40)),
    )[0]
    assert found == cents(interest(rule, None, 1000, due, until, **facts).total)
    assert type(found) is int


@pytest.mark.parametrize(("allocation", "amount"), [("interest_first", 1500), ("principal_first", 500)])
def test_what_is_paid_off_the_principal_bears_nothing_more(allocation, amount):
    # 100 % a year: after a year 1,000.00 are interest; half of the principal is paid then, half bears ten times as much
    rule = InterestRule(rate_mode="fixed", fixed_rate=Decimal("1E+2"), allocation=allocation)
    due, paid, until = date(2025, 3, 1), date(2026, 3, 1), date(2026, 3, 1) + 3650 * ONE_DAY
    calendar = Calendar(rule, None, until)
    # where no costs are told none are paid
    assert bulk_interest(calendar, cents(1000), due, until, [(paid, cents(amount))]) == (cents(6000), False)


def test_a_calendar_ends_with_its_last_day():
    for day in (date(2025, 6, 30), date(2025, 7, 1)):
        calendar = Calendar(FR_B2B, ECB_MRO, day)
        assert calendar.gathered(day) > calendar.gathered(day - ONE_DAY)


def test_a_large_debt_is_priced_to_the_cent():
    rule = InterestRule(rate_mode="fixed", fixed_rate="3.65")
    due, until = date(2025, 1, 1), date(2025, 1, 2)
    assert bulk_interest(Calendar(rule, None, until), 10**18 + 49_999, due, until)[0] == 10**14 + 5
