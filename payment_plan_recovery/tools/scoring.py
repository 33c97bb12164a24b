"""A debtor's score, risk class and credit limit, from a declared scorecard.

Points and scores share one scale, the scorecard author's own (0 to 100, say); weights
have none, only their proportions count. Figures of limits are in one currency.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from .errors import KernelError
from .money import require_choice, round_money, round_to_unit, to_decimal
from .scorecard_checks import distinct, ranked, seamless

# Every code raised here besides those of money, with the names of its figures.
CODES = {
    "bands_missing": ("criterion",),  # neither bands nor answers
    "bands_and_answers": ("criterion",),  # both: a value would have two meanings
    "band_empty": ("criterion", "lower", "upper"),  # holds no value
    "band_overlap": ("criterion", "value"),  # two bands claim this value; None: the open end below
    "band_gap": ("criterion", "value"),  # no band from this value up to the next one
    "answer_duplicate": ("criterion", "value"),  # two meanings of an answer
    "missing_points_missing": ("criterion",),  # missing values are to get points, not said how many
    "criterion_duplicate": ("criterion",),
    "criteria_missing": (),
    "weight_negative": ("criterion", "weight"),
    "weights_zero": (),  # no weight above zero
    "classes_missing": (),
    "class_duplicate": ("risk_class",),  # the same code, or the same bound
    "class_gap": ("score",),  # scores below this one have no class
    "value_invalid": ("criterion", "value"),  # no number, or not a finite one
    "value_out_of_bands": ("criterion", "value"),  # below or above the declared bands
    "answer_unknown": ("criterion", "value"),
    "values_missing": ("criteria",),  # the card refuses to score without them
    "nothing_to_score": (),  # every value with a weight is missing and ignored
    "limit_parts_missing": (),
    "limit_figure_missing": ("part",),  # a part of the limit without its figure
    "limit_figure_invalid": ("part", "figure"),  # no number, or not a finite one
    "limit_factor_negative": ("part", "factor"),
}

MISSING = ("points", "ignore", "refuse")
COMBINATIONS = ("lowest", "average")
LIMIT_ROUNDINGS = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP}

# What a part's factor multiplies.
LIMIT_PARTS = (
    "equity_share",  # equity; factor 0.1 is a tenth of it
    "purchase_months",  # purchases per month; the factor is how many months
    "requested_need",  # the limit asked for
    "class_cap",  # the risk class's cap
    "insured_amount",  # what the credit insurer covers
)
# An average never passes a cap: it bounds the other parts instead of joining them.
CAPS = {"class_cap"}

SCORE_DECIMALS = 2


@dataclass(frozen=True)
class Band:
    """``points`` for values from ``lower`` up to, not including, ``upper``; ``None`` is an open end."""

    lower: Decimal | None
    upper: Decimal | None
    points: Decimal

    def __post_init__(self):
        for name in ("lower", "upper"):
            bound = getattr(self, name)
            object.__setattr__(self, name, None if bound is None else to_decimal(bound))
        object.__setattr__(self, "points", to_decimal(self.points))

    def __contains__(self, value):
        return (self.lower is None or self.lower <= value) and (self.upper is None or value < self.upper)


@dataclass(frozen=True)
class Criterion:
    """One thing a debtor is judged by.

    A figure earns the points of the band it falls in; an answer (yes or no, an agency's
    rating) those of ``answers``, pairs of answer and points. A value that is ``missing``
    earns ``missing_points``, or is ignored so that the other weights count for more, or
    makes the card refuse to score.
    """

    code: str
    bands: tuple[Band, ...] = ()
    weight: Decimal = Decimal(1)
    missing: str = "refuse"
    missing_points: Decimal | None = None
    answers: tuple = ()

    def __post_init__(self):
        require_choice("missing", self.missing, MISSING)
        object.__setattr__(self, "weight", to_decimal(self.weight))
        if self.weight < 0:
            raise KernelError("weight_negative", criterion=self.code, weight=self.weight)
        if self.missing == "points":
            if self.missing_points is None:
                raise KernelError("missing_points_missing", criterion=self.code)
            object.__setattr__(self, "missing_points", to_decimal(self.missing_points))
        if self.bands and self.answers:
            raise KernelError("bands_and_answers", criterion=self.code)
        if not self.bands and not self.answers:
            raise KernelError("bands_missing", criterion=self.code)
        object.__setattr__(self, "bands", seamless(self.code, self.bands))
        object.__setattr__(self, "answers", distinct(self.code, self.answers))


@dataclass(frozen=True)
class RiskClass:
    """Scores of ``from_score`` and more, ``None`` for the lowest class; ``cap`` bounds the limit."""

    code: str
    from_score: Decimal | None = None
    cap: Decimal | None = None

    def __post_init__(self):
        for name in ("from_score", "cap"):
            figure = getattr(self, name)
            object.__setattr__(self, name, None if figure is None else to_decimal(figure))


@dataclass(frozen=True)
class Scorecard:
    """Weighted criteria and the classes their score falls into, kept from best to worst."""

    criteria: tuple[Criterion, ...]
    classes: tuple[RiskClass, ...]

    def __post_init__(self):
        object.__setattr__(self, "criteria", tuple(self.criteria))
        if not self.criteria:
            raise KernelError("criteria_missing")
        codes = [criterion.code for criterion in self.criteria]
        for code in codes:
            if codes.count(code) > 1:
                raise KernelError("criterion_duplicate", criterion=code)
        if not any(criterion.weight for criterion in self.criteria):
            raise KernelError("weights_zero")
        object.__setattr__(self, "classes", ranked(self.classes))

    def class_of(self, score):
        """Return the best class ``score`` reaches."""
        return next(
            risk_class
            for risk_class in self.classes
            if risk_class.from_score is None or risk_class.from_score <= score
        )


@dataclass(frozen=True)
class CriterionScore:
    """What one criterion brought, and why.

    ``reason`` is ``band`` (then ``band`` is the one), ``answer``, ``missing_points`` or
    ``missing_ignored``. ``share`` is the weight's part of the weights that count, and
    ``weighted_points`` the points times it: these add up to the score, not rounded.
    """

    criterion: Criterion
    value: object
    reason: str
    points: Decimal | None = None
    band: Band | None = None
    share: Decimal = Decimal(0)
    weighted_points: Decimal = Decimal(0)


@dataclass(frozen=True)
class Score:
    """The weighted average of the points, rounded, and the class that figure reaches."""

    score: Decimal
    risk_class: RiskClass
    lines: tuple[CriterionScore, ...]


@dataclass(frozen=True)
class LimitPart:
    """``factor`` times the figure of this ``kind``, one of :data:`LIMIT_PARTS`."""

    kind: str
    factor: Decimal = Decimal(1)

    def __post_init__(self):
        require_choice("kind", self.kind, LIMIT_PARTS)
        object.__setattr__(self, "factor", to_decimal(self.factor))
        if self.factor < 0:
            raise KernelError("limit_factor_negative", part=self.kind, factor=self.factor)


@dataclass(frozen=True)
class LimitFormula:
    """How a credit limit follows from its parts: their lowest or their average, to ``unit``.

    Rounded down unless declared otherwise, so that no part is exceeded by the rounding.
    """

    parts: tuple[LimitPart, ...]
    combine: str = "lowest"
    unit: Decimal = Decimal(1)
    rounding: str = "down"

    def __post_init__(self):
        require_choice("combine", self.combine, COMBINATIONS)
        require_choice("rounding", self.rounding, LIMIT_ROUNDINGS)
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts:
            raise KernelError("limit_parts_missing")
        object.__setattr__(self, "unit", to_decimal(self.unit))
        if self.unit <= 0:
            raise KernelError("unit_not_positive", unit=self.unit)


@dataclass(frozen=True)
class LimitLine:
    """What one part allows: never less than nothing, even with negative equity."""

    part: LimitPart
    figure: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Limit:
    """The credit limit, what it was before rounding, and what each part allowed."""

    amount: Decimal
    amount_unrounded: Decimal
    lines: tuple[LimitLine, ...]


def score(card, values):
    """Return the :class:`Score` of ``values``, by criterion code; ``None`` or absent is missing."""
    given = [(criterion, values.get(criterion.code)) for criterion in card.criteria]
    wanting = [asked.code for asked, value in given if value is None and asked.missing == "refuse"]
    if wanting:
        raise KernelError("values_missing", criteria=tuple(wanting))
    lines = [_judged(criterion, value) for criterion, value in given]
    weights = sum(line.criterion.weight for line in lines if line.points is not None)
    if not weights:
        raise KernelError("nothing_to_score")
    # Divided once: a sum of rounded shares could miss the bound of a class by a hair.
    points = sum(line.points * line.criterion.weight for line in lines if line.points is not None)
    total = round_money(points / weights, SCORE_DECIMALS)
    return Score(total, card.class_of(total), tuple(_weighed(line, weights) for line in lines))


def credit_limit(formula, figures, risk_class=None):
    """Return the :class:`Limit` the formula gives for ``figures``, by part kind, in one currency.

    Each part needs its figure: equity, purchases per month, need, insured amount. The
    class cap is that of ``risk_class`` where it is given.
    """
    if risk_class is not None:
        figures = {**figures, "class_cap": risk_class.cap}
    lines = tuple(_limit_line(part, figures.get(part.kind)) for part in formula.parts)
    amount = _combined(formula.combine, lines)
    rounded = round_to_unit(amount, formula.unit, LIMIT_ROUNDINGS[formula.rounding])
    return Limit(rounded, amount, lines)


def _judged(criterion, value):
    if value is None:
        return _judged_missing(criterion)
    if criterion.answers:
        return _judged_answer(criterion, value)
    figure = _measured(value)
    if figure is None:
        raise KernelError("value_invalid", criterion=criterion.code, value=value)
    for band in criterion.bands:
        if figure in band:
            return CriterionScore(criterion, figure, "band", band.points, band)
    raise KernelError("value_out_of_bands", criterion=criterion.code, value=figure)


def _judged_missing(criterion):
    if criterion.missing == "points":
        return CriterionScore(criterion, None, "missing_points", criterion.missing_points)
    return CriterionScore(criterion, None, "missing_ignored")


def _judged_answer(criterion, value):
    for answer, points in criterion.answers:
        if answer == value:
            return CriterionScore(criterion, value, "answer", points)
    raise KernelError("answer_unknown", criterion=criterion.code, value=value)


def _weighed(line, weights):
    """Give the line its share of the ``weights`` that count."""
    if line.points is None:
        return line
    weight = line.criterion.weight
    return replace(line, share=weight / weights, weighted_points=line.points * weight / weights)


def _limit_line(part, figure):
    if figure is None:
        raise KernelError("limit_figure_missing", part=part.kind)
    measured = _measured(figure)
    if measured is None:
        raise KernelError("limit_figure_invalid", part=part.kind, figure=figure)
    return LimitLine(part, measured, max(part.factor * measured, Decimal(0)))


def _combined(combine, lines):
    caps = [line.amount for line in lines if line.part.kind in CAPS]
    others = [line.amount for line in lines if line.part.kind not in CAPS]
    if combine == "average" and others:
        others = [sum(others) / len(others)]
    return min(caps + others)


def _measured(value):
    """Read a figure, None if it is none.

    A float is a measurement, exact to 12 digits: 0.1 + 0.2 reaches the bound 0.3.
    """
    try:
        return to_decimal(f"{value:.12g}" if isinstance(value, float) else value)
    except KernelError:
        return None
