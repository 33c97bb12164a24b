from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..common.counted import counted

WHOLE = 100  # percent
#: Where an instalment moves when its date is no working day of the creditor.
BUSINESS_DAYS = [
    ("none", "As is"),
    ("following", "Next working day"),
    ("modified_following", "Next working day of the same month"),
    ("preceding", "Previous working day"),
]


class Offer(NamedTuple):
    """What a policy judges: a schedule (amounts in ``currency``) and the debtor's record.

    ``amounts`` and ``dates`` are the instalments', the down payment apart.
    """

    currency: models.BaseModel
    company: models.BaseModel
    total: float
    down_payment: float
    amounts: list
    dates: list
    broken_on: object = None  # when the debtor last broke a plan
    is_trusted: bool = False  # the debtor earned to need no down payment

    def due_within(self, months):
        """Return the last day allowed, ``months`` after the first, if instalments go beyond; else nothing.

        Zero months are no limit.
        """
        if not months or not self.dates:
            return None
        latest = self.dates[0] + relativedelta(months=months)
        return latest if self.dates[-1] > latest else None


class RecoveryPlanPolicy(models.Model):
    """Limits of the plans a collector may grant alone, and how lateness in a plan is handled."""

    _name = "recovery.plan.policy"
    _description = "Plan Policy"
    _inherit = ["recovery.ceilings"]
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of  # a branch uses the policies of its company

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to offer the policy to every company.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)

    # What a collector may grant alone
    amount_min = fields.Monetary(
        string="Minimum instalment",
        ceiling="least",
        help="Smallest instalment granted without approval; zero for no limit.",
    )
    count_max = fields.Integer(
        string="Maximum number",
        ceiling="most_or_none",
        help="Most instalments granted without approval; zero for no limit.",
    )
    months_max = fields.Integer(
        string="Maximum duration (months)",
        ceiling="most_or_none",
        help="Longest time from the first payment to the last, in months; zero for no limit.",
    )
    down_payment_min = fields.Float(
        string="Minimum down payment (%)",
        ceiling="least",
        help="Least down payment, in percent of the total; zero for none.",
    )
    down_payment_from = fields.Monetary(
        string="Down payment from",
        ceiling="most",
        help="Total from which a down payment is wanted; zero to want it whatever the total.",
    )
    broken_months = fields.Integer(
        string="Months after a broken plan",
        ceiling="least",
        help="No plan without approval for a debtor who broke one within this many months; "
        "zero to overlook it.",
    )
    approval_ceiling = fields.Monetary(
        string="Approval above",
        ceiling="most_or_none",
        help="Total above which a manager approves; zero for no ceiling.",
    )

    # What a negotiation begins with
    count_recommended = fields.Integer(
        string="Recommended number",
        default=6,
        help="Number of instalments recommended to a debtor whose capacity to pay is not known.",
    )
    down_payment_recommended = fields.Float(
        string="Recommended down payment (%)",
        help="Down payment that a negotiation begins with, in percent, where one is wanted; zero for none.",
    )
    business_days = fields.Selection(
        BUSINESS_DAYS,
        string="Not on a working day",
        default="following",
        required=True,
        help="Where the instalments of new plans move when their date is no working day of the company.",
    )

    # How lateness is handled
    tolerance_days = fields.Integer(
        default=3,
        help="Days after an instalment's date before the plan counts as late. When the last of them is a day off of "
        "the company, the next working day counts still.",
    )
    tolerance_amount = fields.Monetary(
        help="A plan is not late for this much or less, converted to its own currency: bank charges, a rounding."
    )
    grace_days = fields.Integer(
        default=5, help="Days a plan may be late, once tolerance has passed, before the cure notice."
    )
    grace_instalments = fields.Integer(
        string="Instalments forgiven",
        help="How many instalments may be late at once without a cure notice; "
        "with one, it goes out for the second.",
    )
    cure_days = fields.Integer(
        string="Days to cure", default=8, help="Days from the cure notice to the plan's end."
    )

    cure_level_id = fields.Many2one(
        "recovery.dunning.level",
        string="Cure notice",
        domain="[('policy_id.claim_kind', '=', 'cure')]",
        ondelete="restrict",
        default=lambda self: self.env.ref("payment_plan_recovery.level_cure", raise_if_not_found=False),
        help="Channels and words of the notice that asks for late instalments before a plan is broken.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.model
    def _default_for(self, company, debtor=None):
        """Return the policy of a new plan: of the debtor's segment, else the company's choice or its first one.

        A branch without a choice of its own has that of the company it belongs to.
        """
        usable = self.search([("company_id", "in", (*company._recovery_lineage_ids(), False))])
        own = usable._for_segment(company, debtor) if debtor else usable.browse()
        general = usable.filtered(lambda policy: not policy.segment_ids)
        return own or company._recovery_nearest("recovery_plan_policy_id").with_env(self.env) or general[:1]

    @api.constrains(
        "amount_min",
        "count_max",
        "months_max",
        "down_payment_min",
        "down_payment_from",
        "down_payment_recommended",
        "broken_months",
        "approval_ceiling",
        "count_recommended",
        "tolerance_days",
        "tolerance_amount",
        "grace_days",
        "grace_instalments",
        "cure_days",
    )
    def _check_not_negative(self):
        names = self._check_not_negative._constrains
        for policy in self:
            for name in names:
                if policy[name] < 0:
                    label = self._fields[name].get_description(self.env)["string"]
                    raise ValidationError(self.env._("%s: enter zero or more.", label))
            if max(policy.down_payment_min, policy.down_payment_recommended) > WHOLE:
                raise ValidationError(self.env._("A down payment is 100 % of the total at most."))

    # ------------------------------------------------------------ limits

    def _exceptions(self, offer, date):
        """Return why ``offer`` is outside the policy at ``date``: translated reasons, none if within."""
        if not self:
            return []
        return [reason for check in self._checks() if (reason := check(offer, date))]

    def _checks(self):
        """Return the limits in the order of their reasons; each says why an offer exceeds it, or nothing."""
        return [
            self._check_amount_min,
            self._check_count,
            self._check_duration,
            self._check_down_payment,
            self._check_broken,
            self._check_ceiling,
        ]

    def _check_amount_min(self, offer, date):
        smallest = min(offer.amounts, default=0)
        if self._in_company_currency(smallest, offer, date) < self.amount_min:
            return self.env._(
                "The smallest instalment is %(amount)s; the policy wants %(limit)s at least.",
                amount=formatLang(self.env, smallest, currency_obj=offer.currency),
                limit=self._money(self.amount_min, offer),
            )
        return None

    def _check_count(self, offer, _date):
        count = len(offer.amounts)
        if self.count_max and count > self.count_max:
            return self.env._(
                "There are %(count)s instalments; the policy allows %(limit)s.",
                count=count,
                limit=self.count_max,
            )
        return None

    def _check_duration(self, offer, _date):
        latest = offer.due_within(self.months_max)
        if latest:
            return self.env._(
                "The last instalment is on %(date)s; the policy allows %(months)s, until %(limit)s.",
                date=format_date(self.env, offer.dates[-1]),
                months=counted(self.env, "month", self.months_max),
                limit=format_date(self.env, latest),
            )
        return None

    def _wants_down_payment(self, total, currency, company, date):
        """Tell whether a plan over ``total``, in ``currency``, begins with a down payment."""
        return currency._convert(total, company.currency_id, company, date) >= self.down_payment_from

    def _check_down_payment(self, offer, date):
        wanted = self._wants_down_payment(offer.total, offer.currency, offer.company, date)
        if offer.is_trusted or not wanted:
            return None
        if offer.currency.compare_amounts(offer.down_payment, offer.total * self.down_payment_min / 100) < 0:
            return self.env._(
                "The down payment is %(amount)s; the policy wants %(percent)s %% of the total at least.",
                amount=formatLang(self.env, offer.down_payment, currency_obj=offer.currency),
                percent=formatLang(self.env, self.down_payment_min, digits=2),
            )
        return None

    def _check_broken(self, offer, date):
        if (
            self.broken_months
            and offer.broken_on
            and date < offer.broken_on + relativedelta(months=self.broken_months)
        ):
            return self.env._(
                "The debtor broke a plan on %(date)s; the policy grants none for %(months)s.",
                date=format_date(self.env, offer.broken_on),
                months=counted(self.env, "month", self.broken_months),
            )
        return None

    def _check_ceiling(self, offer, date):
        if (
            self.approval_ceiling
            and self._in_company_currency(offer.total, offer, date) > self.approval_ceiling
        ):
            return self.env._(
                "The total is %(amount)s; above %(limit)s a manager approves.",
                amount=formatLang(self.env, offer.total, currency_obj=offer.currency),
                limit=self._money(self.approval_ceiling, offer),
            )
        return None

    def _in_company_currency(self, amount, offer, date):
        return offer.currency._convert(amount, offer.company.currency_id, offer.company, date)

    def _money(self, amount, offer):
        return formatLang(self.env, amount, currency_obj=offer.company.currency_id)
