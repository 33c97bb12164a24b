from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.text import one_line
from ..common.debtor_mixin import DEBTORS


class RecoverySolvencyCheck(models.Model):
    """One look at a debtor's solvency: values, points, score, class and credit limit, and who decided.

    The computed outcome is kept beside the one granted. Nothing reaches the debtor before
    a person approves it.
    """

    _name = "recovery.solvency.check"
    _description = "Solvency Check"
    #: It describes its debtor alone.
    _goes_along = False
    # From its score to its renewal, a chapter each.
    _inherit = [
        "recovery.solvency.scoring",
        "recovery.solvency.decision",
        "recovery.solvency.renewal",
        "recovery.guarded.fields",
        "recovery.four.eyes",
        "recovery.debtor.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "partner_id.display_name"]
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False, help="Number of the check.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "To review"),
            ("to_approve", "Second approval"),
            ("approved", "Approved"),
            ("superseded", "Replaced"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        index=True,
        help="To review: computed, nobody decided yet. Second approval: reviewed, somebody else approves. "
        "Replaced: a later check was approved.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        tracking=True,
        domain=DEBTORS,
        help="Whose solvency is judged.",
    )
    is_person = fields.Boolean(
        string="Natural person",
        compute="_compute_is_person",
        help="Never refused by score alone (GDPR art. 22): a person decides, with a reason, and it can be "
        "contested.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Who gives the credit.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    card_currency_id = fields.Many2one(related="scorecard_id.currency_id", string="Scorecard currency")
    scorecard_id = fields.Many2one(
        "recovery.scorecard",
        compute="_compute_scorecard_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        help="How the debtor is judged: the first card for its kind, unless another one is chosen.",
    )
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        copy=False,
        help="Day on which the debtor is judged.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Who reviews the check.",
    )
    origin = fields.Selection(
        [
            ("manual", "By hand"),
            ("renewal", "Renewal"),
            ("limit_near", "Limit nearly reached"),
            ("broken_promises", "Promises broken"),
            ("first_order", "First large order"),
            ("contest", "Contested decision"),
        ],
        string="Why",
        default="manual",
        required=True,
        readonly=True,
        protected=True,
        copy=False,
        help="What the check was requested for.",
    )
    limit_requested = fields.Monetary(
        string="Limit asked for",
        copy=False,
        asked=True,
        help="Credit the debtor or the sales team asks for; 0 when nothing was asked.",
    )
    note = fields.Text(help="What else is known of the debtor.")
    line_ids = fields.One2many("recovery.solvency.check.line", "check_id", string="Criteria", copy=False)
    limit_line_ids = fields.One2many(
        "recovery.solvency.check.limit", "check_id", string="Parts of the limit", readonly=True, copy=False
    )

    # What the scorecard says
    score = fields.Float(
        digits=(16, 2),
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        aggregator="avg",
        help="Weighted average of the points.",
    )
    class_computed_id = fields.Many2one(
        "recovery.risk.class",
        string="Computed class",
        readonly=True,
        protected=True,
        copy=False,
        ondelete="restrict",
        help="Class the score reaches.",
    )
    limit_computed = fields.Monetary(
        string="Computed limit",
        readonly=True,
        protected=True,
        copy=False,
        help="What the formula gives, in the company's currency.",
    )
    problem = fields.Char(
        readonly=True,
        copy=False,
        help="Why the check could not be computed; compute it again once this is settled.",
    )

    # What is granted
    class_id = fields.Many2one(
        "recovery.risk.class",
        copy=False,
        asked=True,
        tracking=True,
        ondelete="restrict",
        help="Class granted: the computed one, unless overridden.",
    )
    limit_granted = fields.Monetary(
        string="Credit limit",
        copy=False,
        asked=True,
        tracking=True,
        help="Limit granted: the computed one, unless overridden. 0 means no credit.",
    )
    is_overridden = fields.Boolean(
        string="Overridden",
        compute="_compute_is_overridden",
        help="The outcome granted is not the computed one.",
    )
    override_reason = fields.Text(
        copy=False, asked=True, tracking=True, help="Why another class or limit is granted than computed."
    )
    is_unfavourable = fields.Boolean(
        compute="_compute_is_unfavourable",
        help="Credit is refused, or is less than what was asked for or than the limit of today.",
    )
    decision_reason = fields.Text(
        copy=False,
        asked=True,
        tracking=True,
        help="Why credit is refused or lowered; required for a natural person, who may ask for it.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Suggested terms",
        compute="_compute_payment_term_id",
        store=True,
        readonly=False,
        check_company=True,
        copy=False,
        asked=True,
        ondelete="restrict",
        help="Payment terms the debtor gets with the approval; empty leaves them as they are.",
    )
    plan_max_months = fields.Integer(
        related="class_id.plan_max_months", help="How long an instalment plan of the debtor may run at most."
    )
    guarantees = fields.Char(related="class_id.guarantees", help="Guarantees to ask for.")
    approval_ceiling = fields.Monetary(
        string="Second approval above",
        readonly=True,
        protected=True,
        copy=False,
        help="The card's ceiling when the check was computed; 0 for none. What becomes of the card later changes "
        "nothing for this check.",
    )
    reviewer_id = fields.Many2one(
        "res.users",
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        help="Who reviewed the outcome first.",
    )
    author_ids = fields.Many2many(
        "res.users",
        "recovery_solvency_check_author_rel",
        string="Had a hand in it",
        readonly=True,
        protected=True,
        copy=False,
        help="Who computed the outcome or wrote something of it: none of them gives the second approval.",
    )
    approver_id = fields.Many2one(
        "res.users", readonly=True, protected=True, copy=False, tracking=True, help="Who decided."
    )
    date_approved = fields.Date(readonly=True, protected=True, copy=False, help="When it was decided.")
    date_until = fields.Date(
        string="Valid until",
        readonly=True,
        protected=True,
        copy=False,
        index=True,
        help="Last day of the check.",
    )

    # Contested decisions
    contest_reason = fields.Text(copy=False, help="What the debtor objects to, in its own words.")
    contested_check_id = fields.Many2one(
        "recovery.solvency.check",
        string="Contested check",
        readonly=True,
        protected=True,
        copy=False,
        index="btree_not_null",
        help="The decision that was contested: somebody else than who took it decides again.",
    )
    contest_check_ids = fields.One2many(
        "recovery.solvency.check", "contested_check_id", string="Decided again in"
    )

    @api.depends("partner_id", "company_id")
    def _compute_scorecard_id(self):
        for check in self:
            check.scorecard_id = self.env["recovery.scorecard"]._for_debtor(
                check.partner_id, check.company_id
            )

    @api.depends("partner_id.is_company")
    def _compute_is_person(self):
        for check in self:
            check.is_person = bool(check.partner_id) and not check.partner_id.is_company

    @api.depends("class_id", "class_computed_id", "limit_granted", "limit_computed")
    def _compute_is_overridden(self):
        for check in self:
            same_limit = not check.currency_id or not check.currency_id.compare_amounts(
                check.limit_granted, check.limit_computed
            )
            check.is_overridden = check.class_id != check.class_computed_id or not same_limit

    @api.depends("class_id", "limit_granted", "limit_requested", "partner_id")
    def _compute_is_unfavourable(self):
        for check in self:
            debtor = check.partner_id.commercial_partner_id
            now = debtor._recovery_credit_terms(check.company_id).limit if debtor else 0.0
            check.is_unfavourable = (
                check.class_id.refuses_credit
                or not check.limit_granted
                or check.limit_granted < max(check.limit_requested, now)
            )

    @api.depends("class_id", "company_id")
    def _compute_payment_term_id(self):
        for check in self:
            check.payment_term_id = check.class_id.with_company(check.company_id).payment_term_id

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for check in self:
            name = check.name or self.env._("New check")
            check.display_name = f"{name} · {check.partner_id.display_name or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "name" not in vals:
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                vals["name"] = self.env["ir.sequence"]._recovery_next("recovery.solvency.check", company)
        checks = super().create(vals_list)
        checks._prepare()
        return checks

    def write(self, vals):
        if not self.env.su:
            self._require_writable(vals)
        done = super().write(vals)
        self._note_author(vals)
        if {"partner_id", "scorecard_id"} & vals.keys():
            self.filtered(lambda check: check.state == "draft")._prepare()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(check.state in ("approved", "superseded") for check in self):
            raise UserError(
                self.env._(
                    "A decided check belongs to the debtor's file and cannot be deleted. Make a new one."
                )
            )

    def _printed_name(self):
        """Return the debtor's name as papers show it."""
        return one_line(self.partner_id.display_name)

    @api.model
    def _approved_sql(self, company) -> SQL:
        """Return a query of (partner_id, score, date): the checks that stand with ``company``, the nearest ones."""
        lineage = list(company._recovery_lineage_ids())
        return SQL(
            "SELECT DISTINCT ON (partner_id) partner_id, score, date FROM recovery_solvency_check"
            " WHERE state = 'approved' AND company_id = ANY(%s)"
            " ORDER BY partner_id, ARRAY_POSITION(%s, company_id)",
            lineage,
            lineage,
        )
