"""Scorecards: bands, missing values, classes and the limit formula, at their edges and in general."""

from decimal import Decimal
from itertools import permutations

import pytest
from refusals import refuses
from tools.scoring import (
    Band,
    Criterion,
    LimitFormula,
    LimitPart,
    RiskClass,
    Scorecard,
    credit_limit,
    score,
)

LATENESS = (Band(None, 0, 100), Band(0, 15, 80), Band(15, 60, 40), Band(60, None, 0))
CLASSES = (RiskClass("A", 80, 50000), RiskClass("B", 50, 10000), RiskClass("C", None, 0))

LATE = Criterion("late", LATENESS, weight=2)
AGE = Criterion("age", (Band(0, 2, 20), Band(2, None, 90)), missing="ignore")
RATING = Criterion(
    "rating", answers=(("AAA", 100), ("BB", 60), ("D", 0)), missing="points", missing_points=30
)
CARD = Scorecard((LATE, AGE, RATING), CLASSES)

PARTS = (
    LimitPart("equity_share", "0.10"),
    LimitPart("purchase_months", 2),
    LimitPart("requested_need"),
    LimitPart("insured_amount"),
)
FIGURES = {"equity_share": 90000, "purchase_months": 6000, "requested_need": 15000, "insured_amount": 20000}


def only(criterion, value):
    """Score ``value`` by a card of this criterion alone."""
    return score(Scorecard((criterion,), CLASSES), {criterion.code: value})


class TestBands:
    @pytest.mark.parametrize(
        ("days", "points"),
        [
            (-400, 100),
            ("-0.01", 100),
            (0, 80),
            ("14.99", 80),
            (15, 40),
            ("59.99", 40),
            (60, 0),
            (10**9, 0),
        ],
    )
    def test_lower_bounds_belong_to_a_band_and_upper_bounds_do_not(self, days, points):
        assert only(LATE, days).score == points

    def test_bands_may_come_in_any_order(self):
        assert Criterion("late", LATENESS[::-1], weight=2) == LATE

    @pytest.mark.parametrize(("value", "points"), [(0.1 + 0.2, 2), (0.7 + 0.1, 4), (0.29999, 1)])
    def test_float_dust_does_not_move_a_value_across_a_bound(self, value, points):
        bands = (Band(None, "0.3", 1), Band("0.3", "0.8", 2), Band("0.8", None, 4))
        assert only(Criterion("ratio", bands), value).score == points

    def test_closed_ends(self):
        bands = (Band(0, 1, 0), Band(1, 10, 50))
        assert only(Criterion("ratio", bands), "9.99").score == 50
        for value in ("-0.01", 10):
            params = refuses("value_out_of_bands", only, Criterion("ratio", bands), value)
            assert params == {"criterion": "ratio", "value": Decimal(value)}

    @pytest.mark.parametrize("value", ["NaN", float("nan"), float("inf"), "soon", True])
    def test_values_that_are_no_figures(self, value):
        refuses("value_invalid", only, LATE, value)

    @pytest.mark.parametrize(
        ("code", "bands"),
        [
            ("bands_missing", ()),
            ("band_gap", (Band(0, 5, 1), Band(6, 9, 2))),
            ("band_gap", (Band(None, 5, 1), Band("5.01", None, 2))),
            ("band_overlap", (Band(0, 5, 1), Band("4.99", 9, 2))),
            ("band_overlap", (Band(0, 5, 1), Band(0, 5, 1))),
            ("band_overlap", (Band(0, None, 1), Band(5, 9, 2))),
            ("band_overlap", (Band(None, 5, 1), Band(None, 9, 2))),
            ("band_empty", (Band(5, 5, 1),)),
            ("band_empty", (Band(5, 4, 1),)),
        ],
    )
    def test_bands_that_do_not_fit(self, code, bands):
        assert refuses(code, Criterion, "late", bands)["criterion"] == "late"

    @pytest.mark.parametrize("bounds", [("NaN", 1), (0, "Infinity")])
    def test_bounds_that_are_no_figures(self, bounds):
        refuses("not_finite", Band, *bounds, 5)
        refuses("not_finite", RiskClass, "A", *bounds)

    def test_a_gap_is_named_by_its_first_value(self):
        bands = (Band(0, 5, 1), Band(6, 9, 2))
        assert refuses("band_gap", Criterion, "late", bands) == {"criterion": "late", "value": 5}


