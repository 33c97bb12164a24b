"""What is known of items before their lateness is priced, read from the ledger.

Every statement is plain, rows by their ids, joined along foreign keys: whatever the database believes of tables that
grew a moment ago, it cannot plan them badly.
"""

import datetime
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..common.planner import suiting
from .beside import Beside
from .moved import Moved
from .pricing import USUAL_DECIMALS, PricedRule
from .rows import id_rows
from .told import Told

#: Fields the statements of this file and the next read: model → names, for the ORM to write out first.
FACTS = {
    "account.move": [
        "amount_total",
        "amount_untaxed",
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
        "company_id",
        "currency_id",
        "date_until",
        "invoice_id",
        "kind",
        "move_line_id",
        "partner_id",
        "state",
    ],
    "recovery.case.line": ["case_id", "move_line_id"],
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
    """An item as the ledger has it, before its lateness is priced. Amounts count the currency's smallest unit.

    The fields up to its payment terms are the columns of a row read from the ledger, the last five of them what its
    rule is found from.
    """

    id: int
    move_id: int
    is_invoiced: bool
    currency_id: int
    date_due: datetime.date | None
    amount: int
    #: Whether anything was set against it in the books.
    is_matched: bool
    given_notice: datetime.date | None
    judgment_day: datetime.date | None
    debtor_id: int
    company_id: int
    country_id: int | None
    is_company: bool
    #: The invoice's own rule.
    clause_id: int | None
    term_id: int | None
    rule: PricedRule
    decimals: int
    is_asked: bool = True
    #: The notice that interest, or the fixed sum, waits for: see :mod:`.told`
    notice: Told | None = None
    fee_notice: Told | None = None
    #: What one of the fixed sum's currency is worth; None when no rate is known.
    exchange: Decimal | None = ONE
    #: (day, amount, whether it settles the item itself): see :mod:`.let_go`
    received: list | tuple = ()
    #: Day an insolvency was published: what is declared in it bears no more charges (FR C. com. L622-28).
    stopped: datetime.date | None = None
    #: The items that it goes on from, and the day: an entry moved the claim to another account.
    moved: Moved | None = None

    @property
    def may_bear_fee(self):
        """Whether a fixed sum may be due: not on what was moved once it was late, it is due where it was."""
        return not (self.moved and self.moved.is_late)

    @property
    def invoice_key(self):
        """What the item shares with the others of its invoice."""
        return self.move_id if self.is_invoiced else -self.id

    @property
    def is_ordinary(self):
        """Whether no notice, judgment, insolvency or move to another account changes what it bears."""
        changed = self.notice or self.fee_notice or self.judgment_day or self.stopped or self.moved
        return not (changed or self.rule.broken)

    @property
    def awaited(self):
        """The notice that the fixed sum waits for, be it interest's own."""
        return self.notice if self.rule.fee_comes_with_interest else self.fee_notice


class RecoveryChargeFacts(models.AbstractModel):
    _name = "recovery.charge.facts"
    _inherit = ["recovery.charge.told", "recovery.charge.moved"]
    _description = "Facts of Late Charges"

    @api.model
    def _read_facts(self, condition: SQL, date, pricing, debtors=None) -> list[Item]:
        """Return the chargeable items of ``condition`` and the others of their invoices, in a fixed number of queries.

        :param condition: on a journal item named ``line``
        :param date: day up to which charges are asked for; a notice with days to pay beyond does not count,
            nor money that came later and is matched with nothing
        :param debtors: ids of the commercial entities that the items are of, None for all there are
        """
        self._flush_facts()
        with suiting(self.env.cr, debtors):
            rows = self._read_rows(condition, pricing)
        return self._facts_of(rows, self._read_beside(rows, date, pricing, debtors), date, pricing, debtors)

    def _facts_of(self, rows, beside, date, pricing, debtors):
        """Return the items of :meth:`_read_rows`, and the others of their invoices, with all that is known of them."""
        with suiting(self.env.cr, debtors):
            items = self._items(rows, beside.moved, pricing)
            items += self._read_siblings(items, pricing)
        items += self._read_notices(items, date, pricing)
        self._read_exchange_rates(items, pricing)
        by_id = {item.id: item for item in items}
        goes_on = beside.goes_on
        for item_id, day in beside.stopped:
            for stood_id in (item_id, *goes_on[item_id]):
                if item := by_id.get(stood_id):
                    item.stopped = min(item.stopped or day, day)
        self._read_received(by_id, beside, date, pricing, is_whole=debtors is None)
        return items

    def _read_beside(self, rows, date, pricing, debtors) -> Beside:
        """Return what changes the items of ``rows`` and stands in none of them."""
        return Beside(
            self._read_moved(rows),
            self._read_stopped(pricing),
            self._read_open_receipts(date, pricing, debtors),
            self._read_settling_charges(pricing, debtors),
        )

    def _flush_facts(self):
        for model, names in FACTS.items():
            self.env[model].flush_model(names)
        self.env["recovery.open.money"]._flush()

    def _read_items(self, condition: SQL, pricing) -> list[Item]:
        """Return the items of :meth:`_read_rows` that are under a rule."""
        rows = self._read_rows(condition, pricing)
        return self._items(rows, self._read_moved(rows), pricing)

    def _read_rows(self, condition: SQL, pricing) -> list[tuple]:
        """Rows of chargeable items: posted, receivable, owed by the debtor, no charges themselves.

        What a journal of money claims was paid out, a refund: the debtor is not late with it.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.move_id, line.display_type = 'payment_term', line.currency_id,
                       line.date_maturity, %(amount)s,
                       line.amount_residual_currency IS DISTINCT FROM line.amount_currency,
                       move.recovery_notice_date, move.recovery_judgment_date, debtor.id,
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

    def _items(self, rows, moved, pricing):
        """Make items of rows of their first fields, which end with what the rule is found from."""
        rules, decimals = pricing.rules_by_facts, pricing.decimals
        if moved:
            rows = [moved[row[0]].put_into(row) if row[0] in moved else row for row in rows]
        items = [Item(*row, rule, decimals[row[3]]) for row in rows if (rule := rules[row[10:]])]
        for item in items:
            if item.rule.due_on_working_day and item.date_due:
                item.date_due = pricing.working_day(item.company_id, item.date_due)
            if since := moved.get(item.id):
                item.moved = since._replace(date_due=item.date_due)
                item.date_due = max(since.day, item.date_due)
        return items

    def _in_units(self, amount: SQL, pricing) -> SQL:
        """``amount`` of an item named ``line`` as a count of its currency's smallest unit."""
        cases = defaultdict(list)
        for currency_id, decimals in pricing.decimals.items():
            cases[decimals].append(currency_id)
        whens = [
            SQL("WHEN line.currency_id IN %s THEN ROUND(%s * %s)", tuple(ids), amount, 10**decimals)
            for decimals, ids in cases.items()
        ]
        usual = SQL("ROUND(%s * %s)", amount, 10**USUAL_DECIMALS)
        return (
            SQL("(CASE %s ELSE %s END)::bigint", SQL(" ").join(whens), usual)
            if whens
            else SQL("%s::bigint", usual)
        )

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
