"""Somebody's own ledger: the rows of a file, and of one of payments, as documents to book."""

import hashlib
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import median

from .books import DUE, Bill, Transfer
from .cells import folded, quoted
from .ledger_csv import read_ledger
from .payments_csv import read_payments
from .records import Debtor
from .source import Dispute, Source

PLAN_INVOICES = 2  # overdue invoices that make a payment plan worth while
FRENCH_SPEAKING = ("", "FR", "BE", "LU", "CH", "MC")


class Imported(Source):
    """The documents of a file. ``errors`` are its bad rows, which are left out of everything else.

    The file knows no addresses: debtors get one under ``.invalid``, a domain that no mail reaches,
    so that the mails and letters can be looked at. Nothing that the files do not say is booked.
    """

    is_invented = False

    def __init__(self, path, date, date_format=None, *, payments=None, progress=None, **known):
        paths = [Path(path), *([Path(payments)] if payments else [])]
        digest = hashlib.sha256(b"".join(each.read_bytes() for each in paths)).hexdigest()[:12]
        self.identity = f"{' and '.join(each.name for each in paths)} {digest}"
        self.date = date
        #: {what a file calls a column: the column it was taken for}
        self.guessed = {}
        reading = {"tell": self.guessed.update, "progress": progress, "has_payments": bool(payments)}
        self.rows, self.errors = read_ledger(path, date_format, **reading, **known)
        self.payments = []
        if payments:
            known.pop("countries", None)
            reading = {"tell": self._tell_payments, "preferred": self.guessed.get("dates")}
            found, errors = read_payments(payments, date_format, **reading, **known)
            self.payments = self._of_known_customers(found)
            self.errors += errors
        refs = {}
        for row in (*self.rows, *self.payments):
            refs.setdefault(row.customer, f"C{len(refs) + 1:05}")
        self._refs = refs
        countries_of = {row.customer: row.country for row in self.rows if row.country}
        self.debtors = [_debtor(ref, name, countries_of.get(name, "")) for name, ref in refs.items()]
        self._documents = defaultdict(list)
        for row in self.rows:
            self._documents[row.invoice].append(row)
        bills = [self._bill(rows) for rows in self._documents.values()]
        self.invoices = [bill for bill in bills if not bill.is_credit]
        self.credit_notes = [bill for bill in bills if bill.is_credit]
        self.transfers = [self._transfer(row) for row in self.rows if row.settled_amount] + self._received()
        self.disputes = [
            Dispute(
                row.invoice, Decimal(0), f"Disputed according to line {row.line} of the file", row.due_date
            )
            for row in self.rows
            if row.disputed and 0 <= row.settled_amount < row.amount
        ]
        self.plan_candidates = self._plan_candidates()

    def _tell_payments(self, told):
        """What is guessed of the second file stands beside what the first was taken for."""
        for name, meant in told.items():
            same = self.guessed.get(name, meant) == meant
            self.guessed[name if same else f"{name}, in the payments"] = meant

    def _of_known_customers(self, payments):
        """The payments, by the ledger's spelling of their customers; who has no invoice in it is told."""
        names = {row.customer for row in self.rows}
        spelt = defaultdict(set)
        for name in names:
            spelt[folded(name)].add(name)
        meant = {name: spelt[folded(name)] for name in {payment.customer for payment in payments} - names}
        known = {name: alike.pop() for name, alike in meant.items() if len(alike) == 1}
        self.guessed |= {quoted(name): f"the customer {known[name]}" for name in sorted(known)}
        strangers = sorted(meant.keys() - known)
        for name in strangers[:1]:
            others = f", and so are {len(strangers) - 1} more" if strangers[1:] else ""
            self.guessed[quoted(name)] = f"a customer without invoices{others}"
        return [
            replace(payment, customer=known.get(payment.customer, payment.customer)) for payment in payments
        ]

    def _bill(self, rows):
        """The document of one number: its rows are its due dates."""
        rows = sorted(rows, key=lambda row: row.due_date)
        total = sum(row.amount for row in rows)
        first = rows[0]
        line = (first.invoice, Decimal(1), abs(total), None)
        about = (first.invoice, self._refs[first.customer], first.invoice_date, rows[-1].due_date)
        dues = tuple((row.due_date, abs(row.amount)) for row in rows) if len(rows) > 1 else ()
        return Bill(*about, first.currency, (line,), is_credit=total < 0, dues=dues)

    def _label(self, row):
        """How the open item of a row is called: by its due date as well, where the document has several."""
        several = len(self._documents[row.invoice]) > 1
        return f"{row.invoice}{DUE}{row.due_date}" if several else row.invoice

    def _transfer(self, row):
        applies = ((self._label(row), row.settled_amount),)
        ref = self._refs[row.customer]
        number = f"settlement of {self._label(row)}"
        return Transfer(number, ref, row.settled_date, row.currency, row.settled_amount, applies, row.invoice)

    def _received(self):
        """Bank lines of the payments file; matched with an invoice it names as far as that is open."""
        left = {number: rows[0].amount - rows[0].settled_amount for number, rows in self._documents.items()}
        transfers = []
        for payment in self.payments:
            rows = self._documents.get(payment.invoice, ())
            owner = [(row.customer, row.currency) for row in rows]
            applies = ()
            if owner == [(payment.customer, payment.currency)]:
                applied = min(payment.amount, left[payment.invoice])
                if applied > 0:
                    left[payment.invoice] -= applied
                    applies = ((payment.invoice, applied),)
            memo = payment.memo or payment.invoice or f"payment of line {payment.line}"
            about = (f"payment of line {payment.line}", self._refs[payment.customer], payment.date)
            transfers.append(Transfer(*about, payment.currency, payment.amount, applies, memo))
        return transfers

    def _plan_candidates(self):
        """Debtors with several overdue invoices in euros, none disputed; who owes the most of them first."""
        overdue, excluded = defaultdict(list), set()
        for row in self.rows:
            if row.settled_amount < row.amount and row.due_date < self.date:
                overdue[self._refs[row.customer]].append(row)
                if row.disputed or row.currency != "EUR":
                    excluded.add(self._refs[row.customer])
        fit = [ref for ref, rows in overdue.items() if len(rows) >= PLAN_INVOICES and ref not in excluded]
        return sorted(fit, key=lambda ref: (-len(overdue[ref]), ref))

    @property
    def limit_unit(self):
        """What limits are rounded to: no more than a tenth of what an invoice usually is, a power of ten."""
        usual = median([abs(row.amount) for row in self.rows] or [Decimal(10)])
        return Decimal(10) ** max(usual.adjusted() - 1, 0)

    def differences(self, env):
        expected = defaultdict(lambda: (0, Decimal(0), Decimal(0)))
        paid = defaultdict(Decimal)
        for transfer in self.transfers:
            for label, amount in transfer.applies:
                paid[label.split(DUE)[0]] += amount
        for number, rows in self._documents.items():
            count, invoiced, left = expected[rows[0].currency]
            total = sum(row.amount for row in rows)
            expected[rows[0].currency] = count + 1, invoiced + total, left + total - paid[number]
        booked = _booked_totals(env)
        return [
            f"{currency}: {sums} in the file, {booked.get(currency)} in Odoo (documents, invoiced, open)"
            for currency, sums in expected.items()
            if sums != booked.get(currency)
        ]


def _debtor(ref, name, country):
    return Debtor(
        ref=ref,
        name=" ".join(name.split()),  # a cell may have several lines
        is_company=True,
        lang="fr_FR" if country in FRENCH_SPEAKING else "en_US",
        country=country,
        street="(adresse)",
        zip="",
        city="(ville)",
        email=f"{ref.lower()}@ledger.invalid",
        phone="",
        habit="",
        terms="",
    )


def _booked_totals(env):
    """{currency: (documents, invoiced, open)} of the posted invoices and credit notes, these below zero."""
    env.flush_all()
    env.cr.execute(
        """
        SELECT currency.name, COUNT(*), SUM(sign.of * move.amount_total)::text,
               SUM(sign.of * move.amount_residual)::text
          FROM account_move move
          JOIN res_currency currency ON currency.id = move.currency_id
         CROSS JOIN LATERAL (SELECT CASE move.move_type WHEN 'out_invoice' THEN 1 ELSE -1 END AS of) sign
         WHERE move.move_type IN ('out_invoice', 'out_refund') AND move.state = 'posted'
         GROUP BY currency.name
        """
    )
    return {name: (count, Decimal(total), Decimal(left)) for name, count, total, left in env.cr.fetchall()}
