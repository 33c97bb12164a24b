"""When open items are paid: chances counted from delays, as stories and for any history at all."""

import random
from decimal import Decimal
from statistics import NormalDist

import pytest
from forecast_reference import DAYS
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import forecast as kernel
from tools.forecast_history import HALF_LIVES, Choice, History, Payments

QUICK = settings(max_examples=30, deadline=None)
DELAYS = st.integers(-40, 200)
ROWS = st.lists(
    st.tuples(st.integers(1, 6), DELAYS, st.integers(0, 900), st.integers(0, 120)), min_size=0, max_size=60
)
OWED = st.lists(st.integers(-60, 400), max_size=6)
AGES = st.integers(-120, 900)


def paid(rows):
    """History of (debtor, delay, days since the payment, days from the invoice to it) in any order."""
    found = {}
    for debtor, *payment in sorted(rows, key=lambda row: (-row[2], row[1], row[3])):
        found.setdefault(debtor, []).append(payment)
    return {debtor: Payments(*zip(*payments, strict=True)) for debtor, payments in found.items()}


def weekly(items, weeks):
    """What comes in by week of (debtor, amount, what may happen to it)."""
    found = kernel.Weekly(weeks)
    for item in items:
        found.add(*item)
    return found.sums()


def history(segments=None, **delays):
    """History of debtors who paid every ten days until today, each 30 days and its delay after the invoice."""
    return History(
        paid(
            (debtor, delay, 10 * (len(found) - 1 - number), 30 + delay)
            for debtor, found in delays.items()
            for number, delay in enumerate(found)
        ),
        segments,
    )


# ---------------------------------------------------------------- stories


def test_a_debtor_is_expected_as_it_pays():
    found = history(prompt=[-2, -1, 0, 0, -1] * 6, slow=[28, 30, 31, 29, 33] * 6)
    prompt, slow = (found.curve(name).outlook(-30) for name in ("prompt", "slow"))
    assert prompt.chance(30) > 0.8
    assert slow.chance(30) < 0.2
    assert 27 <= prompt.days(kernel.MIDDLE) <= 31
    assert 55 <= slow.days(kernel.MIDDLE) <= 65


def test_what_is_late_by_forty_days_is_not_paid_at_twelve():
    outlook = history(debtor=[12] * 30).curve("debtor").outlook(40)
    assert outlook.chance(0) == 0
    assert outlook.days(kernel.EARLY) >= 1
    assert outlook.chance(7) < 0.5, "its payments so far say nothing of an item this old"


def test_an_unknown_debtor_pays_like_the_others():
    found = history(**{f"debtor{number}": [10, 11, 12] for number in range(10)})
    stranger = found.curve("stranger").outlook(-30)
    assert stranger.chance(39) < 0.2
    assert stranger.chance(43) > 0.8


def test_a_segment_tells_before_the_debtor_s_own_payments_do():
    delays = {f"a{n}": [0, 2, -2, n % 5] for n in range(30)} | {
        f"b{n}": [60, 62, n % 5 + 57] for n in range(30)
    }
    found = history({name: name[0] for name in delays} | {"new": "b", "other": "a"}, **delays)
    new, stranger, other = (
        found.curve(name).outlook(-30).chance(60) for name in ("new", "stranger", "other")
    )
    assert new < stranger - 0.1
    assert other > stranger + 0.1


def test_the_ledger_chooses_how_fast_payments_age():
    """Debtors who keep to their ways: old payments count. Debtors who turned half a year ago: the latest count."""
    draw = random.Random(3)
    steady = {f"d{n}": [n % 20 - 10 + draw.randrange(-6, 7) for _ in range(40)] for n in range(60)}
    turned = {
        name: [-delay if number < 20 else delay for number, delay in enumerate(delays)]
        for name, delays in steady.items()
    }
    assert history(**steady).choice.half_life > HALF_LIVES[0]
    found = history(**turned)
    assert found.choice.half_life == HALF_LIVES[0]
    assert found.curve("d19").outlook(-30).chance(30) < 0.25, "late since it turned"


