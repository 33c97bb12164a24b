"""What was received on items and on their charges, by day."""

import datetime
from collections import defaultdict
from itertools import chain
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...tools.money import MAX_DECIMALS
from ..common.planner import set_by_set
from .let_go import FINEST, Received
from .rows import id_rows

#: What is matched with each ``line``, from which line and entry: of a whole ledger, set by set. Of entries the few
#: are read that are no plain payment: there are indexes for them, and nothing of the others is asked for.
JOINED = SQL(
    """
    JOIN account_partial_reconcile partial ON partial.debit_move_id = line.id AND partial.debit_amount_currency > 0
    JOIN account_move_line credit ON credit.id = partial.credit_move_id
    LEFT JOIN (
      SELECT id, move_type, reversed_entry_id
        FROM account_move
       WHERE move_type = 'out_refund' OR reversed_entry_id IS NOT NULL
    ) source ON source.id = credit.move_id
    """
)
#: The same looked up item by item (OFFSET 0), whatever the planner was told of the ledger's tables.
LOOKED_UP = SQL(
    """
    JOIN LATERAL (
      SELECT * FROM account_partial_reconcile WHERE debit_move_id = line.id AND debit_amount_currency > 0 OFFSET 0
    ) partial ON TRUE
    JOIN LATERAL (
      SELECT date, move_id FROM account_move_line WHERE id = partial.credit_move_id OFFSET 0
    ) credit ON TRUE
    JOIN LATERAL (
      SELECT move_type, reversed_entry_id FROM account_move WHERE id = credit.move_id OFFSET 0
    ) source ON TRUE
    """
)


class OpenReceipt(NamedTuple):
    """What came in on ``day`` and lies over an item, though nobody matched them; ``amount`` as FINEST counts.

    ``reversed_id`` is the entry that a reversal gives back, ``credit_id`` the journal item that lies there; 0 for what
    is with a partner.
    """

    day: datetime.date
    amount: int
    is_refund: bool
    reversed_id: int | None
    credit_id: int


