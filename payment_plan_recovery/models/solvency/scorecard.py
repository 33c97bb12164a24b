from contextlib import contextmanager
from math import inf

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import scoring
from ...tools.errors import KernelError
from ..common.kernel import kernel_message

#: Set while a whole card is written: its parts are checked together, once, at the end.
WHOLE_CARD = "recovery_whole_scorecard"
#: What it says while the card itself is new: its parts come with it.
NEW_CARD = "new"


class RecoveryScorecard(models.Model):
    """How debtors of one kind are judged: criteria to a score, the score to a class, the class to a limit.

    Amounts (class caps, the ceiling, bands of amounts) are in the card's currency.
    """

    _name = "recovery.scorecard"
    _description = "Solvency Scorecard"
    _inherit = ["recovery.ceilings"]
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of  # a branch uses the cards of its company

    name = fields.Char(required=True, translate=True, help="Name of the card.")
    description = fields.Text(translate=True, help="What the card is for and where its figures come from.")
    sequence = fields.Integer(default=10, help="The first card that fits a debtor is proposed.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Company that uses the card; empty for all of them.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the card's amounts.",
    )
    debtor_kind = fields.Selection(
        [("company", "Companies"), ("individual", "Natural persons")],
        string="Judges",
        required=True,
        default="company",
        help="Whom the card judges.",
    )
    criterion_ids = fields.One2many(
        "recovery.scorecard.criterion", "scorecard_id", string="Criteria", copy=True
    )
    class_ids = fields.One2many("recovery.scorecard.class", "scorecard_id", string="Classes", copy=True)
    limit_part_ids = fields.One2many(
        "recovery.scorecard.limit.part", "scorecard_id", string="Credit limit", copy=True
    )
    limit_combine = fields.Selection(
        [("lowest", "Lowest of the parts"), ("average", "Average of the parts")],
        string="Limit is the",
        required=True,
        default="lowest",
        help="How the parts make the limit. The cap of the class always holds.",
    )
    limit_unit = fields.Float(
        string="Rounded to", default=100, help="The limit is a multiple of this amount."
    )
    limit_rounding = fields.Selection(
        [("down", "Down"), ("nearest", "To the nearest")],
        string="Rounding",
        required=True,
        default="down",
        help="Rounded down, the limit passes none of its parts.",
    )
    validity_months = fields.Integer(
        string="Valid for (months)",
        default=12,
        help="How long an approved check stands before it is renewed.",
    )
    renewal_days = fields.Integer(
        string="Renew ahead (days)",
        default=30,
        help="Days before the end of a check on which its renewal is prepared.",
    )
    approval_ceiling = fields.Monetary(
        string="Second approval above",
        ceiling="most_or_none",
        help="A limit above this amount needs the approval of a manager other than who reviewed it; 0 for "
        "never.",
    )
    statement_max_age = fields.Integer(
        string="Oldest accounts (months)",
        default=24,
        help="Annual accounts that closed longer ago than this are not used; 0 for no limit.",
    )

    _validity_positive = models.Constraint(
        "CHECK(validity_months > 0)", "A check is valid for one month at least."
    )

    @api.constrains("criterion_ids", "class_ids", "limit_part_ids", "limit_unit")
    def _check_card(self):
        """Refuse a card whose parts contradict each other. What is still missing is asked for on use."""
        for card in self:
            with card._naming_itself(ValidationError):
                criteria = card.criterion_ids.filtered(lambda each: each.band_ids or each.answer_ids)
                classes = card.class_ids._declared() or (scoring.RiskClass("·"),)
                if criteria:
                    scoring.Scorecard(criteria._declared(), classes)
                if card.limit_part_ids:
                    card._kernel_formula(card.limit_part_ids)

    @api.model_create_multi
    def create(self, vals_list):
        cards = super(RecoveryScorecard, self.with_context(**{WHOLE_CARD: NEW_CARD})).create(vals_list)
        return self.browse(cards.ids)

    def write(self, vals):
        whole = self.with_context(**{WHOLE_CARD: True})
        noted = "currency_id" in vals and self.env.uid != SUPERUSER_ID
        before = [(card, card.currency_id) for card in self] if noted else []
        done = super(RecoveryScorecard, whole).write(vals)
        # What its amounts are worth is another: as if the card were new.
        self._note_loosened(
            [(card, False, 0, 0) for card, currency in before if card.currency_id != currency]
        )
        return done

    def _former_limit(self, risk_class, score, company):
        """Return up to which limit who loosened the card goes on deciding alone, for a class that a score reached.

        In the card's currency; infinite where the user loosened nothing, or another manager agreed.
        """
        bound = self.class_ids.filtered(lambda each: each.class_id == risk_class)
        return min(
            self._former_ceiling("approval_ceiling", company),
            bound._former_cap(score, company) if bound else inf,
            risk_class._former_ceiling("refuses_credit", company),
        )

    @api.model
    def _for_debtor(self, debtor, company):
        """The first card that judges debtors of this kind in ``company``, if there is one."""
        return self.search(
            [
                ("debtor_kind", "=", "company" if debtor.is_company else "individual"),
                ("company_id", "in", [*company._recovery_lineage_ids(), False]),
            ],
            limit=1,
        )

    def _score(self, values):
        """Score ``values`` (by criterion name); a card or a value that does not fit raises ``UserError``."""
        self.ensure_one()
        with self._naming_itself(UserError):
            card = scoring.Scorecard(self.criterion_ids._declared(), self.class_ids._declared())
            return scoring.score(card, values)

    def _limit(self, figures, class_bound):
        """The limit the formula gives in the card's currency, for ``figures`` by part.

        A part that may be missing and is, is left out; any other raises ``UserError``.
        """
        self.ensure_one()
        parts = self.limit_part_ids.filtered(
            lambda part: not (part.missing == "skip" and figures.get(part.kind) is None)
        )
        with self._naming_itself(UserError):
            if not parts:
                missing = ", ".join(self.limit_part_ids.mapped("display_name"))
                raise KernelError("limit_figure_missing" if missing else "limit_parts_missing", part=missing)
            labels = {part.kind: part.display_name for part in parts}
            try:
                return scoring.credit_limit(
                    self._kernel_formula(parts), {**figures, "class_cap": class_bound._cap()}
                )
            except KernelError as error:
                if "part" in error.params:
                    error.params["part"] = labels.get(error.params["part"], error.params["part"])
                raise

    def _kernel_formula(self, parts):
        return scoring.LimitFormula(
            tuple(scoring.LimitPart(part.kind, part.factor) for part in parts),
            self.limit_combine,
            self.limit_unit,
            self.limit_rounding,
        )

    @contextmanager
    def _naming_itself(self, error_class):
        """Word the kernel's refusals, and say which card they are about."""
        try:
            yield
        except KernelError as error:
            message = kernel_message(self.env, error)
            raise error_class(
                self.env._("Scorecard “%(card)s”: %(problem)s", card=self.display_name, problem=message)
            ) from error