class TestAnswers:
    @pytest.mark.parametrize(("answer", "points"), [("AAA", 100), ("BB", 60), ("D", 0), (None, 30)])
    def test_ratings(self, answer, points):
        assert only(RATING, answer).score == points

    def test_no_is_an_answer_and_not_a_missing_one(self):
        criterion = Criterion("audited", answers=((True, 100), (False, 10)))
        assert [only(criterion, answer).score for answer in (True, False)] == [100, 10]
        refuses("values_missing", only, criterion, None)

    def test_an_unknown_answer(self):
        params = refuses("answer_unknown", only, RATING, "AA")
        assert params == {"criterion": "rating", "value": "AA"}

    def test_one_meaning_each(self):
        refuses("answer_duplicate", Criterion, "rating", answers=(("AAA", 100), ("AAA", 90)))
        refuses("bands_and_answers", Criterion, "rating", LATENESS, answers=(("AAA", 100),))


class TestScore:
    def test_weighted_average(self):
        # (80 x 2 + 90 + 60) / 4 = 77.5
        result = score(CARD, {"late": 10, "age": 5, "rating": "BB"})
        assert (str(result.score), result.risk_class.code) == ("77.50", "B")

    def test_the_working(self):
        late, age, rating = score(CARD, {"late": 10, "age": 5, "rating": "BB"}).lines
        assert (late.value, late.points, late.share, late.weighted_points) == (10, 80, Decimal("0.5"), 40)
        assert (late.reason, late.band) == ("band", Band(0, 15, 80))
        assert (age.share, age.weighted_points) == (Decimal("0.25"), Decimal("22.5"))
        assert (rating.reason, rating.value, rating.weighted_points) == ("answer", "BB", 15)

    def test_a_missing_value_may_leave_its_weight_to_the_others(self):
        # (80 x 2 + 60) / 3 = 73.33
        result = score(CARD, {"late": 10, "rating": "BB"})
        assert str(result.score) == "73.33"
        age = result.lines[1]
        assert (age.reason, age.points, age.share, age.weighted_points) == ("missing_ignored", None, 0, 0)

    def test_a_missing_value_may_have_points(self):
        # (80 x 2 + 90 + 30) / 4 = 70
        result = score(CARD, {"late": 10, "age": 5})
        assert (result.score, result.lines[2].reason) == (70, "missing_points")

    def test_missing_values_may_be_refused_all_at_once(self):
        card = Scorecard((LATE, AGE, Criterion("margin", LATENESS)), CLASSES)
        params = refuses("values_missing", score, card, {"age": 5, "late": None})
        assert params == {"criteria": ("late", "margin")}

    def test_nothing_left_to_score(self):
        refuses("nothing_to_score", only, AGE, None)
        idle = Criterion("idle", LATENESS, weight=0)
        refuses("nothing_to_score", score, Scorecard((AGE, idle), CLASSES), {"idle": 5})

    def test_values_nobody_asked_for_do_not_matter(self):
        values = {"late": 10, "age": 5, "rating": "BB"}
        assert score(CARD, {**values, "turnover": "NaN"}) == score(CARD, values)

    @pytest.mark.parametrize(
        ("points", "code"),
        [(80, "A"), ("79.995", "A"), ("79.994", "B"), (50, "B"), ("49.99", "C"), (-5, "C")],
    )
    def test_the_class_is_that_of_the_score_shown(self, points, code):
        assert only(Criterion("late", (Band(None, None, points),)), 0).risk_class.code == code

    def test_thirds_do_not_miss_a_class(self):
        # 3 x 79.995 / 3 is 79.995 and rounds to 80.00; three times a third of it might not
        bands = (Band(None, None, "79.995"),)
        card = Scorecard([Criterion(code, bands) for code in "xyz"], CLASSES)
        assert score(card, dict.fromkeys("xyz", 1)).risk_class.code == "A"

    @pytest.mark.parametrize(
        ("code", "criterion"),
        [
            ("weight_negative", {"weight": -1}),
            ("not_finite", {"weight": "NaN"}),
            ("unknown_choice", {"missing": "guess"}),
            ("missing_points_missing", {"missing": "points"}),
        ],
    )
    def test_bad_criteria(self, code, criterion):
        refuses(code, Criterion, "late", LATENESS, **criterion)

    @pytest.mark.parametrize(
        ("code", "criteria", "classes"),
        [
            ("criteria_missing", (), CLASSES),
            ("criterion_duplicate", (LATE, AGE, LATE), CLASSES),
            ("weights_zero", (Criterion("late", LATENESS, weight=0),), CLASSES),
            ("classes_missing", (LATE,), ()),
            ("class_gap", (LATE,), CLASSES[:2]),
            ("class_duplicate", (LATE,), (*CLASSES, RiskClass("B", 70))),
            ("class_duplicate", (LATE,), (*CLASSES, RiskClass("D", 50))),
            ("class_duplicate", (LATE,), (*CLASSES, RiskClass("D"))),
        ],
    )
    def test_bad_cards(self, code, criteria, classes):
        refuses(code, Scorecard, criteria, classes)


