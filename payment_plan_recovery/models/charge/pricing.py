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
from odoo.tools import SQL

from ...tools.collection_fee import FeeRule
from ...tools.money import to_decimal
from ...tools.rates import InterestRule, RateTable
from ...tools.schedule_dates import business_day
from ..claim.open_money_facts import MONEY_JOURNALS
from ..common.res_company import FIRST_DAY
from .rule import NOTICE_STARTS

#: Decimals of nearly all currencies.
USUAL_DECIMALS = 2
#: Fields that :meth:`~.RecoveryChargePricing._read_books` reads: model → names, for the ORM to write out first.
BOOKS = {
    "account.account": ["account_type", "company_ids"],
    "account.journal": ["company_id", "type"],
    "account.payment": ["state"],
    "account.payment.term": ["early_discount", "early_pay_discount_computation", "recovery_interest_rule_id"],
    "account.payment.term.line": ["payment_id"],
    "recovery.hold": ["company_id", "kind"],
    "recovery.mandate.entry": [
        "amount",
        "case_id",
        "date",
        "date_arrived",
        "kind",
        "move_line_id",
        "partner_id",
        "payment_id",
    ],
    "res.currency": ["decimal_places", "rounding"],
}


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


class Decimals(dict):
    """{currency id: decimals}: currencies that are not in it have the usual ones."""

    def __missing__(self, currency_id):
        return USUAL_DECIMALS


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
    #: {currency id: decimals}, of those that have others than most
    decimals: dict
    #: ids of currencies whose smallest coin is more than one of their last decimal
    coined: frozenset
    #: Companies whose law applies to the companies that owe them, where no clause says otherwise.
    own_law: frozenset
    #: Rules are looked for where they concern the debtor only: of a ledger nothing else is told.
    is_of_concern: bool = False
    #: Whether debtors may have money that is matched with nothing.
    is_money_open: bool = True
    #: Whether anything may be declared to an insolvency.
    is_any_insolvent: bool = True
    #: Whether a partner may have received money that it has not handed over.
    is_any_with_partners: bool = True
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
    _inherit = ["recovery.charge.declared"]
    _description = "Rules of Late Charges"

    @api.model
    def _pricing(self, companies) -> Pricing:
        """Gather the rules that may apply to debtors of ``companies``."""
        choice, clauses = self._declared(companies._ids)
        known, books = clauses.union(choice.values()), self._read_books(companies)
        terms = books["term"]
        return Pricing(
            companies=companies.sudo(),
            rules=Found(lambda rule_id: self._priced(rule_id) if rule_id in known else None),
            choice=choice,
            terms={term_id: rule_id for term_id, rule_id, _lines, _discount in terms},
            instalment_terms=frozenset(term_id for term_id, _rule_id, lines, _discount in terms if lines > 1),
            discount_terms=frozenset(term_id for term_id, _rule_id, _lines, discount in terms if discount),
            is_any_insolvent=bool(books["insolvency"]),
            is_any_with_partners=bool(books["partner"]),
            own_law=frozenset(
                companies.sudo().filtered_domain([("root_id.recovery_charge_law", "=", "creditor")]).ids
            ),
            account_ids=tuple(account_id for account_id, *_none in books["account"]),
            money_journal_ids=tuple(journal_id for journal_id, *_none in books["journal"]),
            decimals=Decimals((currency_id, decimals) for currency_id, decimals, *_none in books["currency"]),
            coined=frozenset(
                currency_id for currency_id, *_none, is_coined in books["currency"] if is_coined
            ),
        )

    def _read_books(self, companies):
        """Return how the companies' items are read, in one statement: {"account", "journal", "term", "currency": rows}.

        Receivable accounts and journals of money of the companies and those above them; of payment terms the rule of
        their clause, how many due dates they have and whether they grant a discount; of unusual currencies their
        decimals and whether they have coins; and whether any insolvency, or any money with a partner, is known.
        """
        for model, names in BOOKS.items():
            self.env[model].flush_model(names)
        books = {"account": [], "journal": [], "term": [], "currency": [], "insolvency": [], "partner": []}
        for kind, *row in self.env.execute_query(self._books_sql(companies)):
            books[kind].append(row)
        return books

    def _books_sql(self, companies) -> SQL:
        return SQL(
            """
            SELECT DISTINCT 'account', account.id, NULL::int, NULL::int, FALSE
              FROM account_account account
              JOIN account_account_res_company_rel owner ON owner.account_account_id = account.id
             WHERE account.account_type = 'asset_receivable' AND owner.res_company_id = ANY(%(owners)s)
             UNION ALL
            SELECT 'journal', id, NULL, NULL, FALSE
              FROM account_journal WHERE type IN %(money)s AND company_id = ANY(%(owners)s)
             UNION ALL
            SELECT 'term', term.id, term.recovery_interest_rule_id,
                   (SELECT COUNT(*) FROM account_payment_term_line WHERE payment_id = term.id),
                   COALESCE(term.early_discount, FALSE)
              FROM account_payment_term term
             UNION ALL
            SELECT 'insolvency', NULL, NULL, NULL, FALSE WHERE %(insolvency)s
             UNION ALL
            SELECT 'partner', NULL, NULL, NULL, FALSE WHERE %(partner)s
             UNION ALL
            SELECT 'currency', id, decimal_places, NULL, rounding <> 10::numeric ^ -decimal_places
              FROM res_currency WHERE (decimal_places, rounding) <> (%(usual)s, 10::numeric ^ -%(usual)s)
            """,
            usual=USUAL_DECIMALS,
            insolvency=self.env["recovery.hold"]._any_declared_sql(companies),
            partner=self.env["recovery.mandate.entry"]._any_waiting_sql(companies),
            owners=[owner for company in companies for owner in company._recovery_lineage_ids()],
            money=MONEY_JOURNALS,
        )

    @api.model
    def _priced(self, rule_id) -> PricedRule:
        """Return a rule in the kernel's terms; one that is declared wrong is broken, and says so by name."""
        # sudo: what is owed depends on the declared rules, not on who may open their form
        rule, broken = self.env["recovery.interest.rule"].sudo().browse(rule_id), ""
        try:
            interest, table, fee, facts = self._declared_rule(rule_id)
        except ValidationError as error:
            broken = str(error)
            interest, table = InterestRule("fixed", fixed_rate=0, scope=rule.scope), None
            fee, facts = FeeRule(), {**self._facts_of_rule(rule), "fee_id": False, "fee_currency_id": False}
        currency = self.env["res.currency"].browse(facts["fee_currency_id"])
        return PricedRule(
            id=rule_id,
            record=rule,
            broken=broken,
            interest=interest,
            table=table,
            fee=fee,
            fee_decimals=currency.decimal_places if currency else 2,
            **facts,
        )
