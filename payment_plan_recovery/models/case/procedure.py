"""Procedures declared by country: mediation, payment order, small claims, suit, agency, insolvency."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ...tools.litigation import Prospect
from ..charge.errors import refused_by_name
from ..common.counted import counted
from ..common.number_told import number_told

#: Closed cases of a procedure from which on their outcomes say its chance, in place of the declared one.
ENOUGH_OUTCOMES = 20
#: Stage and kind of hold that each kind of procedure brings a case to.
STAGE_OF = {
    "amicable": ("amicable", "mediation"),
    "agency": ("amicable", "litigation"),
    "payment_order": ("court", "litigation"),
    "small_claims": ("court", "litigation"),
    "suit": ("court", "litigation"),
    "enforcement": ("title", "litigation"),
    "insolvency": ("insolvency", "insolvency"),
    "write_off": ("preparation", "litigation"),
}
#: Outcomes that brought the money, or a promise of it that binds.
WON = ("paid", "agreement")


@dataclass(frozen=True)
class CaseFacts:
    """What decides which procedures fit a case; amounts in ``currency``."""

    company: Any
    date: datetime.date
    country: Any
    is_abroad: bool
    is_company: bool
    currency: Any
    principal: float
    interest: float
    days_late: int
    has_contract: bool
    has_title: bool
    is_insolvent: bool


class RecoveryProcedure(models.Model):
    """What can be done with claims that left dunning, where the law knows it and for whom."""

    _name = "recovery.procedure"
    _description = "Procedure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", help="Leave empty to propose it in every company.")
    kind = fields.Selection(
        [
            ("amicable", "Amicable: mediation, conciliation"),
            ("payment_order", "Payment order"),
            ("small_claims", "Small claims"),
            ("suit", "Suit"),
            ("enforcement", "Enforcement of a title"),
            ("agency", "Collection agency"),
            ("insolvency", "Insolvency"),
            ("write_off", "Write-off"),
        ],
        required=True,
        help="What the procedure is; the case's claims are on hold for mediation, litigation or insolvency "
        "accordingly.",
    )
    # Whom it fits
    country_ids = fields.Many2many(
        "res.country",
        "recovery_procedure_country_rel",
        string="Countries",
        help="Countries of the debtors; leave empty for any country.",
    )
    border = fields.Selection(
        [("any", "At home or abroad"), ("domestic", "At home only"), ("cross", "Across a border only")],
        required=True,
        default="any",
        help="Whether debtor and creditor are in the same country.",
    )
    scope = fields.Selection(
        [("b2b", "Companies"), ("b2c", "Individuals"), ("all", "Everybody")],
        required=True,
        default="all",
        help="Debtors the procedure is open against.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the thresholds and fees.",
    )
    amount_min = fields.Monetary(string="Least sum (0: no limit)", help="Claims below it do not fit.")
    amount_max = fields.Monetary(string="Greatest sum (0: no limit)", help="Claims above it do not fit.")
    with_interest = fields.Boolean(
        string="Interest included", help="The greatest sum includes interest and fixed sums."
    )
    days_late = fields.Integer(string="Days late at least", help="Days the oldest claim is late; 0 for any.")
    needs_contract = fields.Boolean(
        string="Contract debts only", help="The debt must come from a contract and be a fixed sum."
    )
    needs_title = fields.Boolean(help="There must be a judgment or other title.")
    needs_insolvency = fields.Boolean(help="The debtor's insolvency must have been published.")
    date_from = fields.Date(string="In force from", help="First day it can be begun.")
    date_until = fields.Date(string="In force until", help="Last day it can be begun.")
    step_ids = fields.One2many("recovery.procedure.step", "procedure_id", string="Steps", copy=True)
    fee_ids = fields.One2many("recovery.procedure.fee", "procedure_id", string="Fees", copy=True)
    documents = fields.Text(translate=True, help="Documents to attach, one a line.")
    # What to expect
    chance = fields.Float(
        string="Chance (%)",
        digits=(5, 1),
        help="Declared chance that the money comes, in percent; outcomes kept replace it once there are enough.",
    )
    opposition = fields.Float(
        string="Chance of opposition (%)", digits=(5, 1), help="How often the debtor defends, in percent."
    )
    lawyer_cost = fields.Monetary(string="Lawyer", help="What a lawyer costs when the debtor defends.")
    months = fields.Float(
        string="Months to money", digits=(5, 1), help="Months until the money comes, when it does."
    )
    legal_source = fields.Char(translate=True, help="Articles of law.")
    checked_on = fields.Date(help="Day the procedure was last compared with its source.")
    to_verify = fields.Boolean(
        help="Not yet compared with an official source: verify it before relying on it."
    )
    note = fields.Text(translate=True, help="What to know before choosing the procedure.")

    @api.constrains("chance", "opposition", "lawyer_cost", "months")
    def _check_kernel(self):
        for procedure in self:
            procedure._prospect()

    # -- whom it fits ----------------------------------------------------------------------------

    def _why_not(self, facts):
        """Return the reasons, in the user's language, why the procedure does not fit; none when it does.

        :param facts: :class:`CaseFacts`
        """
        self.ensure_one()
        checks = (self._why_not_whom, self._why_not_amount, self._why_not_state)
        return [reason for check in checks for reason in check(facts) if reason]

    def _why_not_whom(self, facts):
        if self.country_ids and not facts.country._recovery_laws() & self.country_ids:
            yield self.env._("not for the debtor's country (%s)", facts.country.name or self.env._("unknown"))
        if self.border == "domestic" and facts.is_abroad:
            yield self.env._("the debtor is abroad")
        if self.border == "cross" and not facts.is_abroad:
            yield self.env._("the debtor is in our own country")
        if self.scope == "b2b" and not facts.is_company:
            yield self.env._("only against companies")
        if self.scope == "b2c" and facts.is_company:
            yield self.env._("only against individuals")

    def _why_not_amount(self, facts):
        convert = facts.currency._convert
        owed = convert(facts.principal, self.currency_id, facts.company, facts.date)
        most = (
            owed + convert(facts.interest, self.currency_id, facts.company, facts.date) * self.with_interest
        )
        if self.amount_min and owed < self.amount_min:
            yield self.env._("only from %s", self._money(self.amount_min))
        if self.amount_max and most > self.amount_max:
            yield self.env._(
                "only up to %(limit)s, %(owed)s are owed",
                limit=self._money(self.amount_max),
                owed=self._money(most),
            )

    def _why_not_state(self, facts):
        if self.date_from and facts.date < self.date_from:
            yield self.env._("not in force before %s", format_date(self.env, self.date_from))
        if self.date_until and facts.date > self.date_until:
            yield self.env._("not in force since %s", format_date(self.env, self.date_until))
        if self.days_late > facts.days_late:
            yield self.env._(
                "only when late by %(days)s, it is %(late)s",
                days=counted(self.env, "day", self.days_late),
                late=number_told(self.env, facts.days_late),
            )
        if self.needs_contract and not facts.has_contract:
            yield self.env._("only for contract debts")
        if self.needs_title and not facts.has_title:
            yield self.env._("there is no title yet")
        if self.needs_insolvency and not facts.is_insolvent:
            yield self.env._("no insolvency is published")
        if facts.is_insolvent and not self.needs_insolvency and self.kind != "write_off":
            yield self.env._("suits stop in an insolvency")

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # -- what to expect --------------------------------------------------------------------------

    def _prospect(self, **terms):
        """Return the kernel's prospect; ``terms`` replace what is declared.

        :raise ValidationError: it makes no sense, by name
        """
        self.ensure_one()
        declared = {
            "chance": self.chance,
            "opposition": self.opposition,
            "lawyer": self.lawyer_cost,
            "months": self.months,
        }
        with refused_by_name(self):
            return Prospect(
                **{name: Decimal(str(value)) for name, value in {**declared, **terms}.items()},
                fees=tuple(fee._kernel() for fee in self.fee_ids),
                decimals=self.currency_id.decimal_places,
            )

    def _chances(self):
        """Return {procedure id: (chance in percent, number of outcomes it comes from, 0 when declared)}."""
        counts = defaultdict(lambda: [0, 0])
        for procedure, outcome, count in self.env["recovery.case"]._read_group(
            [("procedure_id", "in", self.ids), ("outcome", "!=", False)],
            ["procedure_id", "outcome"],
            ["__count"],
        ):
            counts[procedure.id][0] += count * (outcome in WON)
            counts[procedure.id][1] += count
        chances = {}
        for procedure in self:
            won, closed = counts[procedure.id]
            enough = closed >= ENOUGH_OUTCOMES
            chances[procedure.id] = (100 * won / closed, closed) if enough else (procedure.chance, 0)
        return chances
