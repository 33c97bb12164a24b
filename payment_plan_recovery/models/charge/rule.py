"""How lateness is priced: declared by law or by contract, never in code."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.rates import InterestRule, applied_rate
from .errors import refused_by_name
from .reference_rate import RATE_DIGITS

#: What the start of interest or of the fixed sum may wait for.
NOTICE_STARTS = ("formal_notice", "first_notice")


class RecoveryInterestRule(models.Model):
    """What a debtor owes for paying late: interest, from when and at which rate, and a fixed sum.

    A statutory rule is chosen by the debtor's country and kind, in the order of the list.
    A contract's rule applies where a payment term or an invoice says so.
    """

    _name = "recovery.interest.rule"
    _description = "Late Payment Rule"
    _inherit = [
        "recovery.declared",
        "mail.thread",
        "mail.activity.mixin",
        "recovery.interest.rule.minimum",
        "recovery.interest.rule.asking",
    ]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="Of several rules that fit a debtor, the first applies.")
    company_id = fields.Many2one("res.company", help="Leave empty to apply the rule in every company.")
    is_contract = fields.Boolean(
        string="Contract clause", help="Applies only where a payment term or an invoice names the rule."
    )
    country_ids = fields.Many2many(
        "res.country", string="Countries", help="Countries of the debtors; leave empty for any country."
    )
    scope = fields.Selection(
        [("b2b", "Companies"), ("b2c", "Individuals"), ("all", "Everybody")],
        required=True,
        default="b2b",
        help="Debtors who owe the charges; others owe none under this rule.",
    )
    legal_source = fields.Char(
        translate=True, help="Article of law or clause of the contract, as documents name it."
    )
    checked_on = fields.Date(help="Day the rule was last compared with its source.")
    to_verify = fields.Boolean(
        string="To be verified",
        help="Not yet compared with its source: check it before relying on it.",
    )
    note = fields.Text(translate=True, help="What to know before relying on the rule.")

    # Rate
    rate_mode = fields.Selection(
        lambda self: self.env["recovery.rate.mode"]._selection(),
        required=True,
        default="semester",
        help="By semester: the reference rate of 1 January counts until 30 June, that of 1 July until 31 "
        "December.",
    )
    takes_reference = fields.Boolean(
        compute="_compute_takes_reference", help="The rate is found in a table of reference rates."
    )
    reference_id = fields.Many2one(
        "recovery.interest.reference",
        string="Reference rate",
        ondelete="restrict",
        help="Published rate followed.",
    )
    multiplier = fields.Float(
        digits=RATE_DIGITS,
        default=1.0,
        help="Times the reference rate, e.g. 3 for three times the legal rate.",
    )
    margin = fields.Float(
        string="Margin (points)", digits=RATE_DIGITS, help="Percentage points added to the reference rate."
    )
    fixed_rate = fields.Float(string="Fixed rate (%)", digits=RATE_DIGITS, help="Percent per year.")
    floor = fields.Float(
        string="Lowest rate (%)", digits=RATE_DIGITS, help="The rate is never below, in percent per year."
    )
    rate_rounding = fields.Selection(
        [("none", "As it is"), ("up", "Up"), ("nearest", "To the nearest"), ("down", "Down")],
        required=True,
        default="none",
        help="How the rate is brought to a multiple of the step.",
    )
    rate_step = fields.Float(string="Step (points)", digits=RATE_DIGITS, default=0.5, help="E.g. 0.5.")

    # Days
    day_count = fields.Selection(
        [
            ("act/365", "Days / 365"),
            ("act/act", "Days / days of the year"),
            ("30/360", "Months of 30 days / 360"),
        ],
        string="Day count",
        required=True,
        default="act/365",
        help="How days are turned into a part of the year.",
    )
    due_on_working_day = fields.Boolean(
        string="Due on working days",
        help="A due date on a day off is the next working day of the creditor's calendar (DE BGB 193): who pays "
        "by then is not late.",
    )
    compounding = fields.Selection(
        [("none", "Simple interest"), ("yearly", "Unpaid interest bears interest after a year")],
        required=True,
        default="none",
        help="Whether unpaid interest bears interest itself.",
    )
    start = fields.Selection(
        [
            ("day_after_due", "The day after the due date"),
            ("formal_notice", "The day after the formal notice"),
            ("first_notice", "The day after the first notice"),
        ],
        string="Interest starts",
        required=True,
        default="day_after_due",
        help="First day of interest. A notice counts once it was sent; one sent before the due date "
        "waits for it.",
    )
    judgment_points = fields.Float(
        string="Points after a judgment",
        digits=RATE_DIGITS,
        help="Percentage points added to the rate once a judgment has been enforceable for a while (FR CMF "
        "L313-3: 5 points). The day is entered on the invoice.",
    )
    judgment_months = fields.Integer(
        string="Months after the judgment",
        default=2,
        help="Months a judgment must have been enforceable before its points are added.",
    )
    fee_id = fields.Many2one(
        "recovery.collection.fee", string="Fixed sum", ondelete="restrict", help="Empty when none is owed."
    )
    fee_start = fields.Selection(
        [
            ("with_interest", "When interest starts"),
            ("formal_notice", "After the formal notice"),
            ("first_notice", "After the first notice"),
        ],
        string="Fixed sum is owed",
        required=True,
        default="with_interest",
        help="When the fixed sum becomes due.",
    )
    fee_since = fields.Date(
        string="Fixed sum since",
        help="Claims that were due before this day bear no fixed sum: it was not law yet. Empty: every claim "
        "bears it.",
    )
    fee_rest_min = fields.Float(
        string="Least rest",
        digits=(16, 2),
        default=1.0,
        help="In the currency of the fixed sum. What was paid in time but for a rest below this bears none: a cent "
        "that a bank kept is no late payment. An invoice of which nothing was paid bears it however small. Zero: "
        "every rest bears it.",
    )
    fee_basis = fields.Selection(
        [("claim", "Each claim"), ("notice", "The claims of one notice together")],
        string="Fixed sum follows",
        required=True,
        default="claim",
        help="Together: what is unpaid of the claims of the notice that the sum waits for is added up, and each "
        "claim takes its share of the sum (NL BW 6:96 (7)).",
    )
    grace_days = fields.Integer(
        string="Days after a notice",
        help="Days the debtor has to pay after the notice the charges wait for; paid by then, nothing is "
        "owed.",
    )
    post_days = fields.Integer(
        string="Days in the post", help="Further days when that notice went by letter, in calendar days."
    )
    allocation = fields.Selection(
        [
            ("interest_first", "Costs, then interest, then the invoice"),
            ("interest_apart", "Interest, then the invoice; the fixed sum apart"),
            ("principal_first", "The invoice, then interest, then costs"),
        ],
        string="Part payments settle",
        required=True,
        default="interest_first",
        help="What a part payment counts for when interest is computed. A payment that settles the "
        "invoice in the "
        "books ends its interest in any case.",
    )
    taxed = fields.Boolean(
        string="Taxes of the product",
        help="Charges are invoiced with their products' taxes; otherwise without any.",
    )

    @api.depends("rate_mode")
    def _compute_takes_reference(self):
        modes = self.env["recovery.rate.mode"]._things()
        for rule in self:
            mode = modes.get(rule.rate_mode)
            rule.takes_reference = mode is not None and mode._takes_reference

    @api.constrains(
        "rate_mode",
        "reference_id",
        "multiplier",
        "margin",
        "fixed_rate",
        "floor",
        "rate_rounding",
        "rate_step",
        "day_count",
        "compounding",
        "start",
        "allocation",
        "scope",
        "judgment_points",
    )
    def _check_kernel(self):
        for rule in self:
            rule._kernel()
            if rule.takes_reference and not rule.reference_id.rate_ids:
                raise ValidationError(
                    self.env._(
                        "%s: choose a reference rate that has rates, or a fixed rate.", rule.display_name
                    )
                )
            if rule.compounding == "yearly" and rule.allocation == "principal_first":
                raise ValidationError(
                    self.env._(
                        "%s: where interest bears interest, part payments settle interest before the "
                        "invoice.",
                        rule.display_name,
                    )
                )

    @api.constrains("fee_basis", "fee_start", "start")
    def _check_fee_basis(self):
        for rule in self:
            awaited = rule.start if rule.fee_start == "with_interest" else rule.fee_start
            if rule.fee_basis == "notice" and awaited not in NOTICE_STARTS:
                raise ValidationError(
                    self.env._(
                        "%s: a fixed sum over the claims of one notice waits for that notice.",
                        rule.display_name,
                    )
                )

    @api.constrains("grace_days", "post_days", "judgment_months")
    def _check_days(self):
        for rule in self:
            if rule.grace_days < 0 or rule.post_days < 0:
                raise ValidationError(self.env._("%s: days cannot be negative.", rule.display_name))
            if rule.judgment_months < 0:
                raise ValidationError(self.env._("%s: months cannot be negative.", rule.display_name))

    def _mode(self):
        """Return how the rule's rate is found.

        :raise ValidationError: the addon that knew how is not installed any more
        """
        mode = self.env["recovery.rate.mode"]._things().get(self.rate_mode)
        if mode is None:
            raise ValidationError(
                self.env._(
                    "%s: the way its rate was found is not installed any more. Choose another.",
                    self.display_name,
                )
            )
        return mode

    def _kernel(self):
        """Return the kernel's rule. Raises ValidationError by name when it makes none."""
        self.ensure_one()
        mode = self._mode()
        with refused_by_name(self):
            return InterestRule(
                rate_mode=mode._lookup,
                margin=self.margin,
                multiplier=self.multiplier,
                fixed_rate=mode._fixed_rate(self),
                floor=self.floor,
                rate_rounding=self.rate_rounding,
                rate_step=self.rate_step,
                day_count=self.day_count,
                compounding=self.compounding,
                start="day_after_due" if self.start == "day_after_due" else "formal_notice",
                allocation=self.allocation,
                scope=self.scope,
                judgment_points=self.judgment_points,
            )

    def _allocation_told(self, env):
        """Return what part payments settle, in the language of ``env``; no fixed sum is named that nobody owes."""
        if self.fee_id:
            return dict(self._fields["allocation"]._description_selection(env))[self.allocation]
        if self.allocation == "principal_first":
            return env._("The invoice, then interest")
        return env._("Interest, then the invoice")

    def _rate_table(self):
        """Return the kernel's table of the reference rate, None for a fixed rate."""
        self.ensure_one()
        return self._mode()._rates(self)

    def _rate_on(self, date):
        """Return the rate in percent per year that the rule gives on ``date``, as the kernel prices it.

        Raises KernelError when no rate is known on that day.
        """
        self.ensure_one()
        return applied_rate(self._kernel(), self._rate_table(), date, date)[0]

    @api.model
    def _choice(self, company):
        """Return the rules that debtors of ``company`` fall under: {(country id or 0, is company): rule}.

        Country 0 stands for every country no rule names. One that is under the law of another, and that none names
        either, has that one's rules.
        """
        domain = [
            ("is_contract", "=", False),
            ("company_id", "in", [False, *company._recovery_lineage_ids()]),
        ]
        rules = self.search_fetch(domain, ["country_ids", "scope"])  # for all countries at once
        every, choice = [*rules.country_ids.ids, 0], {}
        for rule in rules:
            for country_id in rule.country_ids.ids or every:
                for is_company, scope in ((True, "b2b"), (False, "b2c")):
                    if rule.scope in ("all", scope):
                        choice.setdefault((country_id, is_company), rule)
        # sudo: whose law a country is under is no secret
        under = self.env["res.country"].sudo().search([("recovery_law_id", "in", rules.country_ids.ids)])
        for country in under:
            named = {rule.scope for rule in rules if country in rule.country_ids}
            for is_company, scope in ((True, "b2b"), (False, "b2c")):
                rule = choice.get((country.recovery_law_id.id, is_company))
                if rule and not named & {"all", scope}:
                    choice[country.id, is_company] = rule
        return choice
