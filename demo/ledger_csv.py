"""Bring your own ledger: a table of invoices as CSV or Excel, read in one pass, every bad row named.

A row is an invoice, or one due date of an invoice that has several; a negative amount is a credit note.

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
from random import Random
from typing import NamedTuple

from .cells import (
    MOST_DECIMALS,
    LedgerFileError,
    UnreadableError,
    country_reader,
    date_reader,
    likely_date_format,
    quoted,
    read_amount,
    read_signed,
    read_text,
    read_truth,
    serial_day,
    without_mark,
)
from .iso_codes import CURRENCIES
from .tables import is_total, opened

REQUIRED = ("customer", "invoice", "invoice_date", "due_date", "amount")
OPTIONAL = ("currency", "country", "settled_date", "settled_amount", "disputed")
COLUMNS = REQUIRED + OPTIONAL
NOTHING = Decimal(0)
MINUS = ("-", "\u2212", "(")
DATES = ("invoice_date", "due_date", "settled_date")
#: Rows from which the form of dates is guessed.
LOOKED_AT = 1000


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


def read_ledger(path, date_format=None, *, tell=None, progress=None, **known):
    """``(rows, errors)`` of the file at ``path``, both in the order of the file.

    ``date_format`` is a strptime format, guessed without. ``known`` may have ``currencies``, a map of ISO
    codes to their decimals, ``countries``, a map of names in any language to ISO alpha-2 codes, and
    ``default_currency``. ``progress(rows)`` is called every thousand rows.
    """
    rows, errors = [], []
    with _uncollected():
        for found in scan_ledger(path, date_format, tell=tell, **known):
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


def scan_ledger(path, date_format=None, *, tell=None, **known):
    """The same as a stream: every ``Row`` and ``RowError`` as it is met.

    ``tell(what)`` is called with what was guessed: the columns, the form of dates, and rows that are totals.
    """
    check_date_format(date_format)
    with opened(Path(path), COLUMNS, REQUIRED) as table:
        check_header(path, table.header, COLUMNS, REQUIRED)
        _give_up_country(table, country_reader(known.get("countries") or {}))
        records, form = guessed_dates(table, date_format, DATES, tell)
        reader = _RowReader(table.header, form, **known)
        for line, record in without_totals(table.header, records, ("customer", "invoice"), DATES, tell):
            yield from reader.read(line, record)


# -- the table ---------------------------------------------------------------------------


def check_date_format(date_format):
    """Refuse a form of dates that names no day, before the file is looked at."""
    if date_format is not None:
        date_reader(date_format)


def check_header(path, header, columns, required):
    """Refuse a header that lacks a column or has one twice."""
    missing = [name for name in required if name not in header]
    if missing:
        raise LedgerFileError(
            f"{path}: missing column {', '.join(missing)} (found: {quoted(', '.join(header))})"
        )
    twice = sorted(name for name in columns if header.count(name) > 1)
    if twice:
        raise LedgerFileError(f"{path}: column {', '.join(twice)} is there twice")


def guessed_dates(table, date_format, columns, tell=None):
    """The records, and the form that most of the first dates have; None for ISO. Tells what was guessed."""
    first = table.first(LOOKED_AT)
    texts = set().union(*(table.texts(name, first) for name in columns))
    numbers = sorted(text for text in texts if serial_day(text))
    form = date_format or likely_date_format(texts)
    if tell:
        guessed = {"dates": form} if form and not date_format else {}
        tell({**table.guessed, **guessed, **{number: str(serial_day(number)) for number in numbers[:1]}})
    return table.records, form


def _give_up_country(table, read):
    """A column that was only guessed to be the country, and names none, holds codes of somebody's own."""
    texts = table.texts("country", table.first(LOOKED_AT))
    if texts and not any(_is_read(read, text) for text in texts):
        table.give_up("country")


def _is_read(read, text):
    try:
        read(text)
    except UnreadableError:
        return False
    return True


def without_totals(header, records, names, days, tell=None):
    """The records but for those that add others up, each of which is told."""
    for line, record in records:
        if not isinstance(record, csv.Error) and is_total(header, record, names, days):
            if tell:
                tell({f"line {line}": "a total, left out"})
            continue
        yield line, record


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

    def __init__(self, header, date_format, currencies=CURRENCIES, countries=None, default_currency="EUR"):
        self._width = len(header)
        # Columns the file lacks are read from one more cell, which is always empty.
        self._pick = itemgetter(*(header.index(name) if name in header else self._width for name in COLUMNS))
        self._date = date_reader(date_format)
        self._country = country_reader(countries or {})
        self._currencies = currencies
        self._default_currency = default_currency
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
        for column in ("amount", "settled_amount"):
            cells[column] = without_mark(cells[column], currency)
        amount = cells.read("amount", read_signed, decimals)
        country = cells.read("country", self._country)
        self._place(line, cells, invoice, (customer, invoice_date, currency), due_date)
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
            cells.refuse("invoice", f"has another customer, date or currency on line {first}")
        lines.setdefault(due_date, line)

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
        how = read_signed if amount and amount < 0 and cells["settled_amount"][:1] in MINUS else read_amount
        paid = cells.read_if_given("settled_amount", how, decimals)
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
