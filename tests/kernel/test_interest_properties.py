"""Interest against a plain reference that counts day by day, and the laws any interest keeps."""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st
from law_figures import BANK_OF_ENGLAND, DE_BASE, ECB_MRO
from tools.interest import interest
from tools.money import quantum, round_money, settle_running
from tools.rates import InterestRule

ONE_DAY = timedelta(days=1)
TABLES = st.sampled_from([ECB_MRO, DE_BASE, BANK_OF_ENGLAND])
AMOUNTS = st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100)
SMALLER_AMOUNTS = st.integers(0, 2_500_000).map(lambda cents: Decimal(cents) / 100)
DUE_DATES = st.dates(date(2019, 7, 1), date(2027, 6, 30))
DAYS = st.integers(0, 1000)

RULES = st.builds(
    InterestRule,
    rate_mode=st.sampled_from(["semester", "locked", "fixed"]),
    margin=st.sampled_from(["0", "8", "10"]),
    fixed_rate=st.sampled_from(["5", "13.15"]),
    rate_rounding=st.sampled_from(["none", "up"]),
    day_count=st.sampled_from(["act/365", "act/act", "30/360"]),
    compounding=st.sampled_from(["none", "yearly"]),
    start=st.sampled_from(["day_after_due", "formal_notice"]),
    allocation=st.sampled_from(["interest_first", "interest_apart", "principal_first"]),
    scope=st.sampled_from(["all", "all", "b2b", "b2c"]),
)
SIMPLE = st.builds(
    InterestRule,
    margin=st.sampled_from(["0", "8", "10"]),
    day_count=st.sampled_from(["act/365", "act/act", "30/360"]),
)


@st.composite
def debts(draw):
    """A rule and the facts of a debt, with payments from before it is due to after the date."""
    due = draw(DUE_DATES)
    until = due + draw(DAYS) * ONE_DAY
    days = st.integers(-10, 1010).map(lambda days: due + days * ONE_DAY)
    return {
        "rule": draw(RULES),
        "table": draw(TABLES),
        "principal": draw(AMOUNTS),
        "due_date": due,
        "until": until,
        "payments": draw(st.lists(st.tuples(days, SMALLER_AMOUNTS), max_size=4)),
        "notice_date": draw(st.none() | st.integers(-5, 200).map(lambda days: due + days * ONE_DAY)),
        "is_company": draw(st.booleans()),
        "costs": draw(st.sampled_from([Decimal(0), Decimal(40)])),
    }


def half_up(amount):
    return Decimal(floor(amount * 100 + Fraction(1, 2))) / 100