class RecoveryChargeReceived(models.AbstractModel):
    _name = "recovery.charge.received"
    _inherit = ["recovery.charge.let.go"]
    _description = "Money Received on Late Items"

    def _read_received(self, items, beside, date, pricing, *, is_whole):
        """Fill in what was received on each item, and on its charges where payments settle those first.

        What came in by ``date`` counts, be it matched with the item or not.

        :param items: {item id: item}
        """
        self._read_receipts(items, beside.laid, is_whole)
        interest_first = {item_id: item for item_id, item in items.items() if item.rule.interest_first}
        if interest_first:
            self._settle_charges(interest_first, beside.charges, pricing, beside.laid)
        paid = [item for item in items.values() if item.received]
        self._grant_discounts(paid, beside.laid, pricing)
        for item in paid:
            self._forgive(item, date, pricing)

    def _read_open_receipts(self, date, pricing, debtors):
        """Return what lies over open items on ``date`` and is matched with nothing: {item id: [OpenReceipt]}.

        OFFSET 0: debtors with open credits are few, their credits are looked up one after the other.
        """
        found, money = defaultdict(list), self.env["recovery.open.money"]
        for creditor in pricing.companies.root_id if pricing.is_money_open else ():
            if not money._is_any(creditor, date, debtors):
                continue
            for item_id, *receipt in self.env.execute_query(
                SQL(
                    """
                    SELECT laid.item_id, laid.date, ROUND(laid.amount * %s)::bigint,
                           source.move_type = 'out_refund', source.reversed_entry_id, laid.credit_id
                      FROM (%s) laid
                      JOIN LATERAL (
                        SELECT move_id FROM account_move_line WHERE id = laid.credit_id OFFSET 0
                      ) credit ON TRUE
                      JOIN LATERAL (
                        SELECT move_type, reversed_entry_id FROM account_move WHERE id = credit.move_id OFFSET 0
                      ) source ON TRUE
                    """,
                    FINEST,
                    money._receipts_sql(creditor, date, debtors),
                )
            ):
                found[item_id].append(OpenReceipt(*receipt))
        if pricing.is_any_with_partners:
            self._lay_with_partners(found, date, pricing, debtors)
        return found

    def _lay_with_partners(self, found, date, pricing, debtors):
        """Lay over open items, in ``found``, what a partner received by ``date`` and has not handed over yet.

        Who pays one that may receive money has paid that day (C. civ. 1342-2). It lies on the claim that the partner
        names, or on the oldest of its case.
        """
        for claims, day, amount in self.env["recovery.mandate.entry"]._waiting(
            pricing.companies, date, debtors
        ):
            rest = round(amount * FINEST)
            for item_id, residual in claims:
                left = round(residual * FINEST) - sum(receipt.amount for receipt in found.get(item_id, ()))
                share = min(rest, max(left, 0))
                if share:
                    found[item_id].append(OpenReceipt(day, share, False, None, 0))
                    rest -= share

    def _read_receipts(self, items, open_receipts, is_whole):
        """What was set against each item, and what lies over it.

        A credit note says that its part was never owed: it counts from the due date on. So does the reversal of
        an entry.
        """
        divisors = [FINEST // 10**decimals for decimals in range(MAX_DECIMALS + 1)]
        matched_ids = [item.id for item in items.values() if item.is_matched]
        matched = self._matched(matched_ids, is_whole) if matched_ids else ()
        laid = (
            (item_id, *receipt[:4])
            for item_id, receipts in open_receipts.items()
            if item_id in items
            for receipt in receipts
        )
        for item_id, received_on, amount, is_refund, reversed_id in chain(matched, laid):
            item = items[item_id]
            never_owed = is_refund or reversed_id == item.move_id
            day = min(received_on, item.date_due) if never_owed and item.date_due else received_on
            receipt = Received(day, amount // divisors[item.decimals], True)
            if item.received:
                item.received.append(receipt)
            else:
                item.received = [receipt]

    def _matched(self, item_ids, is_whole):
        """Return what is matched with items, as :meth:`_matched_sql` says; of a whole ledger set by set."""
        if not is_whole:
            return self.env.execute_query(self._matched_sql(item_ids))
        with set_by_set(self.env.cr):
            return self.env.execute_query(self._matched_sql(item_ids, is_whole=True))

    def _matched_sql(self, item_ids, is_whole=False) -> SQL:
        """Query of (item id, day, amount in FINEST, is a refund, reversed entry): what is matched with items.

        Of a whole ledger, what is no refund has no value there.
        """
        return SQL(
            """
            SELECT partial.debit_move_id, credit.date, ROUND(partial.debit_amount_currency * %s)::bigint,
                   source.move_type = 'out_refund', source.reversed_entry_id
              FROM (SELECT %s AS id) line %s
            """,
            FINEST,
            id_rows(item_ids),
            JOINED if is_whole else LOOKED_UP,
        )

    def _read_settling_charges(self, pricing, debtors) -> list[tuple]:
        """Return the charges that were booked or waived: item, kind, state, last day, invoice, amount, amount booked.

        :param debtors: ids of the commercial entities that owe them, None for all there are
        """
        of_debtors = (
            SQL("TRUE") if debtors is None else SQL("line.partner_id = ANY(%s::int[])", list(debtors))
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.kind, line.state, line.date_until, line.invoice_id, %s, %s
                  FROM recovery_charge line
                 WHERE line.state IN ('booked', 'waived') AND line.company_id IN %s AND %s
                """,
                self._in_units(SQL("line.amount"), pricing),
                self._in_units(SQL("line.amount_booked"), pricing),
                pricing.companies._ids or (0,),
                of_debtors,
            )
        )

    def _settle_charges(self, items, charges, pricing, open_receipts):
        """What settled charges apart from the item: payments of their invoices, in proportion, and waivers.

        They only matter where payments settle interest first: what they settled takes no payment any more.
        """
        # Where the fixed sum stands apart, what settled it settled no interest; a bank's fee always does.
        charges = [
            (item_id, *row)
            for item_id, kind, *row in charges
            if item_id in items
            and (kind == "interest" or (kind == "fixed_sum" and not items[item_id].rule.fee_apart))
        ]
        invoices = {row[3] for row in charges if row[1] == "booked" and row[3]}
        paid = self._read_paid_invoices(invoices, pricing, open_receipts)
        for item_id, state, day, invoice_id, amount, booked in charges:
            if state == "waived":
                items[item_id].received = [*items[item_id].received, Received(day, amount, on_item=False)]
            elif invoice_id in paid:
                items[item_id].received = [*items[item_id].received, *paid[invoice_id].shares(booked)]

    def _read_paid_invoices(self, invoice_ids, pricing, open_receipts):
        """Return what was received on invoices of charges: {invoice id: ChargeInvoice}."""
        if not invoice_ids:
            return {}
        invoices = self._read_payable(invoice_ids, pricing, open_receipts)
        for invoice_id, day, amount, is_refund in self.env.execute_query(
            self._paid_sql(invoice_ids, pricing)
        ):
            invoices[invoice_id] = invoices[invoice_id].receiving(day, amount, is_refund)
        return invoices

    def _paid_sql(self, invoice_ids, pricing) -> SQL:
        """Query of (invoice id, day, amount, is a refund): what is matched with invoices, looked up one by one."""
        return SQL(
            """
            SELECT line.move_id, credit.date, %s, source.move_type = 'out_refund'
              FROM (SELECT %s AS id) invoice
              JOIN LATERAL (
                SELECT * FROM account_move_line
                 WHERE move_id = invoice.id AND display_type = 'payment_term'
                OFFSET 0
              ) line ON TRUE
              %s
            """,
            self._in_units(SQL("partial.debit_amount_currency"), pricing),
            id_rows(invoice_ids),
            LOOKED_UP,
        )

    def _read_payable(self, invoice_ids, pricing, open_receipts):
        """Return what invoices of charges claim, and what lies over them: {invoice id: ChargeInvoice}."""
        invoices = defaultdict(lambda: ChargeInvoice(0, defaultdict(int)))
        for invoice_id, item_id, currency_id, payable in self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, line.id, line.currency_id, %s
                  FROM (SELECT %s AS id) invoice
                  JOIN account_move_line line ON line.move_id = invoice.id
                 WHERE line.display_type = 'payment_term' AND line.parent_state = 'posted'
                """,
                self._in_units(SQL("line.amount_currency"), pricing),
                id_rows(invoice_ids),
            )
        ):
            invoice = invoices[invoice_id].owing(payable)
            unit = FINEST // 10 ** pricing.decimals[currency_id]
            for day, amount, is_refund, *_which in open_receipts.get(item_id, ()):
                invoice = invoice.receiving(day, amount // unit, is_refund)
            invoices[invoice_id] = invoice
        return invoices


class ChargeInvoice(NamedTuple):
    """The invoice of charges: what of it is to pay, credit notes deducted, and what was paid by day."""

    payable: int
    paid: dict

    def owing(self, amount):
        return self._replace(payable=self.payable + amount)

    def receiving(self, day, amount, is_refund):
        if is_refund:
            return self.owing(-amount)
        self.paid[day] += amount
        return self

    def shares(self, booked):
        """Yield what the payments settled of a charge of ``booked`` on this invoice."""
        if self.payable <= 0:
            return
        before = 0
        for day in sorted(self.paid):
            after = before + self.paid[day]
            share = _share(booked, after, self.payable) - _share(booked, before, self.payable)
            yield Received(day, share, on_item=False)
            before = after


def _share(amount, part, whole):
    """Return ``amount * part / whole``, rounded half up."""
    return (2 * amount * part + whole) // (2 * whole)