class RecoveryScorecardPart(models.AbstractModel):
    """A part of a scorecard: checked with the whole card whenever it changes on its own."""

    _name = "recovery.scorecard.part"
    _description = "Part of a Scorecard"

    def _card(self):
        return self.scorecard_id

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._check_whole_card()
        return parts

    def write(self, vals):
        done = super().write(vals)
        self._check_whole_card()
        return done

    def unlink(self):
        cards = self._card()
        done = super().unlink()
        if not self.env.context.get(WHOLE_CARD):
            cards.exists()._check_card()
        return done

    def _check_whole_card(self):
        if not self.env.context.get(WHOLE_CARD):
            self._card()._check_card()


class RecoveryScorecardClass(models.Model):
    """From which score a risk class is reached on a card, and the most credit it allows there."""

    _name = "recovery.scorecard.class"
    _description = "Class of a Scorecard"
    _inherit = ["recovery.scorecard.part", "recovery.ceilings"]
    _order = "from_score desc, id"
    _rec_name = "class_id"

    scorecard_id = fields.Many2one("recovery.scorecard", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="scorecard_id.currency_id")
    class_id = fields.Many2one("recovery.risk.class", required=True, ondelete="restrict")
    from_score = fields.Float(
        digits=(16, 2),
        ceiling="least",
        help="Lowest score of the class. The lowest class also takes every score below its own.",
    )
    has_cap = fields.Boolean(
        string="Capped", default=True, ceiling="bounds", help="The class bounds the credit limit."
    )
    cap = fields.Monetary(
        ceiling="most", help="Most credit a debtor of the class gets, in the card's currency."
    )

    @property
    def _chosen(self):
        """A class that comes with a new card is that card's; one put into a used card lets debtors have more."""
        return self.env.context.get(WHOLE_CARD) != NEW_CARD

    def _ceiling_company(self):
        return self.scorecard_id.company_id

    def _ceiling_owner(self):
        return f"{self.scorecard_id.display_name} · {self.display_name}"

    def _former_cap(self, score, company):
        """Return the cap that goes on for the user who loosened the class, infinite where nobody has to agree."""
        lifted = self._former_ceiling("has_cap", company)
        reached = self._former_ceiling("from_score", company)
        return min(
            self._former_ceiling("cap", company),
            self.cap if lifted != inf else inf,
            0.0 if reached not in (inf, 0.0) and -score > reached else inf,
        )

    def _declared(self):
        lowest = self.sorted("from_score")[:1]
        scores = self.mapped("from_score")
        for bound in self:
            if scores.count(bound.from_score) > 1:
                raise KernelError("class_duplicate", risk_class=bound.class_id.code)
        return tuple(
            scoring.RiskClass(
                bound.class_id.code, None if bound == lowest else f"{bound.from_score:.2f}", bound._cap()
            )
            for bound in self
        )

    def _cap(self):
        if self.class_id.refuses_credit:
            return 0
        return self.cap if self.has_cap else None


class RecoveryScorecardLimitPart(models.Model):
    """One figure the credit limit follows from, times its factor."""

    _name = "recovery.scorecard.limit.part"
    _description = "Part of a Credit Limit"
    _inherit = ["recovery.scorecard.part"]
    _order = "sequence, id"

    scorecard_id = fields.Many2one("recovery.scorecard", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("equity_share", "Share of equity"),
            ("purchase_months", "Months of purchases"),
            ("requested_need", "Limit asked for"),
            ("class_cap", "Cap of the class"),
            ("insured_amount", "Insured amount"),
        ],
        string="Figure",
        required=True,
        help="Equity of the latest accounts; average purchases per month over the last 12; what was asked "
        "for; "
        "the cap of the class; what the credit insurer covers today.",
    )
    factor = fields.Float(
        default=1, digits=(16, 4), help="Times the figure: 0.1 of equity, 2 months of purchases."
    )
    missing = fields.Selection(
        [("refuse", "Refuse to give a limit"), ("skip", "Leave the part out")],
        string="When missing",
        required=True,
        default="refuse",
        help="What happens when the figure is not known.",
    )

    @api.depends("kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for part in self:
            part.display_name = kinds.get(part.kind, "")

    _kind_once = models.UniqueIndex("(scorecard_id, kind)", "Each figure counts once in a credit limit.")