class Reference:
    """The same law told one day at a time: no periods, no tables of stops, nothing clever."""

    def __init__(self, rule, table, principal, costs):
        self.rule, self.rates = rule, dict(table.rates)
        self.principal, self.costs = Fraction(principal), Fraction(costs)
        self.old = self.new = self.total = self.overpaid = Fraction(0)
        self.owes_costs = False

    def reference_rate(self, day):
        semester = date(day.year, 1 if day.month <= 6 else 7, 1)
        return self.rates.get(semester, self.rates[max(self.rates)])

    def rate(self, day, first_day):
        if self.rule.rate_mode == "fixed":
            reference = self.rule.fixed_rate
        else:
            reference = self.reference_rate(first_day if self.rule.rate_mode == "locked" else day)
        rate = Fraction(reference) + Fraction(self.rule.margin)
        if self.rule.rate_rounding == "up":
            rate = -Fraction(floor(-rate * 2), 2)
        return max(rate, Fraction(0))

    def share_of_year(self, day):
        if self.rule.day_count == "act/365":
            return Fraction(1, 365)
        if self.rule.day_count == "act/act":
            return Fraction(1, 366 if calendar.isleap(day.year) else 365)
        if (day.month, day.day) == (3, 1):  # makes up for the days February lacks
            return Fraction(2 if calendar.isleap(day.year) else 3, 360)
        return Fraction(0 if day.day == 31 else 1, 360)

    def settle(self, part, amount):
        paid = min(getattr(self, part), amount)
        setattr(self, part, getattr(self, part) - paid)
        return amount - paid

    def pay(self, amount):
        order = ["old", "new"]
        order.insert(0 if self.rule.allocation == "principal_first" else 2, "principal")
        if self.owes_costs:
            order.insert(0 if self.rule.allocation == "interest_first" else 3, "costs")
        for part in order:
            amount = self.settle(part, amount)
        self.overpaid += amount

    def live(self, due_date, until, payments, notice_date, is_company):
        wanted = {"b2b": is_company, "b2c": not is_company, "all": True}[self.rule.scope]
        start = due_date
        if self.rule.start == "formal_notice":
            start = max(due_date, notice_date) if notice_date else until
        for day, amount in payments:
            if day <= min(start, until):
                self.pay(Fraction(amount))
        day = start
        while day < until:
            day += ONE_DAY
            self.owes_costs = self.owes_costs or (day == start + ONE_DAY and self.principal > 0)
            if wanted:
                base = (self.principal + self.old) / 100
                interest_of_day = base * self.rate(day, start + ONE_DAY) * self.share_of_year(day)
                self.new += interest_of_day
                self.total += interest_of_day
            self.pay(sum(Fraction(amount) for paid_on, amount in payments if paid_on == day))
            if self.rule.compounding == "yearly" and self.is_anniversary(start, day):
                self.old, self.new = self.old + self.new, Fraction(0)
        return self

    @staticmethod
    def is_anniversary(start, day):
        if (start.month, start.day) == (2, 29) and not calendar.isleap(day.year):
            return (day.month, day.day) == (2, 28)
        return (day.month, day.day) == (start.month, start.day)


@settings(max_examples=120, deadline=None)
@given(debts())
def test_the_kernel_agrees_with_the_day_by_day_reference(debt):
    result = interest(**debt)
    rule, table, principal, costs = (debt.pop(name) for name in ("rule", "table", "principal", "costs"))
    expected = Reference(rule, table, principal, costs).live(**debt)
    assert result.total == half_up(expected.total)
    assert result.unpaid_interest == half_up(expected.old + expected.new)
    assert result.unpaid_costs == half_up(expected.costs if expected.owes_costs else Fraction(0))
    assert abs(Fraction(result.outstanding_principal) - expected.principal) <= Fraction(1, 100)
    assert abs(Fraction(result.overpaid) - expected.overpaid) <= Fraction(1, 100)


@given(debts())
def test_every_cent_is_accounted_for(debt):
    result = interest(**debt)
    start = debt["due_date"]
    if debt["rule"].start == "formal_notice":
        start = max(start, debt["notice_date"] or date.max)
    early = sum(amount for day, amount in debt["payments"] if day <= min(start, debt["until"]))
    received = sum(amount for day, amount in debt["payments"] if day <= debt["until"])
    costs = debt["costs"] if start < debt["until"] and early < debt["principal"] else 0
    assert result.outstanding - result.overpaid == debt["principal"] + costs + result.total - received
    parts = (result.outstanding_principal, result.unpaid_interest, result.unpaid_costs, result.overpaid)
    assert min(parts) >= 0
    assert not (result.outstanding and result.overpaid)


@given(debts())
def test_the_working_adds_up_to_the_total_rounded_once(debt):
    result = interest(**debt)
    exact = sum(
        Fraction(part.base) * Fraction(part.rate) * part.days / (100 * part.year_days)
        for part in result.segments
    )
    assert abs(Fraction(result.amount_unrounded) - exact) < Fraction(1, 10**25)
    shown = sum(part.amount_unrounded for part in result.segments)
    assert abs(shown - result.amount_unrounded) < Decimal("1e-20")
    assert result.total == half_up(Fraction(result.amount_unrounded))


@given(debts())
def test_the_working_is_in_order_and_within_the_delay(debt):
    segments = interest(**debt).segments
    days = [day for part in segments for day in (part.date_from, part.date_to)]
    assert days == sorted(days)
    assert all(debt["due_date"] < day <= debt["until"] for day in days)
    assert all(part.days > 0 and part.base > 0 for part in segments)


