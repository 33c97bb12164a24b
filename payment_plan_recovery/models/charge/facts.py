"""What is known of items before their lateness is priced, read from the ledger.

Every statement is plain: rows by their ids, joined along foreign keys. Whatever the database believes of tables
that grew a moment ago, it cannot plan them badly. What goes together is put together here.
"""

import datetime
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..common.planner import suiting
from .pricing import PricedRule
from .rows import id_rows
from .told import Moved, Told

#: Fields the statements of this file and the next read: model → names, for the ORM to write out first.
FACTS = {
    "account.move": [
        "invoice_payment_term_id",
        "is_recovery_charge",
        "move_type",
        "recovery_interest_rule_id",
        "recovery_judgment_date",
        "recovery_notice_date",
        "reversed_entry_id",
    ],
    "account.move.line": [
        "account_id",
        "amount_currency",
        "amount_residual_currency",
        "company_id",
        "currency_id",
        "date",
        "date_maturity",
        "discount_amount_currency",
        "discount_date",
        "display_type",
        "journal_id",
        "move_id",
        "parent_state",
        "partner_id",
    ],
    "account.partial.reconcile": ["credit_move_id", "debit_amount_currency", "debit_move_id"],
    "recovery.charge": [
        "amount",
        "amount_booked",
        "date_until",
        "invoice_id",
        "kind",
        "move_line_id",
        "state",
    ],
    "recovery.dunning.level": ["letter_kind"],
    "recovery.notice": ["channel", "counts_from_delivery", "date_delivered", "date_sent", "state"],
    "recovery.notice.line": ["level_id", "move_line_id", "notice_id"],
    "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
    "res.partner": ["commercial_partner_id", "country_id", "is_company"],
}

ONE = Decimal(1)
#: Whether an entry (``move``) claims charges: the mark alone can be set by anybody who makes invoices.
CLAIMS_CHARGES = SQL(
    "(move.is_recovery_charge IS TRUE"
    " AND EXISTS (SELECT FROM recovery_charge claimed WHERE claimed.invoice_id = move.id OFFSET 0))"
)


@dataclass(slots=True)
class Item:
    """An item as the ledger has it, before its lateness is priced. Amounts count the currency's smallest unit."""

    id: int
    move_id: int
    is_invoiced: bool
    company_id: int
    currency_id: int
    term_id: int | None
    date_due: datetime.date | None
    amount: int
    #: Whether anything was set against it in the books.
    is_matched: bool
    is_company: bool
    given_notice: datetime.date | None
    judgment_day: datetime.date | None
    rule: PricedRule
    decimals: int
    debtor_id: int
    is_asked: bool = True
    #: The notice that interest, or the fixed sum, waits for: see :mod:`.told`
    notice: Told | None = None
    fee_notice: Told | None = None
    #: What one of the fixed sum's currency is worth; None when no rate is known.
    exchange: Decimal | None = ONE
    #: (day, amount, whether it settles the item itself): see :mod:`.charge_received`
    received: list | tuple = ()
    #: Day an insolvency was published: what is declared in it bears no more charges (FR C. com. L622-28).
    stopped: datetime.date | None = None
    #: The items that it goes on from, and the day: an entry moved the claim to another account.
    moved: Moved | None = None

    @property
    def bears_fee(self):
        """Whether a fixed sum may be due: not on what was moved once it was late, it is due where it was then."""
        return not self.moved or self.moved.day <= self.moved.due

    @property
    def invoice_key(self):
        """What the item shares with the others of its invoice."""
        return self.move_id if self.is_invoiced else -self.id

    @property
    def is_plain(self):
        """Whether nothing was received on it and no notice, judgment or insolvency changes what it bears."""
        return not (
            self.received
            or self.notice
            or self.fee_notice
            or self.judgment_day
            or self.stopped
            or self.moved
            or self.rule.broken
        )

    @property
    def awaited(self):
        """The notice that the fixed sum waits for, be it interest's own."""
        return self.notice if self.rule.fee_comes_with_interest else self.fee_notice