@pytest.mark.parametrize(("payments", "chosen"), [(59, False), (60, True)])
def test_a_small_ledger_chooses_nothing(payments, chosen):
    delays = {f"d{number}": [number * 7 % 40 - 20] * 6 for number in range(10)}
    delays["d0"] = delays["d0"][60 - payments :]
    assert (history(**delays).choice != Choice()) == chosen


def test_what_is_paid_on_the_day_is_not_late():
    """Half pay on the very day, half five days later: no straight line blurs the two."""
    delays = {f"d{n}": [0] * 20 for n in range(30)} | {f"e{n}": [5] * 20 for n in range(30)}
    found = history(**delays)
    assert found.curve("d1").outlook(-30).chance(30) > 0.95
    assert found.curve("e1").outlook(-30).chance(30) < 0.05
    assert found.curve("e1").outlook(-30).chance(34) < 0.05
    assert found.curve("e1").outlook(-30).chance(35) > 0.9


def test_what_is_late_and_still_open_says_that_the_debtor_pays_late():
    found = history(**{f"d{n}": [-2, -1, 0, -3, -1, -2] for n in range(20)})
    chances = [found.curve("d1", ages).outlook(-30).chance(30) for ages in ((), (40,), (40, 35, 30, 25))]
    assert chances[0] > 0.9
    assert chances[0] - 0.05 > chances[1] > chances[2] + 0.1
    assert found.curve("d1", (-20, -5, 0)) == found.curve("d1"), "what is not late yet tells nothing"


def test_one_invoice_of_a_year_is_not_a_habit():
    delays = [0, -1, 1, 0, -2, 0, 1, -1]
    found = history(odd=[*delays, 365, *delays], **{f"d{n}": delays for n in range(20)})
    assert found.curve("odd").outlook(-30).days(kernel.MIDDLE) <= 33


def test_a_debtor_with_a_thousand_payments_costs_no_more_than_their_number():
    """A payment is laid against the debtor's others: of all of them, ten times as many would cost a hundred times."""

    class Counted(History):
        seen = 0

        def _gauge(self, debtor, delays, weights=None):
            self.seen += len(delays)
            return super()._gauge(debtor, delays, weights)

    few, many = (
        Counted(paid([("big", number % 23, number, 30) for number in range(count)])).seen
        for count in (1_000, 10_000)
    )
    assert many <= 10 * few


def test_nothing_is_known_without_payments():
    outlook = History({}).curve("anybody").outlook(-30)
    assert 0 < outlook.chance(60) < 1
    assert outlook.days(kernel.MIDDLE) > 30


def test_a_promise_is_believed_as_far_as_promises_are_kept():
    curve = history(debtor=[30] * 10).curve("debtor")
    outlook = kernel.promised(curve, 10, 5, 3, kept=0.75)
    assert outlook.chance(4) == 0
    assert outlook.chance(5) == pytest.approx(0.75)
    assert outlook.chance(8) == pytest.approx(0.75), (
        "not kept, it is not paid before the tolerance has passed"
    )
    assert outlook.chance(28) == pytest.approx(0.75 + 0.25 * curve.outlook(18).chance(20))
    assert outlook.days(kernel.MIDDLE) == 5


def test_what_is_on_hold_is_paid_afterwards_or_never():
    curve = history(debtor=[5] * 10).curve("debtor")
    outlook, afterwards = kernel.suspended(curve, 10, 20), curve.outlook(30)
    assert outlook.chance(20) == 0 < outlook.chance(40) == afterwards.chance(20)
    assert kernel.suspended(curve, 10, -1).chance(9) == curve.outlook(10).chance(9), "its hold has ended"
    assert kernel.suspended(curve, 10, 20, share=0.0).chance(700) == 0
    assert kernel.suspended(curve, 10, 20, share=0.0).days(kernel.EARLY) == kernel.HIGH
    assert kernel.Branches((kernel.Branch(1.0, 0),)).days(kernel.MIDDLE) == 1, "today is over"


def test_a_word_is_worth_what_it_was():
    assert kernel.chance_kept(0, 0, 0.6, 4) == pytest.approx(0.6)
    assert kernel.chance_kept(10, 10, 0.6, 4) > 0.85
    assert kernel.chance_kept(0, 10, 0.6, 4) < 0.2


