"""Bring your own ledger: a table of invoices as CSV or Excel, read in one pass, every bad row named.

A row is an invoice, or one due date of an invoice that has several; a negative amount is a credit note, and so is
one whose kind says so.

Nothing here knows Odoo: currencies and countries are passed in, the ISO lists serve without.
A fault of the file itself (no header, a missing column, not UTF-8) raises
``LedgerFileError``; the faults of its rows are returned, each with its line.
"""

import csv
import datetime
import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from .cells import (
    BELOW_ZERO,
    MOST_DECIMALS,
    UnreadableError,
    country_reader,
    currency_of,
    folded,
    quoted,
    read_amount,
    read_signed,
    read_text,
    read_truth,
    without_mark,
)
from .days import date_reader
from .guesses import (
    LOOKED_AT,
    check_date_format,
    check_header,
    give_up_country,
    give_up_kind,
    guess,
    without_totals,
)
from .headings import document_kind
from .iso_codes import CURRENCIES
from .sides import read_side
from .tables import opened

REQUIRED = ("customer", "invoice", "invoice_date", "due_date", "amount")
OPTIONAL = (
    "currency",
    "country",
    "settled_date",
    "settled_amount",
    "disputed",
    "kind",
    "open_amount",
    "side",
)
COLUMNS = REQUIRED + OPTIONAL
AMOUNTS = ("amount", "settled_amount", "open_amount")
NOTHING = Decimal(0)
DATES = ("invoice_date", "due_date", "settled_date")


class RowError(NamedTuple):
    line: int
    reason: str
    value: str

    def __str__(self):
        return f"line {self.line}: {self.reason}" + (f": {quoted(self.value)!r}" if self.value else "")


@dataclass(frozen=True, slots=True)
class Row:
    line: int = field(compare=False)  # in the file, the header being line 1
    customer: str
    invoice: str
    invoice_date: datetime.date
    due_date: datetime.date
    amount: Decimal  # VAT included, in the currency's own decimals; negative for a credit note
    currency: str
    country: str = ""  # ISO 3166 alpha-2, or not given
    settled_date: datetime.date | None = None
    settled_amount: Decimal = NOTHING
    disputed: bool = False


def read_ledger(path, date_format=None, *, progress=None, **known):
    """``(rows, errors)`` of the file at ``path``, both in the order of the file.

    ``date_format`` is a strptime format, guessed without. ``known`` may have ``currencies``, a map of ISO
    codes to their decimals, ``countries``, a map of names in any language to ISO alpha-2 codes,
    ``default_currency``, and what :func:`scan_ledger` takes. ``progress(rows)`` is called every thousand rows.
    """
    rows, errors = [], []
    with _uncollected():
        for found in scan_ledger(path, date_format, **known):
            (rows if isinstance(found, Row) else errors).append(found)
            if progress and isinstance(found, Row) and not len(rows) % LOOKED_AT:
                progress(len(rows))
    return rows, errors


@contextmanager
def _uncollected():
    """Rows hold no cycles; looking for some among a million takes as long as reading them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def scan_ledger(path, date_format=None, *, tell=None, has_payments=False, **known):
    """The same as a stream: every ``Row`` and ``RowError`` as it is met.

    ``tell(what)`` is called with what was guessed: the columns, the form of dates, and rows that are totals. Where
    the file ``has_payments`` beside it, those say what is open.
    """
    check_date_format(date_format)
    with opened(Path(path), COLUMNS, REQUIRED) as table:
        check_header(path, table.header, COLUMNS, REQUIRED)
        give_up_country(table, country_reader(known.get("countries") or {}))
        give_up_kind(table)
        if has_payments:
            table.give_up("open_amount")
        guessed = guess(table, date_format, DATES, tell)
        reader = _RowReader(table, guessed, **known)
        spelled = {}
        for line, record in without_totals(table, ("customer", "invoice"), DATES, tell):
            for found in reader.read(line, record):
                if tell and isinstance(found, Row):
                    _tell_spelling(found.customer, spelled, tell)
                yield found


def _tell_spelling(customer, spelled, tell):
    """Tell of a name that differs from another one by case, accents, spaces and marks only; it may be somebody else."""
    if customer in spelled:
        return
    spelled[customer] = True
    bare = ("".join(filter(str.isalnum, folded(customer))),)  # no name of a customer is one
    first = spelled.setdefault(bare, customer)
    if first != customer:
        tell({customer: f"another customer than “{quoted(first)}”, read as two"})


# -- rows --------------------------------------------------------------------------------


class _Cells(dict):
    """One row's texts by column, and what was found wrong with them."""

    __slots__ = ("faults",)

    def __init__(self, texts):
        super().__init__(zip(COLUMNS, texts, strict=True))
        self.faults = []

    def read(self, column, how, *more):
        try:
            return how(self[column], *more)
        except UnreadableError as reason:
            return self.refuse(column, str(reason))

    def read_if_given(self, column, how, *more):
        return self.read(column, how, *more) if self[column] else None

    def refuse(self, column, reason):
        self.faults.append((f"{column} {reason}", self[column]))


