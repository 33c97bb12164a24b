"""Rows written as delimited text for somebody else's program: no cell of it is taken for a formula by Excel."""

import csv
import io
from datetime import date as Date  # noqa: N812 (columns are called date)
from decimal import Decimal

from .text import one_line

ENCODINGS = ("utf-8-sig", "utf-8", "cp1252")
#: What a spreadsheet reads as the beginning of a formula; an East Asian one reads the wide signs, too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def inert(text):
    """Return ``text`` on one line, with an apostrophe before it where a spreadsheet would read a formula."""
    line = one_line(text)
    return f"'{line}" if line.startswith(FORMULA) else line


def write_rows(rows, separator=";", encoding="utf-8-sig", decimal_mark=",", date_format="%d/%m/%Y"):
    """Return ``rows`` (their first the headers) as bytes.

    Text is made :func:`inert`; a Decimal is written with all its decimals and ``decimal_mark``, a date by
    ``date_format``, nothing as an empty cell. What the encoding does not know is written as "?".
    """

    def cell(value):
        if isinstance(value, Decimal):
            return f"{value:f}".replace(".", decimal_mark)
        if isinstance(value, Date):
            return value.strftime(date_format)
        return inert(value)

    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode(encoding, "replace")
