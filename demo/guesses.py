"""What is guessed of a table before its rows are read: the form of days, the mark in amounts, what columns hold.

Everything guessed is told, and what could be meant otherwise is told as such.
"""

import csv
from typing import NamedTuple

from .cells import (
    MOST_DECIMALS,
    LedgerFileError,
    UnreadableError,
    decimal_mark,
    quoted,
    read_amount,
    read_signed,
)
from .days import date_reader, likely_date_formats, serial_day
from .headings import document_kind
from .sides import TAKEN_OFF, read_side
from .tables import is_header, is_total, lone_text

UNCOMPUTED = (
    "no program has computed the formula in “%s” yet: open the file in Excel or LibreOffice and save it"
)
#: Rows that are looked at.
LOOKED_AT = 1000
AMOUNTS = ("amount", "settled_amount", "open_amount")
TERMS = ("invoice_date", "due_date")


class Guess(NamedTuple):
    date_format: str | None  # None for ISO
    mark: str | None  # before decimals, None where nothing tells


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


def guess(table, date_format, columns, tell=None, preferred=None):
    """The :class:`Guess` of what most of the first rows have, days being in ``columns``. Tells it.

    ``preferred`` is the form of days to take where others would do as well.
    """
    first = table.first(LOOKED_AT)
    days = sorted(set().union(*(table.texts(name, first) for name in columns)))
    figures = sorted(set().union(*(table.texts(name, first) for name in AMOUNTS)))
    forms = [date_format] if date_format else likely_date_formats(days, _terms(table, first), preferred)
    mark = decimal_mark(figures) if table.is_text else None
    _give_up_open(table, first, mark)
    _give_up_side(table, first, mark)
    if tell:
        form = {"dates": forms[0]} if forms[0] and not date_format else {}
        numbers = {day: str(serial_day(day)) for day in days if serial_day(day)}
        tell({**table.guessed, **form, **dict([*numbers.items()][:1])})
        tell({**_read_otherwise(days, forms), **_decided(figures, mark)})
    return Guess(forms[0], mark)


def _terms(table, records):
    """Pairs of an invoice's day and its due date, as they are written."""
    if not set(TERMS) <= set(table.header):
        return []
    first, last = map(table.header.index, TERMS)
    return [(row[first].strip(), row[last].strip()) for row in records if len(row) > max(first, last)]


def _read_otherwise(days, forms):
    """The first day that another form makes another of."""
    for form in forms[1:]:
        for text in days:
            day, other = (_or_none(date_reader(each), text) for each in (forms[0], form))
            if day and other and day != other:
                return {text: f"{day}, where {other} would be possible (DATE_FORMAT={form})"}
    return {}


def _decided(figures, mark):
    """The first amount that only the mark in others decides."""
    for text in figures:
        if mark and not _or_none(read_amount, text.lstrip("-"), MOST_DECIMALS - 1):
            value = _or_none(read_amount, text.lstrip("-"), MOST_DECIMALS - 1, mark)
            if value is not None:
                return {text: f"{value}, the others having “{mark}” before their decimals"}
    return {}


def _or_none(read, *words):
    try:
        return read(*words)
    except UnreadableError:
        return None


# -- columns that were only guessed ------------------------------------------------------


def give_up_country(table, read):
    """A column that was taken for the country, and names none, holds codes of somebody's own."""
    texts = table.texts("country", table.first(LOOKED_AT))
    if texts and not any(_or_none(read, text) for text in texts):
        table.give_up("country")


def give_up_kind(table):
    """A column that was taken for the kind of document, and names none, holds a kind of something else."""
    texts = table.texts("kind", table.first(LOOKED_AT))
    if texts and not any(map(document_kind, texts)):
        table.give_up("kind")


def _give_up_open(table, records, mark):
    """A column that was taken for what is left of the amounts, and is more than they are, is a balance."""
    if not {"amount", "open_amount"} <= set(table.header):
        return
    whole, left = (table.header.index(name) for name in ("amount", "open_amount"))
    for row in records:
        if len(row) > max(whole, left):
            amount, open_amount = (
                _or_none(read_signed, row[place], MOST_DECIMALS, mark) for place in (whole, left)
            )
            if amount and open_amount and abs(open_amount) > abs(amount):
                table.give_up("open_amount")
                return


def _give_up_side(table, records, mark):
    """A column that was taken for the side of amounts, and names none, or what their signs or columns say already."""
    if "side" not in table.header:
        return
    amount, side = (table.header.index(name) for name in ("amount", "side"))
    told = [
        (
            _or_none(read_signed, row[amount].strip(), MOST_DECIMALS, mark),
            _or_none(read_side, row[side].strip()),
        )
        for row in records
        if len(row) > max(amount, side)
    ]
    known = [(value < 0, word != table.adding) for value, word in told if value and word]
    is_said = any(below for below, _other in known) and all(below == other for below, other in known)
    if TAKEN_OFF in table.header or is_said or not any(word for _value, word in told):
        table.give_up("side")


def without_totals(table, names, days, tell=None):
    """The records but for those that are none: totals, pages' headers, lines of text; each is told."""
    for line, record in table.records:
        why = None if isinstance(record, csv.Error) else _left_out(table, record, names, days)
        if not why:
            heading = None if isinstance(record, csv.Error) else table.uncomputed(record)
            yield line, csv.Error(UNCOMPUTED % heading) if heading else record
        elif tell:
            tell({f"line {line}": f"{why}, left out"})


def _left_out(table, record, names, days):
    if is_header(table, record):
        return "the header again"
    if text := lone_text(table.header, record):
        return f"nothing but “{quoted(text)}”"
    return "a total" if is_total(table.header, record, names, days) else None
