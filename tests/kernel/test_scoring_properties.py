"""Scorecards in general: for any bands, cards and values."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from refusals import refuses
from test_scoring import CLASSES, FIGURES, PARTS
from tools.scoring import (
    Band,
    Criterion,
    LimitFormula,
    Scorecard,
    credit_limit,
    score,
)

POINTS = st.integers(0, 100)
VALUES = st.decimals(-1000, 1000, places=2)
WEIGHTS = st.integers(1, 9)


@st.composite
def bands(draw):
    """Bands from one open end to the other."""
    bounds = sorted(draw(st.sets(VALUES, max_size=5)))
    ends = zip([None, *bounds], [*bounds, None], strict=True)
    return tuple(Band(lower, upper, draw(POINTS)) for lower, upper in ends)


@st.composite
def cards(draw):
    size = draw(st.integers(1, 4))
    criteria = [
        Criterion(f"criterion {n}", draw(bands()), weight=draw(WEIGHTS), missing="ignore")
        for n in range(size)
    ]
    return Scorecard(criteria, CLASSES)


def values_of(card, data, element=VALUES):
    return {criterion.code: data.draw(element) for criterion in card.criteria}


@given(bands(), VALUES)
def test_a_value_is_in_exactly_one_band(bands, value):
    assert sum(value in band for band in bands) == 1


@given(cards(), st.data())
def test_the_score_is_the_weighted_average_of_the_lines(card, data):
    result = score(card, values_of(card, data))
    weights = sum(criterion.weight for criterion in card.criteria)
    exact = sum(Fraction(line.points) * Fraction(line.criterion.weight) for line in result.lines) / Fraction(
        weights
    )
    assert abs(Fraction(result.score) - exact) <= Fraction(1, 200)
    assert abs(sum(line.share for line in result.lines) - 1) < Decimal("1e-20")
    assert abs(Fraction(sum(line.weighted_points for line in result.lines)) - exact) < Fraction(1, 10**20)
    points = [line.points for line in result.lines]
    assert min(points) <= result.score <= max(points)


@given(cards(), st.data())
def test_ignoring_a_value_is_scoring_without_its_criterion(card, data):
    values = values_of(card, data, st.none() | VALUES)
    known = [criterion for criterion in card.criteria if values[criterion.code] is not None]
    if not known:
        refuses("nothing_to_score", score, card, values)
    else:
        assert score(card, values).score == score(Scorecard(known, CLASSES), values).score


@given(cards(), st.data(), WEIGHTS)
def test_only_the_proportions_of_weights_count(card, data, factor):
    values = values_of(card, data)
    fields = [{**vars(criterion), "weight": criterion.weight * factor} for criterion in card.criteria]
    heavier = Scorecard([Criterion(**each) for each in fields], CLASSES)
    assert score(heavier, values).score == score(card, values).score


ANY_FIGURES = st.lists(st.integers(-100_000, 100_000), min_size=4, max_size=4)


@given(ANY_FIGURES, st.sampled_from(["lowest", "average"]), st.integers(1, 500))
def test_a_limit_lies_within_its_parts_a_unit_apart(figures, combine, unit):
    formula = LimitFormula(PARTS, combine=combine, unit=unit)
    limit = credit_limit(formula, dict(zip(FIGURES, figures, strict=True)))
    amounts = [line.amount for line in limit.lines]
    assert min(amounts) <= limit.amount_unrounded <= max(amounts)
    assert 0 <= limit.amount_unrounded - limit.amount < unit
    assert limit.amount % unit == 0
    if combine == "lowest":
        assert limit.amount <= min(amounts)


@given(ANY_FIGURES, st.integers(0, 3), st.integers(0, 1000))
def test_a_better_figure_never_lowers_the_limit(figures, position, more):
    better = [figure + more * (n == position) for n, figure in enumerate(figures)]
    for combine in ("lowest", "average"):
        formula = LimitFormula(PARTS, combine=combine, unit=100)
        limits = [credit_limit(formula, dict(zip(FIGURES, each, strict=True))) for each in (figures, better)]
        assert limits[0].amount <= limits[1].amount
