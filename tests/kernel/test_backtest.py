"""How good a forecast was: each score by hand."""

import pytest
from tools.backtest import Trial, brier, covered, wape


def test_scores():
    assert brier([(1.0, 1), (0.0, 0)]) == 0
    assert brier([(0.5, 1), (0.5, 0)]) == 0.25
    assert wape([(90, 100), (120, 100)]) == pytest.approx(0.15)
    assert brier([(0.5, 1), (0.0, 0), (0.0, 0), (0.0, 0)]) == 0.0625
    assert covered([(1, 3, 0), (1, 3, 1), (2, 2, 2), (1, 3, 3), (1, 3, 4)]) == 0.6
    assert covered([(1, 3, 2)]) == 1
    assert brier([]) is wape([]) is covered([]) is None


def test_a_trial_without_anything_to_score_has_no_figures():
    scores = (
        "brier_forecast",
        "brier_mean",
        "brier_due",
        "wape_forecast",
        "wape_mean",
        "wape_due",
        "days_forecast",
        "days_mean",
        "days_due",
    )
    assert Trial().figures() == {**dict.fromkeys((*scores, "coverage")), "invoices": 0, "weeks": 0}


def test_a_trial_scores_each_method():
    trial = Trial()
    for kind, method, pair in (
        *(("late", "forecast", (0.5, late)) for late in (1, 1, 0)),
        *(("late", "mean", (1.0, 0)), ("weeks", "due", (120, 100)), ("weeks", "forecast", (90, 100))),
        *(("errors", "mean", 3), ("errors", "mean", 6), ("errors", "mean", 1)),
        ("errors", "due", 7),
    ):
        trial.add(kind, method, pair)
    trial.ranges.append((1, 2, 2))
    assert trial.figures() == pytest.approx(
        {
            "brier_forecast": 0.25,
            "brier_mean": 1,
            "brier_due": None,
            "wape_due": 0.2,
            "wape_forecast": 0.1,
            "wape_mean": None,
            "days_forecast": None,
            "days_mean": 10 / 3,
            "days_due": 7,
            "coverage": 1,
            "invoices": 3,
            "weeks": 1,
        }
    )