class _RowReader:
    """Turns cells into a ``Row``, or into all that is wrong with them."""

    def __init__(self, table, guessed, currencies=CURRENCIES, countries=None, default_currency="EUR"):
        header = table.header
        self._width = len(header)
        # Columns the file lacks are read from one more cell, which is always empty.
        self._pick = itemgetter(*(header.index(name) if name in header else self._width for name in COLUMNS))
        self._date = date_reader(guessed.date_format)
        self._mark = guessed.mark
        self._heading_currency = table.currency
        self._country = country_reader(countries or {})
        self._currencies = currencies
        self._has_side = "side" in header
        self._default_currency = table.currency or default_currency
        self._seen = {}

    def read(self, line, record):
        if isinstance(record, csv.Error):
            return [RowError(line, f"row cannot be read ({record})", "")]
        surplus = "".join(record[self._width :]).strip()
        if surplus:
            return [RowError(line, "row has more cells than the header", surplus)]
        padding = [""] * (self._width + 1 - len(record))
        cells = _Cells(map(str.strip, self._pick(record + padding)))
        row = self._row(line, cells)
        return [RowError(line, *fault) for fault in cells.faults] or [row]

    def _row(self, line, cells):
        """The row, meaningless when ``cells`` end with faults."""
        customer = cells.read("customer", read_text)
        invoice = cells.read("invoice", read_text)
        invoice_date, due_date = self._terms(cells)
        currency = cells.read("currency", self._currency)
        decimals = self._currencies.get(currency, MOST_DECIMALS)
        for column in AMOUNTS:
            cells[column] = without_mark(cells[column], currency)
        amount = self._amount(cells, decimals)
        country = cells.read("country", self._country)
        self._place(
            line, cells, invoice, (customer, invoice_date, currency, bool(amount and amount < 0)), due_date
        )
        settled_date, settled_amount = self._settlement(cells, invoice_date, amount, decimals)
        disputed = cells.read("disputed", read_truth)
        about = (customer, invoice, invoice_date, due_date, amount, currency, country)
        return Row(line, *about, settled_date, settled_amount, disputed)

    def _place(self, line, cells, number, about, due_date):
        """An invoice has a row for each of its due dates."""
        if not number:
            return
        first, known, lines = self._seen.setdefault(number, (line, about, {}))
        if due_date in lines:
            cells.refuse("invoice", f"is already on line {lines[due_date]}")
        elif known != about:
            cells.refuse("invoice", f"has another customer, date, currency or sign on line {first}")
        lines.setdefault(due_date, line)

    def _terms(self, cells):
        invoiced = cells.read("invoice_date", self._date)
        due = cells.read("due_date", self._date)
        if invoiced and due and due < invoiced:
            cells.refuse("due_date", f"is before invoice_date {invoiced}")
        return invoiced, due

    def _currency(self, text):
        code = currency_of(text) or self._default_currency
        if code not in self._currencies:
            raise UnreadableError("is not a known currency")
        if self._heading_currency not in ("", code):
            raise UnreadableError(f"is not {self._heading_currency}, which the heading of the amounts says")
        return code

    def _amount(self, cells, decimals):
        """Below zero for what the file calls a credit note, or has on the other side."""
        amount = cells.read("amount", read_signed, decimals, self._mark)
        if self._has_side and cells.read("side", read_side) == "credit" and amount:
            amount = -amount
        if not cells["kind"]:
            return amount
        kind = document_kind(cells["kind"])
        if kind == "payment":
            cells.refuse("kind", "is a payment, which belongs into the file of payments")
        elif not kind:
            cells.refuse("kind", "is neither invoice nor credit note")
        return -abs(amount) if amount and kind == "credit" else amount

    def _settlement(self, cells, invoiced, amount, decimals):
        """A date alone settles the whole amount; zero without a date settles nothing."""
        left = self._left(cells, amount, decimals)
        if not cells["settled_date"] and not cells["settled_amount"]:
            return None, NOTHING
        day = cells.read_if_given("settled_date", self._date)
        how = read_signed if amount and amount < 0 and _is_signed(cells["settled_amount"]) else read_amount
        paid = cells.read_if_given("settled_amount", how, decimals, self._mark)
        if day and invoiced and day < invoiced:
            cells.refuse("settled_date", f"is before invoice_date {invoiced}")
        if paid and amount:
            paid = paid.copy_sign(amount)
        if paid and amount and abs(paid) > abs(amount):
            cells.refuse("settled_amount", f"is more than the amount {amount}")
        if paid and not cells["settled_date"]:
            cells.refuse("settled_date", f"is missing for the settled_amount {paid}")
        if paid == 0 and cells["settled_date"]:
            cells.refuse("settled_amount", "is zero although settled_date is given")
        if day and not cells["settled_amount"]:
            paid = amount
        if left is not None and paid is not None and abs(paid) + left != abs(amount):
            cells.refuse("open_amount", f"and settled_amount {abs(paid)} are not the amount {amount}")
        return day, paid or NOTHING

    def _left(self, cells, amount, decimals):
        """What is open by the file, without its sign; what is not was settled, where it does not say how much was."""
        if not cells["open_amount"] or not amount:
            return None
        left = cells.read("open_amount", _read_zero_too, decimals, self._mark)
        if left is None:
            return None
        if left > abs(amount):
            cells.refuse("open_amount", f"is more than the amount {amount}")
            return None
        paid = abs(amount) - left
        if paid and not (cells["settled_amount"] or cells["settled_date"]):
            cells.refuse("settled_date", f"is missing for the {paid} that are no longer open")
        elif cells["settled_date"] and not cells["settled_amount"]:
            cells["settled_amount"] = f"{paid:f}"
        return left


def _read_zero_too(text, decimals, mark):
    """An amount of either sign, without it."""
    return abs(read_signed(text, decimals, mark)) if _is_signed(text) else read_amount(text, decimals, mark)


def _is_signed(text):
    return text.startswith(BELOW_ZERO)
