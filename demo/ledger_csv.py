"""Bring your own ledger: a table of invoices as CSV, read in one pass, every bad row named.

Nothing here knows Odoo: currencies and countries are passed in, the ISO lists serve without.
A fault of the file itself (no header, a missing column, not UTF-8) raises
``LedgerFileError``; the faults of its rows are returned, each with its line.
"""

import csv
import datetime
import gc
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from random import Random
from typing import NamedTuple

from .cells import (
    MOST_DECIMALS,
    LedgerFileError,
    UnreadableError,
    country_reader,
    date_reader,
    read_amount,
    read_positive,
    read_text,
    read_truth,
)
from .iso_codes import CURRENCIES

REQUIRED = ("customer", "invoice", "invoice_date", "due_date", "amount")
OPTIONAL = ("currency", "country", "settled_date", "settled_amount", "disputed")
COLUMNS = REQUIRED + OPTIONAL
NOTHING = Decimal(0)
DELIMITERS = ",;\t"


class RowError(NamedTuple):
    line: int
    reason: str
    value: str

    def __str__(self):
        return f"line {self.line}: {self.reason}" + (f": {self.value!r}" if self.value else "")


@dataclass(frozen=True, slots=True)
class Row:
    line: int = field(compare=False)  # in the file, the header being line 1
    customer: str
    invoice: str
    invoice_date: datetime.date
    due_date: datetime.date
    amount: Decimal  # VAT included, in the currency's own decimals
    currency: str
    country: str = ""  # ISO 3166 alpha-2, or not given
    settled_date: datetime.date | None = None
    settled_amount: Decimal = NOTHING
    disputed: bool = False


def read_ledger(path, date_format=None, *, currencies=CURRENCIES, countries=None, default_currency="EUR"):
    """``(rows, errors)`` of the CSV file at ``path``, both in the order of the file.

    ``date_format`` is a strptime format, ISO dates without. ``currencies`` maps ISO codes to
    their decimals, ``countries`` maps names in any language to ISO alpha-2 codes.
    """
    rows, errors = [], []
    options = {"currencies": currencies, "countries": countries, "default_currency": default_currency}
    with _uncollected():
        for found in scan_ledger(path, date_format, **options):
            (rows if isinstance(found, Row) else errors).append(found)
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


def scan_ledger(path, date_format=None, *, currencies=CURRENCIES, countries=None, default_currency="EUR"):
    """The same as a stream: every ``Row`` and ``RowError`` as it is met."""
    read_date, read_country = date_reader(date_format), country_reader(countries or {})
    with open(path, encoding="utf-8-sig", newline="") as stream:
        try:
            records, header = _open_table(path, stream)
            reader = _RowReader(header, read_date, read_country, currencies, default_currency)
            for line, record in _records(records):
                yield from reader.read(line, record)
        except UnicodeDecodeError as error:
            raise LedgerFileError(f"{path}: not UTF-8 text, save it as CSV UTF-8") from error


# -- the table ---------------------------------------------------------------------------


def _open_table(path, stream):
    """A CSV reader behind its header, and the header's names."""
    first = stream.readline()
    if not first.strip():
        raise LedgerFileError(f"{path}: empty, a header line is expected")
    delimiter = max(DELIMITERS, key=lambda mark: len(set(COLUMNS) & set(_names(first.split(mark)))))
    records = csv.reader(chain([first], stream), delimiter=delimiter, strict=True)
    try:
        header = _names(next(records))
    except csv.Error as error:
        raise LedgerFileError(f"{path}: unreadable header ({error})") from error
    _check_header(path, header)
    return records, header


def _names(cells):
    """Header cells as column names: case, spaces and the mark between words do not matter."""
    known = {name.replace("_", ""): name for name in COLUMNS}
    plain = (re.sub(r"[\s_\-\"]", "", cell).lower() for cell in cells)
    return [known.get(name, name) for name in plain]


def _check_header(path, header):
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise LedgerFileError(f"{path}: missing column {', '.join(missing)} (found: {', '.join(header)})")
    twice = sorted(name for name in COLUMNS if header.count(name) > 1)
    if twice:
        raise LedgerFileError(f"{path}: column {', '.join(twice)} is there twice")