class RecoveryChargeFacts(models.AbstractModel):
    _name = "recovery.charge.facts"
    _inherit = ["recovery.charge.told"]
    _description = "Facts of Late Charges"

    @api.model
    def _read_facts(self, condition: SQL, date, pricing, debtors=None) -> list[Item]:
        """Return the chargeable items that ``condition`` asks for, and the others of their invoices.

        In a fixed number of queries.

        :param condition: on a journal item named ``line``
        :param date: day up to which charges are asked for; a notice with days to pay beyond does not count,
            nor money that came later and is matched with nothing
        :param debtors: ids of the commercial entities that the items are of, None for all there are
        """
        self._flush_facts()
        with suiting(self.env.cr, debtors):
            items = self._read_items(condition, pricing)
            items += self._read_siblings(items, pricing)
        items += self._read_notices(items, date, pricing)
        self._read_exchange_rates(items, pricing)
        self._read_insolvencies(items, pricing)
        self._read_received(items, date, pricing, debtors)
        return items

    def _flush_facts(self):
        for model, names in FACTS.items():
            self.env[model].flush_model(names)
        self.env["recovery.open.money"]._flush()

    def _read_items(self, condition: SQL, pricing) -> list[Item]:
        """Chargeable items: posted, receivable, owed by the debtor, no charges themselves, under a rule.

        What a journal of money claims was paid out, a refund: the debtor is not late with it.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.move_id, line.display_type = 'payment_term', line.company_id,
                       line.currency_id, move.invoice_payment_term_id, line.date_maturity, %(amount)s,
                       line.amount_residual_currency IS DISTINCT FROM line.amount_currency,
                       COALESCE(debtor.is_company, FALSE), move.recovery_notice_date,
                       move.recovery_judgment_date, debtor.id,
                       line.company_id, debtor.country_id, COALESCE(debtor.is_company, FALSE),
                       move.recovery_interest_rule_id, move.invoice_payment_term_id
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN res_partner debtor ON debtor.id = partner.commercial_partner_id
                 WHERE line.parent_state = 'posted'
                   AND line.amount_currency > 0
                   AND line.account_id IN %(accounts)s
                   AND line.company_id IN %(companies)s
                   AND line.journal_id NOT IN %(money_journals)s
                   AND NOT %(claims_charges)s
                   AND %(condition)s
                """,
                amount=self._in_units(SQL("line.amount_currency"), pricing),
                accounts=pricing.account_ids or (0,),
                companies=pricing.companies._ids or (0,),
                money_journals=pricing.money_journal_ids or (0,),
                claims_charges=CLAIMS_CHARGES,
                condition=condition,
            )
        )
        return self._items(*self._where_they_stood(rows), pricing)

    def _items(self, rows, moved, pricing):
        """Make items of rows that end with the debtor, then what the rule is found from, some of it again."""
        rules, decimals = pricing.rules_by_facts, pricing.decimals
        items = [
            Item(*row[:12], rule, decimals[row[4]], row[12]) for row in rows if (rule := rules[row[13:]])
        ]
        for item in items:
            if item.rule.due_on_working_day and item.date_due:
                item.date_due = pricing.working_day(item.company_id, item.date_due)
            if since := moved.get(item.id):
                item.moved = since._replace(due=item.date_due)
                item.date_due = max(since.day, item.date_due)
        return items

    def _in_units(self, amount: SQL, pricing) -> SQL:
        """``amount`` of an item named ``line`` as a count of its currency's smallest unit."""
        usual = pricing.companies.currency_id[:1]
        cases = defaultdict(list)
        for currency_id, decimals in pricing.decimals.items():
            cases[decimals].append(currency_id)
        whens = [
            SQL("WHEN line.currency_id IN %s THEN ROUND(%s * %s)", tuple(ids), amount, 10**decimals)
            for decimals, ids in [(usual.decimal_places, usual.ids), *cases.items()]
        ]
        return SQL("(CASE %s END)::bigint", SQL(" ").join(whens))

    def _read_siblings(self, items, pricing):
        """The other items of invoices of several due dates: the first late one takes the fixed sum."""
        moves = {item.move_id for item in items if item.term_id in pricing.instalment_terms}
        if not moves:
            return []
        condition = SQL("line.move_id IN (SELECT %s) AND line.display_type = 'payment_term'", id_rows(moves))
        asked = {item.id for item in items}
        siblings = [item for item in self._read_items(condition, pricing) if item.id not in asked]
        for item in siblings:
            item.is_asked = False
        return siblings

    def _read_insolvencies(self, items, pricing):
        """Note which items stopped bearing charges as their debtor's insolvency was published; they are few."""
        by_id = {item.id: item for item in items}
        for item_id, day in self.env.execute_query(
            self.env["recovery.hold"]._declared_since_sql(pricing.companies)
        ):
            if item := by_id.get(item_id):
                item.stopped = min(item.stopped or day, day)

    # Exchange ----------------------------------------------------------------------------

    def _read_exchange_rates(self, items, pricing):
        """Find the rate between the item's currency and its fixed sum's on the due date, as Odoo finds it."""
        foreign = [item for item in items if item.rule.fee_currency_id not in (False, item.currency_id)]
        if not foreign:
            return
        needed = {item.currency_id for item in foreign} | {item.rule.fee_currency_id for item in foreign}
        needed |= set(pricing.companies.currency_id.ids)
        rates = defaultdict(list)
        for currency_id, company_id, day, rate in self.env.execute_query(
            SQL(
                """
                SELECT currency_id, COALESCE(company_id, 0), name, rate::text
                  FROM res_currency_rate
                 WHERE currency_id IN %s
                 ORDER BY name
                """,
                tuple(needed),
            )
        ):
            rates[currency_id, company_id].append((day, Decimal(rate)))
        exchanges = {}
        for item in foreign:
            key = (item.company_id, item.currency_id, item.rule.fee_currency_id, item.date_due)
            if key not in exchanges:
                home = pricing.companies.browse(item.company_id)
                own, fee = self._rates_on(rates, home, key[1:3], item.date_due)
                if own is None or fee is None:
                    exchanges[key] = None
                else:
                    exchanges[key] = own / fee if own != fee else ONE
            item.exchange = exchanges[key]

    def _rates_on(self, rates, company, currency_ids, day):
        """Return the rate of each currency on ``day``, None where a company does not know it.

        What all rates count from has none itself: the company's currency, or another where the company's has one.
        """
        root = company.root_id.id

        def known(currency_id):
            return rates[currency_id, root], rates[currency_id, 0]

        home = company.currency_id.id
        is_base = all(rate == ONE for of_home in known(home) for _day, rate in of_home)
        return [
            _rate_on(*known(currency_id), day)
            if any(known(currency_id)) or currency_id == home or not is_base
            else None
            for currency_id in currency_ids
        ]


def _rate_on(own, shared, day):
    """Return a currency's rate on ``day``: the company's own, else the shared one, else the first known."""
    for rates in (own, shared) if day else ():
        position = bisect_right(rates, day, key=lambda rate: rate[0])
        if position:
            return rates[position - 1][1]
    first = own or shared
    return first[0][1] if first else ONE
