"""Books documents in Odoo the way Odoo does it: posted invoices, bank lines, reconciliation.

Every document carries its number into Odoo, and what is there already is left alone, so
that an interrupted booking goes on where it stopped. Each batch is one transaction.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from .company import bank_journal

BATCH = 200
#: Between a document's number and a due date, where it has several.
DUE = " · "
#: A ledger brought in from elsewhere notifies nobody and tracks nothing.
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
}


@dataclass(frozen=True)
class Bill:
    """An invoice, or the credit note of one."""

    number: str
    debtor_ref: str
    date: datetime.date
    due_date: datetime.date
    currency: str
    lines: tuple  # of (label, quantity, unit price without VAT, VAT rate in percent or None)
    credits: str = ""  # number of the invoice a credit note reduces
    is_credit: bool = False  # a credit note, whichever invoice it is about
    dues: tuple = ()  # of (day, amount), where there are several due dates


@dataclass(frozen=True)
class Transfer:
    """Money received on the bank account."""

    number: str
    debtor_ref: str
    date: datetime.date
    currency: str
    amount: Decimal
    applies: tuple  # of (invoice number, amount); the rest stays on the debtor's account
    memo: str


class Books:
    """The company's books, to be brought up to a date."""

    def __init__(self, env, company):
        self.env = env(context={**env.context, **QUIET, "lang": "en_US"})
        self.company = company
        chart = self.env["account.chart.template"].with_company(company)
        self.income = chart.ref("pcg_707_account")
        self.receivable = chart.ref("fr_pcg_recv")
        self.taxes = {Decimal("20.00"): chart.ref("tva_normale")}
        self.bank = bank_journal(self.env, company)
        self.sales = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(company), ("type", "=", "sale")], limit=1
        )
        self.currencies = {
            currency.name: currency
            for currency in self.env["res.currency"].with_context(active_test=False).search([])
        }
        self._partners = self._known("SELECT ref, id FROM res_partner WHERE ref IS NOT NULL")
        # Invoices go by their names; bank lines, which Odoo names itself, by their references.
        self._booked = self._known("SELECT name, id FROM account_move WHERE statement_line_id IS NULL")
        self._booked |= self._known("SELECT ref, id FROM account_move WHERE statement_line_id IS NOT NULL")

    def _known(self, query):
        self.env.cr.execute(query)
        return dict(self.env.cr.fetchall())

    # -- debtors -------------------------------------------------------------------------

    def add_debtors(self, debtors):
        """Make the partners that are not there yet."""
        countries = {country.code: country.id for country in self.env["res.country"].search([])}
        new = [debtor for debtor in debtors if debtor.ref not in self._partners]
        made = self.env["res.partner"].create([_partner(debtor, countries) for debtor in new])
        self._partners.update(zip([debtor.ref for debtor in new], made.ids, strict=True))
        self.env.cr.commit()

    def partner(self, ref):
        """The partner of a debtor's reference."""
        return self.env["res.partner"].browse(self._partners[ref])

    # -- documents -----------------------------------------------------------------------

    def missing(self, documents):
        """Those not booked yet, in the order of their dates."""
        new = (document for document in documents if document.number not in self._booked)
        return sorted(new, key=lambda document: document.date)

    def book_bills(self, bills, step):
        """Post invoices and credit notes; Odoo matches a credit note with the invoice it reverses."""
        for batch in _batches(bills):
            self._activate_currencies(batch)
            moves = self.env["account.move"].create([self._move(bill) for bill in batch])
            moves.action_post()
            self._close(moves, batch, step)

    def draft(self, bill):
        """An invoice that waits to be posted by somebody; it gets its number then."""
        named = {"name": False, "payment_reference": False, "ref": bill.number}
        return self.env["account.move"].create({**self._move(bill), **named})

    def book_transfers(self, transfers, step):
        """Enter bank lines and reconcile them with the invoices they pay."""
        for batch in _batches(transfers):
            self._activate_currencies(batch)
            entries = self.env["account.bank.statement.line"].create(
                [self._statement_line(transfer) for transfer in batch]
            )
            self._reconcile(
                (line, line.name)
                for entry, transfer in zip(entries, batch, strict=True)
                for line in self._receivable_lines(entry.move_id)[: len(transfer.applies)]
            )
            self._close(entries.move_id, batch, step)

    def _close(self, moves, batch, step):
        self._booked.update(zip([document.number for document in batch], moves.ids, strict=True))
        self.env.cr.commit()
        self.env.invalidate_all()
        step.advance(len(batch))

    def _reconcile(self, pairs):
        """Match lines with the open item of the invoice whose number is given."""
        pairs = list(pairs)
        if not pairs:
            return
        open_items = self._open_items({number for _line, number in pairs})
        self.env["account.move.line"]._reconcile_plan([line + open_items[number] for line, number in pairs])

    def _open_items(self, numbers):
        items = self.env["account.move.line"].search(
            [
                ("move_id", "in", [self._booked[number.split(DUE)[0]] for number in numbers]),
                ("account_id", "=", self.receivable.id),
            ]
        )
        named = {item.move_id.name: item for item in items}
        return named | {f"{item.move_id.name}{DUE}{item.date_maturity}": item for item in items}

    def _receivable_lines(self, move):
        return move.line_ids.filtered(lambda line: line.account_id == self.receivable).sorted("id")

    def _activate_currencies(self, documents):
        for code in {document.currency for document in documents}:
            if not self.currencies[code].active:
                self.currencies[code].active = True

    # -- values --------------------------------------------------------------------------

    def _move(self, bill):
        return {
            "move_type": "out_refund" if bill.credits or bill.is_credit else "out_invoice",
            "journal_id": self.sales.id,
            "name": bill.number,
            "payment_reference": bill.number,
            "partner_id": self._partners[bill.debtor_ref],
            "currency_id": self.currencies[bill.currency].id,
            "fiscal_position_id": False,
            "invoice_payment_term_id": self._terms(bill).id if bill.dues else False,
            "date": bill.date,
            "invoice_date": bill.date,
            "invoice_date_due": bill.due_date,
            "reversed_entry_id": self._booked[bill.credits] if bill.credits else False,
            "invoice_line_ids": [(0, 0, self._line(*line)) for line in bill.lines],
        }

    def _terms(self, bill):
        """Payment terms that give a document its due dates and their amounts; the last takes what is left."""
        days = [((day - bill.date).days, amount) for day, amount in bill.dues]
        lines = [{"value": "fixed", "value_amount": amount, "nb_days": count} for count, amount in days[:-1]]
        lines.append({"value": "percent", "value_amount": 100, "nb_days": days[-1][0]})
        return self.env["account.payment.term"].create(
            {"name": f"Due dates of {bill.number}", "line_ids": [(0, 0, line) for line in lines]}
        )

    def _line(self, label, quantity, price, vat_rate):
        return {
            "name": label,
            "quantity": quantity,
            "price_unit": price,
            "account_id": self.income.id,
            "analytic_distribution": False,
            "tax_ids": [(6, 0, self.taxes[vat_rate].ids if vat_rate is not None else [])],
        }

    def _statement_line(self, transfer):
        """A bank line as it is after matching: one receivable item for each invoice it pays."""
        currency = self.currencies[transfer.currency]
        foreign = currency != self.company.currency_id
        received, parts = self._parts(transfer, currency)
        return {
            "journal_id": self.bank.id,
            "date": transfer.date,
            "payment_ref": transfer.memo,
            "ref": transfer.number,
            "partner_id": self._partners[transfer.debtor_ref],
            "amount": received,
            "foreign_currency_id": currency.id if foreign else False,
            "amount_currency": transfer.amount if foreign else 0,
            "line_ids": [
                (0, 0, item)
                for item in (
                    self._bank_item(transfer, received),
                    *(self._receivable_item(transfer, currency, *part) for part in parts),
                )
            ],
        }

    def _parts(self, transfer, currency):
        """(received, [(label, amount, balance)]): what a transfer is made of, in both currencies."""
        parts = list(transfer.applies)
        on_account = transfer.amount - sum(amount for _number, amount in parts)
        if on_account:
            parts.append((transfer.memo, on_account))
        balances = [self._balance(amount, currency, transfer.date) for _label, amount in parts]
        return sum(balances), [(*part, balance) for part, balance in zip(parts, balances, strict=True)]

    def _balance(self, amount, currency, day):
        """``amount`` in the company's currency."""
        company = self.company
        if currency == company.currency_id:
            return amount
        converted = currency._convert(float(amount), company.currency_id, company, day)
        return self.exact(converted, company.currency_id)

    def exact(self, amount, currency):
        """A float of Odoo's as the Decimal it stands for."""
        return Decimal(f"{amount:.{currency.decimal_places}f}")

    def _bank_item(self, transfer, received):
        return {
            "name": transfer.memo,
            "account_id": self.bank.default_account_id.id,
            "partner_id": self._partners[transfer.debtor_ref],
            "balance": received,
        }

    def _receivable_item(self, transfer, currency, label, amount, balance):
        return {
            "name": label,
            "account_id": self.receivable.id,
            "partner_id": self._partners[transfer.debtor_ref],
            "currency_id": currency.id,
            "amount_currency": -amount,
            "balance": -balance,
            "analytic_distribution": False,
        }


def _partner(debtor, countries):
    return {
        "ref": debtor.ref,
        "name": debtor.name,
        "is_company": debtor.is_company,
        "lang": debtor.lang,
        "country_id": countries.get(debtor.country, False),
        "street": debtor.street,
        "zip": debtor.zip,
        "city": debtor.city,
        "email": debtor.email,
        "phone": debtor.phone,
    }


def _batches(documents):
    remaining = iter(documents)
    while batch := list(islice(remaining, BATCH)):
        yield batch
