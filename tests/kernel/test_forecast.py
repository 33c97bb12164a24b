"""When open items are paid: chances counted from delays, as stories and for any history at all."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import forecast as kernel
from tools.backtest import Trial, brier, covered, wape

QUICK = settings(max_examples=60, deadline=None)
DELAYS = st.integers(-40, 200)
ROWS = st.lists(
    st.tuples(st.integers(1, 6), DELAYS, st.floats(0.01, 1, allow_nan=False)), min_size=0, max_size=60
)
AGES = st.integers(-120, 900)


def history(**delays):
    return kernel.History((debtor, delay, 1.0) for debtor, found in delays.items() for delay in found)


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
    rows = [(f"a{n}", 0, 1.0) for n in range(30)] + [(f"b{n}", 60, 1.0) for n in range(30)]
    segments = {name: name[0] for name, _delay, _weight in rows} | {"new": "b"}
    found = kernel.History(rows, segments)
    assert found.mean_of("new") > 40 > found.mean_of("stranger")


def test_recent_payments_count_more():
    assert kernel.weight(0) == 1
    assert kernel.weight(kernel.HALF_LIFE) == pytest.approx(0.5)


def test_nothing_is_known_without_payments():
    outlook = kernel.History(()).curve("anybody").outlook(-30)
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
    assert outlook.chance(60) > 0.9
    assert outlook.days(kernel.MIDDLE) == 5


def test_what_is_on_hold_is_paid_afterwards_or_never():
    curve = history(debtor=[5] * 10).curve("debtor")
    outlook = kernel.suspended(curve, 10, 20)
    assert outlook.chance(20) == 0 < outlook.chance(40)
    assert kernel.suspended(curve, 10, 20, share=0.0).chance(700) == 0
    assert kernel.suspended(curve, 10, 20, share=0.0).days(kernel.EARLY) == kernel.HIGH


def test_a_word_is_worth_what_it_was():
    assert kernel.chance_kept(0, 0, 0.6, 4) == pytest.approx(0.6)
    assert kernel.chance_kept(10, 10, 0.6, 4) > 0.85
    assert kernel.chance_kept(0, 10, 0.6, 4) < 0.2


def test_the_cash_of_a_week_is_what_is_expected_in_it():
    curve = history(debtor=[0] * 50).curve("debtor")
    weeks = kernel.weekly([("debtor", 100.0, curve.outlook(-3)), ("other", 50.0, curve.outlook(-10))], 3)
    assert weeks[0][0] > 80
    assert 30 < weeks[1][0] < 60
    assert weeks[0][1] > 0


def test_it_beats_the_debtor_s_mean_where_few_payments_are_known():
    """Debtors differ and have paid five times: their mean is lucky or not, the belief beside it is not."""
    draw = random.Random(7)
    late, mean_error, error = 0, 0.0, 0.0
    means = {debtor: draw.gauss(0, 8) for debtor in range(200)}
    paid = {debtor: [round(draw.gauss(mean, 7)) for _ in range(5)] for debtor, mean in means.items()}
    found = kernel.History((debtor, delay, 1.0) for debtor, delays in paid.items() for delay in delays)
    for debtor, mean in means.items():
        outlook, share = found.curve(debtor).outlook(-30), sum(delay > 0 for delay in paid[debtor]) / 5
        for _again in range(10):
            late = draw.gauss(mean, 7) > 0
            error += (1 - outlook.chance(30) - late) ** 2
            mean_error += (share - late) ** 2
    assert error < 0.95 * mean_error


# ---------------------------------------------------------------- for any history


@QUICK
@given(ROWS, AGES)
def test_chances_grow_with_time_and_stay_chances(rows, age):
    outlook = kernel.History(rows).curve(1).outlook(age)
    chances = [outlook.chance(days) for days in (0, 1, 7, 14, 30, 60, 90, 365, 800)]
    assert chances == sorted(chances)
    assert chances[0] == 0
    assert all(0 <= chance <= 1 for chance in chances)


@QUICK
@given(ROWS, AGES)
def test_days_and_chances_say_the_same(rows, age):
    outlook = kernel.History(rows).curve(1).outlook(age)
    days = [outlook.days(share) for share in (kernel.EARLY, kernel.MIDDLE, kernel.LATE)]
    assert days == sorted(days)
    assert days[0] >= 1
    for share, day in zip((kernel.EARLY, kernel.MIDDLE, kernel.LATE), days, strict=True):
        if 1 < day < kernel.HIGH - age:
            assert outlook.chance(day + 1) >= share - 1e-9 >= outlook.chance(day - 1) - 2e-9


@QUICK
@given(ROWS)
def test_the_order_of_payments_does_not_matter(rows):
    one, other = kernel.History(rows), kernel.History(sorted(rows, reverse=True))
    assert one.curve(1).outlook(3).chance(14) == pytest.approx(other.curve(1).outlook(3).chance(14))


@QUICK
@given(ROWS, st.integers(1, 8))
def test_weeks_add_up_to_the_chance_of_all_of_them(rows, weeks):
    outlook = kernel.History(rows).curve(1).outlook(0)
    found = kernel.weekly([("debtor", 1000.0, outlook)], weeks)
    assert sum(expected for expected, _spread in found) == pytest.approx(1000 * outlook.chance(7 * weeks))


# ---------------------------------------------------------------- scores


def test_scores():
    assert brier([(1.0, 1), (0.0, 0)]) == 0
    assert brier([(0.5, 1), (0.5, 0)]) == 0.25
    assert wape([(90, 100), (120, 100)]) == pytest.approx(0.15)
    assert covered([(1, 3, 2), (1, 3, 4)]) == 0.5
    assert brier([]) is wape([]) is covered([]) is None


def test_a_trial_without_anything_to_score_has_no_figures():
    assert Trial().figures() == {"coverage": None, "invoices": 0, "weeks": 0}