def test_the_cash_of_a_week_is_what_is_expected_in_it():
    curve = history(debtor=[0] * 50).curve("debtor")
    weeks = weekly([("debtor", 100.0, curve.outlook(-3)), ("other", 50.0, curve.outlook(-10))], 3)
    assert weeks[0][0] > 80
    assert 30 < weeks[1][0] < 60
    assert weeks[0][1] > 0


def test_what_one_debtor_owes_is_paid_together_or_not_at_all_three_times_in_ten():
    maybe, seldom = (kernel.Branches((kernel.Branch(share, wait),)) for share, wait in ((0.5, 7), (0.25, 8)))
    weeks = weekly([("a", 100, maybe), ("a", 60, maybe), ("b", 40, seldom)], 3)
    assert [expected for expected, _spread in weeks] == [80, 10, 0]
    # alone a quarter of 100² and of 60², together a quarter of (100 + 60)²
    assert weeks[0][1] ** 2 == pytest.approx(0.7 * (2500 + 900) + 0.3 * 6400)
    assert [spread**2 for _expected, spread in weeks[1:]] == pytest.approx([40**2 * 0.25 * 0.75, 0])


def test_eight_sums_in_ten_lie_within_the_range():
    assert NormalDist().inv_cdf(kernel.LATE) == pytest.approx(kernel.EIGHT_IN_TEN, abs=5e-5)


def test_a_promise_for_tomorrow_is_kept_tomorrow():
    outlook = kernel.promised(history(debtor=[30] * 10).curve("debtor"), 10, 1, 3, kept=0.75)
    assert (outlook.chance(0), outlook.chance(1), outlook.days(kernel.MIDDLE)) == (0, 0.75, 1)


def test_a_promise_of_days_ago_is_kept_from_tomorrow_or_was_broken():
    curve = history(debtor=[30] * 10).curve("debtor")
    outlook = kernel.promised(curve, 20, -8, 3, kept=0.5)
    assert outlook.chance(0) == 0
    assert outlook.chance(5) == pytest.approx(0.5 + 0.5 * curve.outlook(20).chance(5))


def test_a_curve_is_known_on_certain_days_and_straight_between_them():
    values = [number**2 for number in range(len(DAYS))]
    assert [kernel.at(values, day) for day in DAYS] == values
    assert kernel.at(values, DAYS[0] - 1) == 0
    assert kernel.at(values, DAYS[-1] + 1) == values[-1]
    rises = [kernel.at(values, day + 1) - kernel.at(values, day) for day in range(DAYS[0], DAYS[-1])]
    bends = [
        DAYS[0] + number + 1
        for number in range(len(rises) - 1)
        if abs(rises[number + 1] - rises[number]) > 1e-6
    ]
    assert bends == DAYS[1:-1]


def test_what_comes_tomorrow_is_expected_tomorrow():
    outlook = history(debtor=[1] * 50).curve("debtor").outlook(0)
    assert outlook.chance(1) > 0.8
    assert outlook.days(kernel.MIDDLE) == 1


def test_days_are_told_between_the_days_on_which_a_curve_is_known():
    # half of all that may come is paid evenly between days 30 and 40, the rest on day 60
    curve = kernel.Curve((*(min(max(day - 30, 0), 10) / 20 + (day >= 60) / 2 for day in DAYS), 1))
    assert [curve.outlook(0).days(share) for share in (0.1, 0.25, 0.45, 0.5)] == [32, 35, 39, 40]
    assert curve.outlook(35).days(1 / 3) == 5
    assert curve.outlook(35).chance(2) == pytest.approx(0.1 / 0.75)
    assert curve.outlook(kernel.HIGH).chance(30) == 0, "nothing is left"
    assert curve.outlook(kernel.HIGH + 30).days(0.5) == 1


def test_before_an_invoice_is_made_no_early_payment_of_another_has_been_waited_for():
    """Most of what it owed on long terms it paid twenty days early: on terms of ten days that comes in time."""
    curve = history(debtor=[-20, -20, -20, 5] * 10).curve("debtor")
    assert curve.late() == pytest.approx(0.25, abs=0.05)
    assert curve.outlook(-10).chance(10) < 0.1, "of one that has been waited for since, it is known"