@given(debts(), st.randoms())
def test_the_order_payments_are_given_in_does_not_matter(debt, random):
    expected = interest(**debt)
    random.shuffle(debt["payments"])
    assert interest(**debt) == expected


@given(SIMPLE, TABLES, AMOUNTS, DUE_DATES, st.tuples(DAYS, DAYS))
def test_simple_interest_is_additive_over_adjacent_periods(rule, table, principal, due, days):
    middle = due + days[0] * ONE_DAY
    end = middle + days[1] * ONE_DAY
    parts = [interest(rule, table, principal, *period) for period in ((due, middle), (middle, end))]
    whole = interest(rule, table, principal, due, end)
    difference = sum(part.amount_unrounded for part in parts) - whole.amount_unrounded
    assert abs(difference) < Decimal("1e-20")


@given(debts(), DAYS)
def test_interest_never_falls_as_days_pass(debt, more):
    earlier = interest(**debt)
    later = interest(**{**debt, "until": debt["until"] + more * ONE_DAY})
    assert later.total >= earlier.total
    assert later.rate_extrapolated >= earlier.rate_extrapolated


@given(debts(), AMOUNTS)
def test_interest_never_falls_as_the_principal_grows(debt, more):
    larger = interest(**{**debt, "principal": debt["principal"] + more})
    assert larger.total >= interest(**debt).total


@given(debts(), AMOUNTS)
def test_paying_more_never_costs_more(debt, amount):
    more = [*debt["payments"], (debt["due_date"], amount)]
    assert interest(**{**debt, "payments": more}).total <= interest(**debt).total


@given(debts())
def test_yearly_compounding_never_costs_less(debt):
    totals = []
    for compounding in ("none", "yearly"):
        fields = {**vars(debt["rule"]), "compounding": compounding}
        totals.append(interest(**{**debt, "rule": InterestRule(**fields)}).total)
    assert totals[0] <= totals[1]


@given(debts())
def test_principal_first_never_costs_more(debt):
    totals = []
    for allocation in ("principal_first", "interest_apart", "interest_first"):
        fields = {**vars(debt["rule"]), "allocation": allocation, "compounding": "none"}
        totals.append(interest(**{**debt, "rule": InterestRule(**fields)}).total)
    assert totals == sorted(totals)


@given(debts(), st.sampled_from(["b2b", "b2c"]))
def test_nothing_outside_the_scope(debt, scope):
    rule = InterestRule(**{**vars(debt["rule"]), "scope": scope})
    result = interest(**{**debt, "rule": rule, "is_company": scope == "b2c"})
    assert (result.total, result.segments, result.rate_extrapolated) == (0, (), False)


@settings(max_examples=200, deadline=None)
@given(
    AMOUNTS.filter(lambda amount: amount > 1),
    st.lists(st.tuples(st.integers(1, 300), st.integers(1, 30)), min_size=2, max_size=3),
)
def test_what_is_printed_before_a_payment_is_what_it_settled(principal, steps):
    """Whoever adds the lines up to a payment to the principal, and takes what was paid off, finds the next base."""
    rule = InterestRule(rate_mode="fixed", fixed_rate="12.4", allocation="interest_first")
    due = day = date(2024, 3, 31)
    payments = []
    for days, share in steps:
        day += days * ONE_DAY
        asked = interest(rule, None, principal, due, day, payments=payments).unpaid_interest
        payments.append((day, asked + round_money(principal * share / 100, 2)))
    told = interest(rule, None, principal, due, day + ONE_DAY, payments=payments)
    lines = told.segments
    printed = settle_running([line.amount_unrounded for line in lines], told.total, quantum(2))
    for day, _amount in payments:
        settled = sum(amount for line, amount in zip(lines, printed, strict=True) if line.date_to <= day)
        paid = sum(amount for paid_on, amount in payments if paid_on <= day)
        [base] = [line.base for line in lines if line.date_from == day + ONE_DAY]
        assert round_money(base, 2) == principal + settled - paid