class TestLimit:
    def test_the_lowest_part(self):
        # 9,000, 12,000, 15,000, 20,000
        limit = credit_limit(LimitFormula(PARTS), FIGURES)
        assert [line.amount for line in limit.lines] == [9000, 12000, 15000, 20000]
        assert limit.amount == 9000

    def test_the_average_of_the_parts(self):
        assert credit_limit(LimitFormula(PARTS, combine="average"), FIGURES).amount == 14000
        limit = credit_limit(
            LimitFormula(PARTS, combine="average", unit=2), {**FIGURES, "requested_need": 15003}
        )
        assert (limit.amount_unrounded, limit.amount) == (Decimal("14000.75"), 14000)

    @pytest.mark.parametrize(
        ("combine", "risk_class", "expected"),
        [
            ("lowest", CLASSES[0], 9000),
            ("lowest", RiskClass("B", 50, 8000), 8000),
            ("average", CLASSES[0], 14000),
            ("average", CLASSES[1], 10000),
            ("average", CLASSES[2], 0),
        ],
    )
    def test_no_combination_passes_the_cap_of_the_class(self, combine, risk_class, expected):
        formula = LimitFormula((*PARTS, LimitPart("class_cap")), combine=combine)
        assert credit_limit(formula, FIGURES, risk_class).amount == expected

    @pytest.mark.parametrize("combine", ["lowest", "average"])
    def test_a_cap_alone_is_the_limit(self, combine):
        formula = LimitFormula((LimitPart("class_cap"),), combine=combine)
        assert credit_limit(formula, {}, CLASSES[1]).amount == 10000
        assert credit_limit(formula, {"class_cap": 700}).amount == 700

    @pytest.mark.parametrize(
        ("rounding", "need", "expected"),
        [("down", 1499, 1000), ("down", 1500, 1000), ("nearest", 1499, 1000), ("nearest", 1500, 2000)],
    )
    def test_rounded_to_a_unit(self, rounding, need, expected):
        formula = LimitFormula((LimitPart("requested_need"),), unit=1000, rounding=rounding)
        limit = credit_limit(formula, {"requested_need": need})
        assert (limit.amount, limit.amount_unrounded) == (expected, need)

    def test_negative_equity_is_worth_nothing(self):
        formula = LimitFormula((PARTS[0], LimitPart("requested_need")), combine="average")
        limit = credit_limit(formula, {"equity_share": -500000, "requested_need": 1000})
        assert ([line.amount for line in limit.lines], limit.amount) == ([0, 1000], 500)

    @pytest.mark.parametrize("part", ["equity_share", "purchase_months", "requested_need", "insured_amount"])
    def test_a_part_without_its_figure_is_named(self, part):
        for missing in ({part: None}, {part: float("nan")}):
            code = "limit_figure_missing" if missing[part] is None else "limit_figure_invalid"
            params = refuses(code, credit_limit, LimitFormula(PARTS), {**FIGURES, **missing})
            assert params["part"] == part

    def test_a_class_without_cap_cannot_be_a_part(self):
        formula = LimitFormula((LimitPart("class_cap"),))
        params = refuses("limit_figure_missing", credit_limit, formula, {}, RiskClass("A", 80))
        assert params == {"part": "class_cap"}

    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            ("limit_parts_missing", {"parts": ()}),
            ("unknown_choice", {"combine": "highest"}),
            ("unknown_choice", {"rounding": "up"}),
            ("unit_not_positive", {"unit": 0}),
            ("unit_not_positive", {"unit": -10}),
            ("not_finite", {"unit": "NaN"}),
        ],
    )
    def test_bad_formulas(self, code, fields):
        refuses(code, LimitFormula, **{"parts": PARTS, **fields})

    def test_bad_parts(self):
        refuses("unknown_choice", LimitPart, "gut_feeling")
        assert refuses("limit_factor_negative", LimitPart, "equity_share", -1)["part"] == "equity_share"
        assert LimitPart("equity_share", 0).factor == 0


def test_bands_may_be_told_in_any_order_and_lie_close_around_zero():
    bands = [Band(None, "-0.5", 1), Band("-0.5", 0, 2), Band(0, "0.5", 3), Band("0.5", None, 4)]
    for drawn in permutations(bands):
        assert list(Criterion("late", tuple(drawn)).bands) == bands
