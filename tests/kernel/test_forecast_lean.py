"""Times that change for everybody: how far off what was told was lately, and curves that lean so far."""

from math import exp, log

import pytest
from tools.forecast import EDGES, Curve
from tools.forecast_history import History, Payments
from tools.forecast_lean import DUE, lean, leaning, leant


def told(chance, late, in_time, since=0):
    """Payments of one day of which so many came late and so many in time, each told with ``chance``."""
    return [(chance, True, since)] * late + [(chance, False, since)] * in_time


def test_odds():
    assert leant(0.5, log(3)) == pytest.approx(0.75)
    assert leant(0.75, -log(3)) == pytest.approx(0.5)
    assert (leant(0.0, 2), leant(1.0, -2), leant(0.3, 0)) == (0, 1, 0.3)


def test_what_was_told_right_leans_nowhere():
    assert lean([]) == 0
    assert lean(told(0.5, 300, 300)) == 0
    assert lean(told(0.2, 20, 80) + told(0.7, 70, 30)) == pytest.approx(0, abs=1e-12)


def test_what_was_told_too_low_leans_up_and_too_high_down():
    off = log(0.6 / 0.4) - log(0.3 / 0.7)
    assert lean(told(0.3, 6_000, 4_000)) == pytest.approx(off, abs=0.002)
    assert lean(told(0.7, 4_000, 6_000)) == pytest.approx(-off, abs=0.002)
    assert lean(told(0.3, 60, 40)) == pytest.approx(1.1396, abs=0.001), "less of it where fewer tell"


def test_by_hand():
    """Of 100, told even, 70 came late: at .8089 what is off is as much as a deviation of 1 takes off it."""
    best = 0.8089
    chance = 1 / (1 + exp(-best))
    assert 70 - 100 * chance == pytest.approx(best, abs=0.01)
    spread = 100 * chance * (1 - chance)
    assert lean(told(0.5, 70, 30)) == pytest.approx(best - 2 * spread / (1 + spread) ** 2 / best, abs=0.0005)


def test_what_chance_may_have_made_leans_nowhere():
    assert lean(told(0.5, 6, 5)) == 0
    assert lean(told(0.5, 57, 43)) == 0
    assert lean(told(0.5, 60, 40)) == pytest.approx(0.1926, abs=0.0005)


def test_what_nobody_could_be_told_of_is_no_reason_to_lean_without_end():
    assert lean(told(0.01, 500, 0)) == pytest.approx(1.9709, abs=0.0005)
    assert lean(told(0.99, 0, 500)) == pytest.approx(-1.9709, abs=0.0005)
    assert lean([(1.0, True, 0)] * 100 + [(0.0, False, 0)] * 100) == 0


def test_payments_of_sixty_days_ago_count_half():
    old = lean(told(0.5, 90, 10, since=60))
    assert (old, lean(told(0.5, 90, 10))) == (
        pytest.approx(1.7746, abs=0.0005),
        pytest.approx(1.9138, abs=0.0005),
    )
    assert lean(told(0.5, 200, 100, since=0) + told(0.5, 200, 400, since=60)) == pytest.approx(0, abs=1e-9)
    assert lean(told(0.5, 80, 20) + told(0.5, 1_000, 9_000, since=900)) > 1.2, "long ago it hardly counts"


def test_a_curve_that_leans_keeps_its_total_and_the_order_within_each_part():
    heights = [float(place) for place in range(len(EDGES))] + [float(len(EDGES) + 4)]
    before = 1 - heights[DUE] / heights[-1]
    for by in (-1.2, 0.4):
        found = leaning(heights, by)
        assert found[-1] == pytest.approx(heights[-1])
        assert 1 - found[DUE] / found[-1] == pytest.approx(leant(before, by))
        assert Curve(tuple(found)).late() == pytest.approx(leant(before, by))
        ratio = found[DUE] / heights[DUE]
        assert [height / ratio for height in found[: DUE + 1]] == pytest.approx(heights[: DUE + 1])
        grown = (found[-1] - found[DUE]) / (heights[-1] - heights[DUE])
        assert [(height - found[DUE]) / grown for height in found[DUE:]] == pytest.approx(
            [height - heights[DUE] for height in heights[DUE:]]
        )


def test_a_curve_of_one_kind_of_payments_cannot_lean():
    in_time = [1.0] * (len(EDGES) + 1)
    late = [0.0 if place <= DUE else 1.0 for place in range(len(EDGES) + 1)]
    assert (leaning(in_time, 1.0), leaning(late, -1.0)) == (in_time, late)
    assert leaning([*in_time[:-1], 2.0], 0.0) == [*in_time[:-1], 2.0]


def changed(before, after):
    """Debtors who all paid one way until 90 days ago and another way since, an invoice every six days."""
    since = tuple(range(300, 0, -6))
    return {
        number: Payments(
            tuple((before if day > 90 else after) + (day * number) % 9 - 4 for day in since),
            since,
            tuple(30 + (before if day > 90 else after) for day in since),
        )
        for number in range(1, 9)
    }


def test_a_ledger_leans_where_its_times_changed():
    worse, better, steady = (History(changed(*delays)) for delays in ((-3, 3), (3, -3), (1, 1)))
    assert worse.lean > 0.3
    assert better.lean < -0.3
    assert abs(steady.lean) < 0.2
    assert worse.curve(1).late() > leant(worse.curve(1).late(), -worse.lean)
    stranger = worse.curve("nobody yet").late()
    worse.lean = 0.0
    assert stranger > worse.curve("nobody yet").late()
