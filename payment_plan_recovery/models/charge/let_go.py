"""What of late items is owed by nobody though it was not paid: discounts earned, small residues, days of a notice."""

from collections import defaultdict
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...tools.money import MAX_DECIMALS
from ..claim.early_discount import earned_sql
from .rows import id_rows
from .terms import start_of_interest

#: Parts of the main unit that amounts are read in before their currency is known.
FINEST = 10**MAX_DECIMALS


class Received(NamedTuple):
    """What was received on an item, or on charges apart from it (``on_item`` is False)."""

    day: object
    amount: int
    on_item: bool


class RecoveryChargeLetGo(models.AbstractModel):
    _name = "recovery.charge.let.go"
    _description = "Let Go of Late Items"

    def _grant_discounts(self, items, laid, pricing):
        """What an early payment earned is not owed: the discount of the payment's terms, paid in time.

        However the books settle it, and whenever: what came later is not the debtor's delay.
        """
        items = {item.id: item for item in items if item.term_id in pricing.discount_terms}
        for company_id in {item.company_id for item in items.values()}:
            mine = [item.id for item in items.values() if item.company_id == company_id]
            for item_id, last_day in self.env.execute_query(
                self._earned_sql(mine, laid, pricing.companies.browse(company_id))
            ):
                self._close(items[item_id], last_day)

    def _earned_sql(self, item_ids, laid, company) -> SQL:
        """Query of (item id, last day): the items of ``company`` whose discount was earned, see ``early_discount``."""
        receipts = [
            (item_id, receipt.credit_id, receipt.day, receipt.amount)
            for item_id in item_ids
            for receipt in laid.get(item_id, ())
        ]
        until = company._recovery_last_day_sql(SQL("item.discount_date"))
        return SQL(
            """
            WITH receipt AS MATERIALIZED (
                SELECT item_id, credit_id, date, amount::numeric / %s AS amount
                  FROM unnest(%s::int[], %s::int[], %s::date[], %s::bigint[]) laid (item_id, credit_id, date, amount)
            )
            SELECT item.id, %s
              FROM (SELECT %s AS id) asked
              JOIN account_move_line item ON item.id = asked.id
             WHERE %s
            """,
            FINEST,
            *([list(column) for column in zip(*receipts, strict=True)] or [[], [], [], []]),
            until,
            id_rows(item_ids),
            earned_sql(until),
        )

    def _forgive(self, item, date, pricing):
        """What is paid within the days to pay of a notice is in time; a small residue of payments is let go."""
        start = item.notice and start_of_interest(item)
        if start:
            item.received = [
                receipt._replace(day=start)
                if receipt.on_item and start < receipt.day <= item.notice.until
                else receipt
                for receipt in item.received
            ]
        residue = pricing.residue(item.company_id, item.currency_id, date)
        if not residue:
            return
        by_day = defaultdict(int)
        for receipt in item.received:
            if receipt.on_item and receipt.day <= date:
                by_day[receipt.day] += receipt.amount
        rest = item.amount
        for day in sorted(by_day):
            rest -= by_day[day]
            if 0 < rest < residue:
                self._close(item, day)
                return

    def _close(self, item, last_day):
        """Nothing more is owed on an item from ``last_day`` on: what settles its rest is no delay."""
        received = [receipt for receipt in item.received if not receipt.on_item or receipt.day <= last_day]
        rest = item.amount - sum(receipt.amount for receipt in received if receipt.on_item)
        item.received = [*received, Received(last_day, rest, on_item=True)] if rest > 0 else received
