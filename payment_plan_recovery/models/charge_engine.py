"""Charges of items one by one, with their working: the kernel's word."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.collection_fee import collection_fee
from ..tools.errors import KernelError
from ..tools.interest import interest
from ..tools.money import round_money
from ..tools.rates import in_scope
from .kernel import kernel_message

ZERO = Decimal(0)


@dataclass(frozen=True)
class Charges:
    """What the lateness of one item costs up to ``until``; amounts are Decimals in the item's currency.

    ``interest`` and ``fee`` (the fixed sum) are everything since the due date. ``segments`` are the
    working: first and last day, days, base, rate, days of the year, amount before rounding.
    ``rate_extrapolated`` tells that days past the last known reference rate used it.
    ``open_interest`` and ``open_fee`` are what nobody has booked or waived yet.
    ``problem`` says, in the user's language, why interest could not be computed.
    """

    rule: Any
    interest: Decimal = ZERO
    fee: Decimal = ZERO
    segments: tuple = ()
    rate_extrapolated: bool = False
    date_due: datetime.date | None = None
    until: datetime.date | None = None
    booked_interest: Decimal = ZERO
    booked_fee: Decimal = ZERO
    waived_interest: Decimal = ZERO
    waived_fee: Decimal = ZERO
    problem: str = ""

    @property
    def total(self):
        return self.interest + self.fee

    @property
    def open_interest(self):
        return max(self.interest - self.booked_interest - self.waived_interest, ZERO)

    @property
    def open_fee(self):
        return max(self.fee - self.booked_fee - self.waived_fee, ZERO)

    @property
    def open_total(self):
        return self.open_interest + self.open_fee

    @property
    def excess(self):
        """What was booked beyond what is owed, e.g. because a payment was found to be older."""
        over_interest = self.booked_interest + self.waived_interest - self.interest
        over_fee = self.booked_fee + self.waived_fee - self.fee
        return max(min(over_interest, self.booked_interest), ZERO) + max(min(over_fee, self.booked_fee), ZERO)

    def as_dict(self):
        """Return the figures as plain values, amounts as floats and days as ISO text."""
        return {
            "interest": float(self.interest),
            "fixed_sum": float(self.fee),
            "to_book": float(self.open_total),
            "rate_extrapolated": self.rate_extrapolated,
            "rule": self.rule.display_name or "",
            "segments": [
                {
                    "date_from": segment.date_from.isoformat(),
                    "date_to": segment.date_to.isoformat(),
                    "days": segment.days,
                    "base": float(segment.base),
                    "rate": float(segment.rate),
                    "amount": float(segment.amount_unrounded),
                }
                for segment in self.segments
            ],
            "problem": self.problem,
        }


@dataclass(frozen=True)
class Item:
    """An item as the ledger has it, before its lateness is priced."""

    id: int
    is_asked: bool
    invoice_key: int
    date_due: datetime.date | None
    is_company: bool
    decimals: int
    rule_id: int
    amount: Decimal
    notice_day: datetime.date | None
    fee_notice_day: datetime.date | None
    exchange: Decimal


@dataclass(frozen=True)
class Received:
    """What was received on an item, or on charges apart from it (``on_item`` is False)."""

    day: datetime.date
    amount: Decimal
    on_item: bool


class RecoveryChargeEngine(models.AbstractModel):
    _inherit = "recovery.charge.engine"

    @api.model
    def _charges(self, lines, date):
        """Return {line id: Charges} of journal items at ``date``, in a fixed number of queries.

        Items that bear no charges (credits, charges themselves, debtors under no rule) get empty ones.
        """
        empty = self.env["recovery.interest.rule"]
        charges = {line_id: Charges(rule=empty) for line_id in lines.ids}
        if lines:
            pricing = self._pricing(lines.company_id)
            priced = self._price(pricing, *self._read_facts(lines.ids, date, pricing), date)
            for item_id, figures in self._read_settled(priced).items():
                priced[item_id] = replace(priced[item_id], **figures)
            charges.update(priced)
        return charges

    def _read_facts(self, line_ids, date, pricing):
        """Return the items [Item] and what was received on each {item id: [Received]}."""
        self._flush_facts()
        facts = self._facts(SQL("SELECT unnest(%s::int[])", list(line_ids)), date, pricing)
        rows = self.env.execute_query(
            SQL(
                """
                WITH %s
                SELECT item.id, item.is_asked, item.invoice_key, item.date_due, item.is_company,
                       item.decimals, item.rule_id, item.amount::text, item.notice_day, item.fee_notice_day,
                       item.exchange::text,
                       received.list
                  FROM item
                  LEFT JOIN (
                       SELECT item_id, json_agg(json_build_array(day, amount::text, on_item)) AS list
                         FROM settlement
                        WHERE amount <> 0
                        GROUP BY item_id
                       ) received ON received.item_id = item.id
                 ORDER BY item.date_due, item.id
                """,
                facts,
            )
        )
        items, received = [], defaultdict(list)
        for row in rows:
            item = Item(*row[:7], Decimal(row[7]), row[8], row[9], Decimal(row[10]))
            items.append(item)
            for day, amount, on_item in row[11] or ():
                received[item.id].append(Received(datetime.date.fromisoformat(day), Decimal(amount), on_item))
        return items, received

    def _price(self, pricing, items, received, date):
        """Return {item id: Charges} of the items asked for.

        The first late item of an invoice takes its fixed sum.
        """
        charges, charged_invoices = {}, set()
        for item in items:
            priced = pricing.rules[item.rule_id]
            fee = _fee(priced, item, received[item.id], date)
            if priced.fee.kind == "per_invoice" and fee:
                fee = ZERO if item.invoice_key in charged_invoices else fee
                charged_invoices.add(item.invoice_key)
            if item.is_asked:
                charges[item.id] = self._price_item(priced, item, received[item.id], date, fee)
        return charges

    def _price_item(self, priced, item, received, date, fee):
        """Return the Charges of one item; where interest cannot be found, the fixed sum and the reason."""
        figures = Charges(rule=priced.record, fee=fee, date_due=item.date_due or None, until=date)
        try:
            result = _interest(priced, item, received, date, fee)
        except KernelError as error:
            return replace(figures, problem=kernel_message(self.env, error))
        return replace(
            figures,
            interest=result.total,
            segments=result.segments,
            rate_extrapolated=result.rate_extrapolated,
            until=_end_of_interest(item, received, date),
        )

    def _read_settled(self, charges):
        """Return what was booked and waived: {item id: {field of Charges: amount}}."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_line_id, kind, state,
                       SUM(CASE WHEN state = 'waived' THEN amount ELSE amount_booked END)::text
                  FROM recovery_charge
                 WHERE move_line_id = ANY(%s) AND state IN ('booked', 'waived')
                 GROUP BY move_line_id, kind, state
                """,
                list(charges),
            )
        )
        settled = defaultdict(dict)
        for item_id, kind, state, amount in rows:
            settled[item_id][f"{state}_{'interest' if kind == 'interest' else 'fee'}"] = Decimal(amount)
        return settled


def _end_of_interest(item, received, until):
    """Return the day interest stops: the one asked for, or the one on which the books settle the item."""
    paid = [receipt for receipt in received if receipt.on_item and receipt.day <= until]
    if sum(receipt.amount for receipt in paid) < item.amount:
        return until
    return min(until, max(receipt.day for receipt in paid))


def _interest(priced, item, received, date, fee):
    """Return the kernel's Interest of one item."""
    return interest(
        priced.interest,
        priced.table,
        item.amount,
        item.date_due,
        _end_of_interest(item, received, date),
        payments=[(receipt.day, receipt.amount) for receipt in received],
        notice_date=item.notice_day,
        decimals=item.decimals,
        is_company=item.is_company,
        costs=fee if priced.fee_comes_with_interest else ZERO,
    )


def _fee(priced, item, received, date):
    """Return the fixed sum in the item's currency: on what was unpaid when it became due."""
    start_day = _start_of_fee(priced, item)
    if not start_day or start_day >= date:
        return ZERO
    unpaid = item.amount - sum(
        receipt.amount for receipt in received if receipt.on_item and receipt.day <= start_day
    )
    if unpaid <= 0 or not in_scope(priced.interest.scope, item.is_company):
        return ZERO
    unpaid = round_money(unpaid / item.exchange, priced.fee_decimals)
    fee = collection_fee(priced.fee, unpaid, item.is_company, priced.fee_decimals)
    return round_money(fee * item.exchange, item.decimals)


def _start_of_fee(priced, item):
    """Return the day after which the fixed sum is owed, None while its notice is awaited."""
    start, notice_day = priced.record.fee_start, item.fee_notice_day
    if priced.fee_comes_with_interest:
        start, notice_day = priced.record.start, item.notice_day
    if start == "day_after_due":
        return item.date_due
    return notice_day and item.date_due and max(notice_day, item.date_due)