def test_it_beats_the_debtor_s_mean_where_few_payments_are_known():
    """Debtors differ and have paid five times: their mean is lucky or not, the belief beside it is not."""
    draw = random.Random(7)
    mean_error, error = 0.0, 0.0
    means = {f"d{debtor}": draw.gauss(0, 8) for debtor in range(200)}
    delays = {debtor: [round(draw.gauss(mean, 7)) for _ in range(5)] for debtor, mean in means.items()}
    found = history(**delays)
    for debtor, mean in means.items():
        outlook, share = found.curve(debtor).outlook(-30), sum(delay > 0 for delay in delays[debtor]) / 5
        for _again in range(10):
            late = draw.gauss(mean, 7) > 0.5
            error += (1 - outlook.chance(30) - late) ** 2
            mean_error += (share - late) ** 2
    assert error < 0.93 * mean_error


# ---------------------------------------------------------------- for any history


@QUICK
@given(ROWS, OWED, AGES)
def test_chances_grow_with_time_and_stay_chances(rows, owed, age):
    outlook = History(paid(rows)).curve(1, owed).outlook(age)
    chances = [outlook.chance(days) for days in (0, 1, 7, 14, 30, 60, 90, 365, 800)]
    assert chances == sorted(chances)
    assert chances[0] == 0
    assert all(0 <= chance <= 1 for chance in chances)


@QUICK
@given(ROWS, OWED, AGES)
def test_days_and_chances_say_the_same(rows, owed, age):
    outlook = History(paid(rows)).curve(1, owed).outlook(age)
    days = [outlook.days(share) for share in (kernel.EARLY, kernel.MIDDLE, kernel.LATE)]
    assert days == sorted(days)
    assert days[0] >= 1
    for share, day in zip((kernel.EARLY, kernel.MIDDLE, kernel.LATE), days, strict=True):
        if 1 < day < kernel.HIGH - age:
            assert outlook.chance(day + 1) >= share - 1e-9 >= outlook.chance(day - 1) - 2e-9


@QUICK
@given(ROWS, OWED)
def test_the_order_in_which_it_is_told_does_not_matter(rows, owed):
    one, other = History(paid(rows)), History(paid(reversed(rows)))
    assert one.curve(1, owed).outlook(3).chance(14) == pytest.approx(
        other.curve(1, sorted(owed)).outlook(3).chance(14)
    )


@QUICK
@given(ROWS, OWED, st.integers(1, 8))
def test_weeks_add_up_to_the_chance_of_all_of_them(rows, owed, weeks):
    outlook = History(paid(rows)).curve(1, owed).outlook(0)
    found = weekly([("debtor", 1000.0, outlook)], weeks)
    assert sum(expected for expected, _spread in found) == pytest.approx(1000 * outlook.chance(7 * weeks))


@QUICK
@given(ROWS, OWED, st.lists(st.floats(0.01, 1e6), max_size=6), st.integers(1, 8))
def test_weeks_are_what_their_items_are_kept_with(rows, owed, amounts, weeks):
    """To the last decimal, whatever else each comes to: kept items are added up exactly elsewhere."""
    outlook = History(paid(rows)).curve(1, owed).outlook(0)
    kept = [kernel.parts(amount, kernel.reached(outlook, weeks)) for amount in amounts]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kernel.Weekly, "GATHERED", 2)  # more are added up in between
        found = weekly([(number, amount, outlook) for number, amount in enumerate(amounts)], weeks)
    exact = [sum(Decimal(str(part[week])) for part in kept) for week in range(weeks)]
    assert [expected for expected, _spread in found] == pytest.approx(
        [float(one) for one in exact], rel=0, abs=1e-8
    )


def test_long_before_the_due_date_nothing_has_come_yet():
    curve = kernel.Curve((*[1.0] * len(kernel.EDGES), 2.0))
    outlook = curve.outlook(kernel.LOW - 10)
    assert (outlook.start, outlook.left, outlook.age) == (0, 2, kernel.LOW - 1)