def _records(reader):
    """``(line, cells)`` of each record that is not blank, or ``(line, error)``; line is its first."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
            continue
        if any(cells):
            yield line, cells


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

    def __init__(self, header, read_date, read_country, currencies, default_currency):
        self._width = len(header)
        # Columns the file lacks are read from one more cell, which is always empty.
        self._pick = itemgetter(*(header.index(name) if name in header else self._width for name in COLUMNS))
        self._date = read_date
        self._country = read_country
        self._currencies = currencies
        self._default_currency = default_currency
        self._line_of = {}

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
        invoice = self._invoice(line, cells)
        invoice_date, due_date = self._terms(cells)
        currency = cells.read("currency", self._currency)
        decimals = self._currencies.get(currency, MOST_DECIMALS)
        amount = cells.read("amount", read_positive, decimals)
        country = cells.read("country", self._country)
        settled_date, settled_amount = self._settlement(cells, invoice_date, amount, decimals)
        disputed = cells.read("disputed", read_truth)
        about = (customer, invoice, invoice_date, due_date, amount, currency, country)
        return Row(line, *about, settled_date, settled_amount, disputed)

    def _invoice(self, line, cells):
        number = cells.read("invoice", read_text)
        if number:
            first = self._line_of.setdefault(number, line)
            if first != line:
                cells.refuse("invoice", f"is already on line {first}")
        return number

    def _terms(self, cells):
        invoiced = cells.read("invoice_date", self._date)
        due = cells.read("due_date", self._date)
        if invoiced and due and due < invoiced:
            cells.refuse("due_date", f"is before invoice_date {invoiced}")
        return invoiced, due

    def _currency(self, text):
        code = text.upper() or self._default_currency
        if code not in self._currencies:
            raise UnreadableError("is not a known currency")
        return code

    def _settlement(self, cells, invoiced, amount, decimals):
        """A date alone settles the whole amount; zero without a date settles nothing."""
        if not cells["settled_date"] and not cells["settled_amount"]:
            return None, NOTHING
        day = cells.read_if_given("settled_date", self._date)
        paid = cells.read_if_given("settled_amount", read_amount, decimals)
        if day and invoiced and day < invoiced:
            cells.refuse("settled_date", f"is before invoice_date {invoiced}")
        if paid and amount and paid > amount:
            cells.refuse("settled_amount", f"is more than the amount {amount}")
        if paid and not cells["settled_date"]:
            cells.refuse("settled_date", f"is missing for the settled_amount {paid}")
        if paid == 0 and cells["settled_date"]:
            cells.refuse("settled_amount", "is zero although settled_date is given")
        if day and not cells["settled_amount"]:
            paid = amount
        return day, paid or NOTHING


# -- writing -----------------------------------------------------------------------------

SAMPLE_DATE = datetime.date(2026, 6, 30)
SAMPLE_DAYS = 540
_PAID, _HALF_PAID, _DISPUTED = 80, 88, 97  # percent of invoices
_TRADES = ("Brasserie", "Hôtel", "Boulangerie", "Traiteur", "Restaurant", "Auberge", "Clinique", "Camping")
_NAMES = (
    "Aubrac", "Belcastel", "Corbelin", "Dourgne", "Estaing", "Fontvieille", "Gavarnie", "Hautefort",
    "Issigeac", "Jumièges", "Kersaint", "Lavardin", "Mirepoix", "Najac", "Olargues", "Penne, \"Le Vieux\"",
)  # fmt: skip


def write_ledger(path, rows, delimiter=","):
    """``rows`` as a file that ``read_ledger`` gives back."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(COLUMNS)
        writer.writerows([_written(getattr(row, name)) for name in COLUMNS] for row in rows)


def _written(value):
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Decimal):
        return f"{value:f}" if value else ""
    return "" if value is None else str(value)


def write_sample(path, rows, seed, date=SAMPLE_DATE):
    """A believable file of ``rows`` invoices in euros up to ``date``, the same for the same seed."""
    rng = Random(seed)  # noqa: S311 (invented invoices, not secrets)
    write_ledger(path, (_sample_row(rng, index, rows, date) for index in range(rows)))


def _sample_row(rng, index, rows, date):
    customer = rng.randrange(rows // 15 + 1)
    trade, name = _TRADES[customer % len(_TRADES)], _NAMES[customer // len(_TRADES) % len(_NAMES)]
    invoiced = date - datetime.timedelta(days=SAMPLE_DAYS - SAMPLE_DAYS * index // rows)
    due = invoiced + datetime.timedelta(days=rng.choice((30, 30, 45, 60)))
    amount = Decimal(rng.randint(1_500, 900_000)).scaleb(-2)
    settled = due + datetime.timedelta(days=rng.randint(-10, 60))
    lot = rng.randrange(100)
    paid = NOTHING
    if settled <= date and lot < _HALF_PAID:
        paid = amount if lot < _PAID else (amount / 2).quantize(Decimal("0.01"))
    return Row(
        line=index + 2,
        customer=f"{trade} {name} {customer + 1}",
        invoice=f"F{invoiced.year}-{index + 1:06}",
        invoice_date=invoiced,
        due_date=due,
        amount=amount,
        currency="EUR",
        country=("FR", "FR", "FR", "BE", "DE")[customer % 5],
        settled_date=settled if paid else None,
        settled_amount=paid,
        disputed=not paid and lot >= _DISPUTED,
    )
