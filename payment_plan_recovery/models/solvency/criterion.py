from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import scoring
from ..common.number_told import number_told
from .scorecard import WHOLE_CARD

#: Figures read from the ledger, see ``recovery.solvency.measure``.
LEDGER_MEASURES = [
    ("days_late", "Average days late, weighted by amount"),
    ("days_late_trend", "Trend of the days late (last 6 months less the 6 before)"),
    ("paid_on_time", "Share paid on time, in percent (12 months)"),
    ("worst_delay", "Worst delay, in days (12 months)"),
    ("open_overdue", "Overdue today"),
    ("overdue_share", "Overdue today, in percent of 12 months' turnover"),
    ("broken_plans", "Broken instalment plans (24 months)"),
    ("broken_promises", "Broken promises to pay (24 months)"),
    ("dispute_rate", "Share of invoices disputed, in percent (12 months)"),
    ("turnover", "Turnover (12 months)"),
    ("relation_months", "Age of the relation, in months"),
]

#: Ratios of a financial statement, see ``recovery.financial.statement``.
STATEMENT_RATIOS = [
    ("current_ratio", "Current ratio"),
    ("equity_ratio", "Equity ratio, in percent"),
    ("net_margin", "Net margin, in percent"),
    ("interest_cover", "Interest cover"),
    ("debt_ebitda", "Debt / EBITDA, in years"),
]


