"""The declared rules as plain values: what the pricing of items works with."""

import datetime
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.collection_fee import FeeRule
from ...tools.money import to_decimal
from ...tools.rates import InterestRule, RateTable
from ...tools.schedule_dates import business_day
from ..claim.open_money_facts import MONEY_JOURNALS
from ..common.res_company import FIRST_DAY
from .rule import NOTICE_STARTS


@dataclass(frozen=True)
class PricedRule:
    """A rule, in the kernel's terms and next to its record."""

    id: int
    record: Any
    interest: InterestRule
    table: RateTable | None
    fee: FeeRule
    fee_id: int
    fee_currency_id: int
    fee_decimals: int
    start: str
    fee_start: str
    fee_basis: str
    fee_since: datetime.date | None
    #: Rests of what was paid in time bear a fixed sum from here on, in its currency.
    fee_rest_min: Decimal
    due_on_working_day: bool
    grace_days: int
    post_days: int
    judgment_months: int
    #: Why the rule prices nothing, in the user's language: its rates are gone, say.
    broken: str = ""
    #: Fixed sums found already, by what they follow from.
    known_fees: dict = field(default_factory=dict, compare=False)

    @cached_property
    def fee_comes_with_interest(self):
        """Whether the fixed sum is owed from the first day of interest, for payments to settle."""
        return self.fee_start == "with_interest"

    @cached_property
    def interest_first(self):
        """Whether part payments settle interest before the invoice."""
        return self.interest.allocation != "principal_first"

    @cached_property
    def fee_apart(self):
        """Whether part payments leave the fixed sum alone."""
        return self.interest.allocation == "interest_apart"

    @cached_property
    def sums_claims(self):
        """Whether the fixed sum follows from the claims of one notice together."""
        return self.fee_basis == "notice" and bool(self.fee_id)

    @cached_property
    def concerned(self):
        """Kinds of debtors in scope: True for companies, False for individuals."""
        return {"b2b": {True}, "b2c": {False}, "all": {True, False}}[self.interest.scope]

    @cached_property
    def flat_fee(self):
        """Whether the fixed sum does not depend on the amount."""
        return self.fee.kind == "per_invoice"

    @cached_property
    def _tier_starts(self):
        return [ceil(tier.start.scaleb(self.fee_decimals)) for tier in self.fee.tiers]

    def fee_step(self, unpaid):
        """Return the least count of the smallest unit that bears the same fixed sum as ``unpaid``."""
        if self.flat_fee:
            return 1
        if self.fee.kind == "tiers":
            return max(self._tier_starts[bisect_right(self._tier_starts, unpaid) - 1], 1)
        return unpaid

    @cached_property
    def waits_for_notice(self):
        return self.start in NOTICE_STARTS or self.fee_start in NOTICE_STARTS

    @cached_property
    def is_plain(self):
        """Whether items that nothing else is known of bear what follows from their due date and amount."""
        return not (self.broken or self.waits_for_notice or self.sums_claims)

    def raised_after(self, judgment_day: datetime.date | None):
        """Return the day after which the rate is raised for a judgment enforceable since ``judgment_day``."""
        if not (judgment_day and self.interest.judgment_points):
            return None
        return judgment_day + relativedelta(months=self.judgment_months)


class Found(dict):
    """What ``find`` returned for each tuple of its arguments; it is asked once for each."""

    def __init__(self, find):
        super().__init__()
        self._find = find

    def __missing__(self, facts):
        found = self[facts] = self._find(*facts)
        return found


@dataclass
class Pricing:
    """Every rule that may apply in some companies, and which one a debtor falls under."""

    companies: Any
    #: {(rule id,): PricedRule, None for no rule}, made as they are asked for: of a debtor's one or two
    rules: Found
    #: {(company id, country id or 0, is company): rule id}
    choice: dict
    #: {payment term id: rule id of its clause}
    terms: dict
    #: Payment terms of several due dates.
    instalment_terms: frozenset
    #: Receivable accounts. Named one by one, they let the database foresee how many items there are.
    account_ids: tuple
    #: Journals of money: what they claim was paid out.
    money_journal_ids: tuple
    #: Payment terms that grant a discount for early payment.
    discount_terms: frozenset
    #: {currency id: decimals}
    decimals: dict
    #: Companies whose law applies to the companies that owe them, where no clause says otherwise.
    own_law: frozenset
    #: Rules are looked for where they concern the debtor only: of a ledger nothing else is told.
    is_of_concern: bool = False
    _residues: dict = field(default_factory=dict)

    @cached_property
    def homes(self):
        """{company id: (country id of debtors who have none, id of the company that owns the exchange rates,
        time zone in which days begin)}"""
        return {
            company.id: (
                company._recovery_country().id or 0,
                company.root_id.id,
                ZoneInfo(company._recovery_timezone()),
            )
            for company in self.companies
        }

    @cached_property
    def closed(self):
        """{company id: (holidays, days of the weekend)}"""
        return {company.id: company._recovery_closed_days(FIRST_DAY) for company in self.companies}

    def residue(self, company_id, currency_id, date):
        """Return a company's threshold of small residues as a count of a currency's smallest unit."""
        key = (company_id, currency_id, date)
        if key not in self._residues:
            company = self.companies.browse(company_id)
            currency = company.env["res.currency"].browse(currency_id)
            threshold = company.env["recovery.residue"]._threshold(company)
            amount = company.currency_id._convert(threshold, currency, company, date)
            self._residues[key] = to_decimal(amount).scaleb(self.decimals[currency_id])
        return self._residues[key]

    @cached_property
    def moving(self):
        """Ids of the companies whose law moves the last day of what they grant to a working day."""
        return {company.id for company in self.companies if company._recovery_moves_last_days()}

    def last_day(self, company_id, day):
        """Return up to when what a company grants until ``day`` is done in time."""
        return self.working_day(company_id, day) if company_id in self.moving else day

    def working_day(self, company_id, day):
        """Return the first working day of a company from ``day`` on."""
        return business_day(day, "following", *self.closed[company_id])

    @cached_property
    def rules_by_facts(self):
        """Rules found already, by what :meth:`rule_for` finds them from."""
        return Found(self.rule_for)

    def rule_for(self, company_id, country_id, is_company, clause_id, term_id):
        """Return the rule of an item: its invoice's, its terms', or that of the debtor's country and kind."""
        rule_id = clause_id or self.terms.get(term_id)
        if not rule_id:
            if not country_id or (is_company and company_id in self.own_law):
                country_id = self.homes[company_id][0]
            rule_id = self.choice.get((company_id, country_id, is_company)) or self.choice.get(
                (company_id, 0, is_company)
            )
        rule = self.rules[rule_id,]
        return None if self.is_of_concern and rule and is_company not in rule.concerned else rule


