"""Somebody's own ledger: the rows of a CSV file as documents to book."""

import hashlib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

from .books import Bill, Transfer
from .ledger_csv import read_ledger
from .records import Debtor
from .source import Dispute, Source

PLAN_INVOICES = 2  # overdue invoices that make a payment plan worth while
FRENCH_SPEAKING = ("", "FR", "BE", "LU", "CH", "MC")


class Imported(Source):
    """The invoices of a file. ``errors`` are its bad rows, which are left out of everything else.

    The file knows no addresses: debtors get one under ``.invalid``, a domain that no mail reaches,
    so that the mails and letters can be looked at.
    """

    def __init__(self, path, date, date_format, currencies, countries):
        self.identity = f"{Path(path).name} {hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]}"
        self.date = date
        self.rows, self.errors = read_ledger(path, date_format, currencies=currencies, countries=countries)
        refs = {}
        for row in self.rows:
            refs.setdefault(row.customer, f"C{len(refs) + 1:05}")
        self._refs = refs
        countries_of = {row.customer: row.country for row in self.rows if row.country}
        self.debtors = [_debtor(ref, name, countries_of.get(name, "")) for name, ref in refs.items()]
        self.invoices = [self._bill(row) for row in self.rows]
        self.transfers = [self._transfer(row) for row in self.rows if row.settled_amount]
        self.disputes = [
            Dispute(
                row.invoice, Decimal(0), f"Disputed according to line {row.line} of the file", row.due_date
            )
            for row in self.rows
            if row.disputed and row.settled_amount < row.amount
        ]
        self.plan_candidates = self._plan_candidates()

    def _bill(self, row):
        line = (row.invoice, Decimal(1), row.amount, None)
        ref = self._refs[row.customer]
        return Bill(row.invoice, ref, row.invoice_date, row.due_date, row.currency, (line,))

    def _transfer(self, row):
        applies = ((row.invoice, row.settled_amount),)
        ref = self._refs[row.customer]
        number = f"settlement of {row.invoice}"
        return Transfer(number, ref, row.settled_date, row.currency, row.settled_amount, applies, row.invoice)

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

    def differences(self, env):
        expected = defaultdict(lambda: (0, Decimal(0), Decimal(0)))
        for row in self.rows:
            count, invoiced, left = expected[row.currency]
            left += row.amount - row.settled_amount
            expected[row.currency] = count + 1, invoiced + row.amount, left
        booked = _booked_totals(env)
        return [
            f"{currency}: {sums} in the file, {booked.get(currency)} in Odoo (invoices, invoiced, open)"
            for currency, sums in expected.items()
            if sums != booked.get(currency)
        ]


def _debtor(ref, name, country):
    return Debtor(
        ref=ref,
        name=name,
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
    """{currency: (invoices, invoiced, open)} of the posted invoices."""
    env.flush_all()
    env.cr.execute(
        """
        SELECT currency.name, COUNT(*), SUM(move.amount_total)::text, SUM(move.amount_residual)::text
          FROM account_move move
          JOIN res_currency currency ON currency.id = move.currency_id
         WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
         GROUP BY currency.name
        """
    )
    return {name: (count, Decimal(total), Decimal(left)) for name, count, total, left in env.cr.fetchall()}