class RecoveryScorecardCriterion(models.Model):
    """One thing a debtor is judged by: where its value comes from and how many points a value earns."""

    _name = "recovery.scorecard.criterion"
    _description = "Scorecard Criterion"
    _inherit = ["recovery.scorecard.part"]
    _order = "sequence, id"

    scorecard_id = fields.Many2one("recovery.scorecard", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True, translate=True, help="What is judged; the question itself for a question."
    )
    source = fields.Selection(
        lambda self: self.env["recovery.scorecard.source"]._selection(),
        required=True,
        default="ledger",
        help="Where the value comes from.",
    )
    is_figure = fields.Boolean(
        compute="_compute_is_figure", help="Values are figures, judged by bands; others by answers."
    )
    measure = fields.Selection(LEDGER_MEASURES, help="Figure read from the ledger on the day of the check.")
    ratio = fields.Selection(STATEMENT_RATIOS, help="Ratio of the annual accounts.")
    statement_years = fields.Integer(
        string="Years", default=1, help="1 takes the latest annual accounts, more the average of that many."
    )
    provider_id = fields.Many2one(
        "recovery.rating.provider", string="Agency", ondelete="restrict", help="Whose rating counts."
    )
    weight = fields.Float(
        default=1,
        digits=(16, 4),
        help="How much the criterion counts beside the others; only the proportions matter.",
    )
    missing = fields.Selection(
        [
            ("ignore", "Leave its weight to the others"),
            ("points", "Give points of its own"),
            ("refuse", "Refuse to score"),
        ],
        string="When missing",
        required=True,
        default="ignore",
        help="What happens when the value is not known.",
    )
    missing_points = fields.Float(digits=(16, 2), help="Points of a value that is not known.")
    band_ids = fields.One2many("recovery.scorecard.band", "criterion_id", string="Bands", copy=True)
    answer_ids = fields.One2many("recovery.scorecard.answer", "criterion_id", string="Answers", copy=True)

    @api.depends("source")
    def _compute_is_figure(self):
        for criterion in self:
            criterion.is_figure = self.env["recovery.scorecard.source"]._of(criterion.source)._is_figure

    @api.constrains("source", "measure", "ratio", "provider_id", "statement_years")
    def _check_source(self):
        for criterion in self:
            field = self.env["recovery.scorecard.source"]._of(criterion.source)._needs
            if field and not criterion[field]:
                raise ValidationError(
                    self.env._(
                        "Criterion “%(criterion)s”: fill in %(field)s, which its source needs.",
                        criterion=criterion.name,
                        field=self._fields[field]._description_string(self.env),
                    )
                )
            if criterion.statement_years < 1:
                raise ValidationError(
                    self.env._(
                        "Criterion “%s”: the accounts of one year are needed at least.", criterion.name
                    )
                )

    @api.constrains("source", "answer_ids")
    def _check_answers(self):
        for criterion in self.filtered(
            lambda criterion: criterion.source == "question" and criterion.answer_ids
        ):
            if sorted(criterion.answer_ids.mapped("value")) != ["no", "yes"]:
                raise ValidationError(
                    self.env._(
                        "Criterion “%s”: a question has two answers, “yes” and “no”, each with its points.",
                        criterion.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super(RecoveryScorecardCriterion, self.with_context(**{WHOLE_CARD: True})).create(
            vals_list
        )
        criteria = self.browse(criteria.ids)
        criteria._check_whole_card()
        return criteria

    def write(self, vals):
        done = super(RecoveryScorecardCriterion, self.with_context(**{WHOLE_CARD: True})).write(vals)
        self._check_whole_card()
        return done

    def _copied(self):
        """What a check keeps of its criterion."""
        self.ensure_one()
        return {"sequence": self.sequence, "name": self.name, "source": self.source, "weight": self.weight}

    def _declared(self):
        """The criteria as the kernel knows them; one that does not fit raises ``KernelError``."""
        return tuple(criterion._kernel_criterion() for criterion in self)

    def _kernel_criterion(self):
        return scoring.Criterion(
            self.name,
            tuple(
                scoring.Band(
                    band.lower if band.has_lower else None,
                    band.upper if band.has_upper else None,
                    band.points,
                )
                for band in self.band_ids
            ),
            weight=self.weight,
            missing=self.missing,
            missing_points=self.missing_points,
            answers=tuple((answer.value, answer.points) for answer in self.answer_ids),
        )


class RecoveryScorecardBand(models.Model):
    """Values from ``lower`` up to, not including, ``upper``, and the points they earn."""

    _name = "recovery.scorecard.band"
    _description = "Band of a Criterion"
    _inherit = ["recovery.scorecard.part"]
    _order = "has_lower, lower, id"
    _rec_name = "display_name"
    _rec_names_search = ["criterion_id.name"]

    criterion_id = fields.Many2one(
        "recovery.scorecard.criterion", required=True, index=True, ondelete="cascade"
    )
    has_lower = fields.Boolean(
        string="From", default=True, help="Untick for every value below the upper bound."
    )
    lower = fields.Float(string="From value", digits=(16, 4), help="Lowest value of the band.")
    has_upper = fields.Boolean(
        string="Below", default=True, help="Untick for every value above the lower bound."
    )
    upper = fields.Float(string="Below value", digits=(16, 4), help="The band ends before this value.")
    points = fields.Float(digits=(16, 2), help="Points such a value earns.")

    @api.depends_context("lang")
    @api.depends("has_lower", "lower", "has_upper", "upper")
    def _compute_display_name(self):
        for band in self:
            lower = f"{number_told(self.env, band.lower)} ≤ " if band.has_lower else ""
            upper = f" < {number_told(self.env, band.upper)}" if band.has_upper else ""
            band.display_name = f"{lower}…{upper}"

    def _card(self):
        return self.criterion_id.scorecard_id


class RecoveryScorecardAnswer(models.Model):
    """An answer or a rating, and the points it earns."""

    _name = "recovery.scorecard.answer"
    _description = "Answer of a Criterion"
    _inherit = ["recovery.scorecard.part"]
    _order = "points desc, id"
    _rec_name = "value"

    criterion_id = fields.Many2one(
        "recovery.scorecard.criterion", required=True, index=True, ondelete="cascade"
    )
    value = fields.Char(
        required=True, help="The rating as the agency writes it; “yes” or “no” for the answer to a question."
    )
    points = fields.Float(digits=(16, 2), help="Points the answer earns.")

    def _card(self):
        return self.criterion_id.scorecard_id