class RecoveryChargePricing(models.AbstractModel):
    """Prices the lateness of receivable items. Holds no data."""

    _name = "recovery.charge.pricing"
    _description = "Rules of Late Charges"

    @api.model
    def _pricing(self, companies) -> Pricing:
        """Gather the rules that may apply to debtors of ``companies``."""
        # sudo: what is owed depends on the declared rules, not on who may open their form
        declared = self.env["recovery.interest.rule"].sudo().with_context(active_test=True)
        choice = {
            (company.id, country_id, is_company): rule.id
            for company in companies.sudo()
            for (country_id, is_company), rule in declared._choice(company).items()
        }
        # a contract keeps its clause when the clause is no longer offered
        clauses = declared.with_context(active_test=False).search([("is_contract", "=", True)])
        by_id = {rule.id: rule for rule in declared.browse(set(choice.values())) | clauses}
        # sudo: accounts, journals, payment terms and currencies say how to read the items, whoever reads them
        every = self.sudo().with_context(active_test=False).env
        terms = every["account.payment.term"].search_fetch(
            [], ["recovery_interest_rule_id", "line_ids", "early_discount"]
        )
        currencies = every["res.currency"].search_fetch([], ["decimal_places"])
        return Pricing(
            companies=companies.sudo(),
            rules=Found(lambda rule_id: self._priced(by_id[rule_id]) if rule_id in by_id else None),
            choice=choice,
            terms={term.id: term.recovery_interest_rule_id.id for term in terms},
            instalment_terms=frozenset(term.id for term in terms if len(term.line_ids) > 1),
            discount_terms=frozenset(term.id for term in terms if term.early_discount),
            own_law=frozenset(
                companies.sudo().filtered_domain([("root_id.recovery_charge_law", "=", "creditor")]).ids
            ),
            account_ids=self._ids_of(every["account.account"], companies, account_type=["asset_receivable"]),
            money_journal_ids=self._ids_of(every["account.journal"], companies, type=MONEY_JOURNALS),
            decimals={currency.id: currency.decimal_places for currency in currencies},
        )

    def _ids_of(self, records, companies, **kinds):
        """Return the ids of ``records`` of the companies and those above them, of some kinds."""
        field = "company_ids" if "company_ids" in records._fields else "company_id"
        domain = [(field, "parent_of", companies.ids)]
        return records.search(domain + [(name, "in", kind) for name, kind in kinds.items()])._ids

    @api.model
    def _priced(self, rule) -> PricedRule:
        """Return a rule in the kernel's terms; one that is declared wrong is broken, and says so by name."""
        broken, fee = "", rule.fee_id
        try:
            interest, table, fee_rule = rule._kernel(), rule._rate_table(), fee._kernel()
        except ValidationError as error:
            broken = str(error)
            interest, table = InterestRule("fixed", fixed_rate=0, scope=rule.scope), None
            fee, fee_rule = fee.browse(), FeeRule()
        return PricedRule(
            id=rule.id,
            record=rule,
            broken=broken,
            interest=interest,
            table=table,
            fee=fee_rule,
            fee_id=fee.id,
            fee_currency_id=fee.currency_id.id,
            fee_decimals=fee.currency_id.decimal_places if fee else 2,
            start=rule.start,
            fee_start=rule.fee_start,
            fee_basis=rule.fee_basis,
            fee_since=rule.fee_since or None,
            fee_rest_min=to_decimal(rule.fee_rest_min),
            due_on_working_day=rule.due_on_working_day,
            grace_days=rule.grace_days,
            post_days=rule.post_days,
            judgment_months=rule.judgment_months,
        )
