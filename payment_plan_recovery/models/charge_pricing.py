"""The declared rules as plain values: what the pricing of items works with, in Python and in SQL alike."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.collection_fee import FeeRule
from ..tools.rates import InterestRule, RateTable

#: What the statements know of a rule.
RULE_COLUMNS = (
    "id",
    "start",
    "fee_start",
    "grace_days",
    "post_days",
    "fee_id",
    "fee_currency_id",
    "interest_first",
    "for_companies",
    "for_individuals",
    "compounds",
    "months_of_thirty",
    "locks_rate",
    "once_per_invoice",
    "denominator",
)


@dataclass(frozen=True)
class PricedRule:
    """A rule, in the kernel's terms and next to its record."""

    record: Any
    interest: InterestRule
    table: RateTable | None
    fee: FeeRule
    fee_decimals: int

    @property
    def fee_comes_with_interest(self):
        """Whether the fixed sum is owed from the first day of interest, for payments to settle."""
        return self.record.fee_start == "with_interest"

    @property
    def denominator(self):
        """What base times rate times days is divided by; for act/act, so that every year's days divide it."""
        return Decimal(100 * {"act/365": 365, "act/act": 365 * 366, "30/360": 360}[self.interest.day_count])

    def facts(self):
        """Return the values of ``RULE_COLUMNS`` after the id."""
        rule, record = self.interest, self.record
        return (
            record.start,
            record.fee_start,
            record.grace_days,
            record.post_days,
            record.fee_id.id or 0,
            record.fee_id.currency_id.id or 0,
            rule.allocation == "interest_first",
            rule.scope != "b2c",
            rule.scope != "b2b",
            rule.compounding == "yearly",
            rule.day_count == "30/360",
            rule.rate_mode == "locked",
            self.fee.kind == "per_invoice",
            self.denominator,
        )


@dataclass
class Pricing:
    """Every rule that may apply in some companies, and which one a debtor falls under."""

    companies: Any
    #: {rule id: PricedRule}
    rules: dict
    #: {(company id, country id or 0, is company): rule id}
    choice: dict
    #: Receivable accounts. Named one by one, they let the database foresee how many items there are.
    account_ids: tuple

    @cached_property
    def choice_rows(self) -> SQL:
        """Rows (company_id, country_id, is_company, rule_id)."""
        rows = [SQL("(%s, %s, %s, %s)", *key, rule_id) for key, rule_id in self.choice.items()]
        return SQL(", ").join(rows or [SQL("(0, 0, FALSE, 0)")])

    @cached_property
    def home_rows(self) -> SQL:
        """Rows (company_id, country_id, root_id, timezone).

        The country of debtors who have none, the company that owns the exchange rates, and where days begin.
        """
        rows = []
        for company in self.companies:
            country = company.account_fiscal_country_id or company.country_id
            rows.append(
                SQL(
                    "(%s, %s, %s, %s)",
                    company.id,
                    country.id or 0,
                    company.root_id.id,
                    company.partner_id.tz or "UTC",
                )
            )
        return SQL(", ").join(rows or [SQL("(0, 0, 0, 'UTC')")])

    @cached_property
    def rule_rows(self) -> SQL:
        """Rows of ``RULE_COLUMNS``."""
        rows = [(rule_id, *priced.facts()) for rule_id, priced in self.rules.items()]
        # the first row, which matches nothing, gives the columns their types
        rows.insert(0, (0, "", "", 0, 0, 0, 0, *[False] * 7, Decimal(0)))
        return SQL(", ").join(SQL("(%s)", SQL(", ").join(SQL("%s", fact) for fact in row)) for row in rows)


class RecoveryChargeEngine(models.AbstractModel):
    """Prices the lateness of receivable items. Holds no data."""

    _name = "recovery.charge.engine"
    _description = "Late Charges"

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
        rules = declared.browse(set(choice.values())) | clauses
        # sudo: which accounts are receivable is no secret
        accounts = (
            self.env["account.account"]
            .sudo()
            .search([("account_type", "=", "asset_receivable"), ("company_ids", "parent_of", companies.ids)])
        )
        return Pricing(
            companies.sudo(), {rule.id: self._priced(rule) for rule in rules}, choice, tuple(accounts.ids)
        )

    @api.model
    def _priced(self, rule) -> PricedRule:
        """Return a rule in the kernel's terms. Raises ValidationError naming what is declared wrong."""
        table = rule._rate_table()
        if table is None and rule.rate_mode != "fixed":
            raise ValidationError(self.env._("%s: the reference rate has no rates.", rule.display_name))
        return PricedRule(
            record=rule,
            interest=rule._kernel(),
            table=table,
            fee=rule.fee_id._kernel(),
            fee_decimals=rule.fee_id.currency_id.decimal_places if rule.fee_id else 2,
        )
