"""Tables from files people send: CSV in any usual dialect, or the first sheet of an Excel workbook.

A cell is text, stripped; an empty one is the empty text. Columns go by their header,
whatever its case and spaces.
"""

import csv
import io
import re
from datetime import date as Date  # noqa: N812 (columns are called date)
from datetime import datetime
from decimal import Decimal
from zipfile import BadZipFile

from .errors import KernelError
from .money import to_decimal

# Every code raised here, with the names of its figures.
CODES = {
    "table_empty": (),  # no header, or nothing below it
    "table_unreadable": (),  # neither text in a usual encoding nor a workbook
    "table_too_long": ("maximum",),
    "columns_unknown": ("columns", "known"),
    "columns_missing": ("columns",),
    "column_twice": ("columns",),
    "cell_not_a_figure": ("row", "column", "value"),
    "cell_not_a_date": ("row", "column", "value"),
    "cell_missing": ("row", "column"),
}

MAX_ROWS = 200_000
ENCODINGS = ("utf-8-sig", "cp1252")
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
_WORKBOOK = b"PK\x03\x04"


def read_table(content, required, optional=()):
    """Return the rows of a file as pairs of their number in it and a dict by column.

    :param content: the file's bytes
    :param required: columns that have to be there
    :param optional: columns that may be; any other is refused
    """
    lines = _workbook_lines(content) if content.startswith(_WORKBOOK) else _csv_lines(content)
    numbered = [(number, line) for number, line in enumerate(lines, 1) if any(line)]
    if len(numbered) < 2:  # noqa: PLR2004 (a header and a row)
        raise KernelError("table_empty")
    if len(numbered) > MAX_ROWS:
        raise KernelError("table_too_long", maximum=MAX_ROWS)
    columns = _columns(numbered[0][1], required, optional)
    return [
        (number, {column: line[index] if index < len(line) else "" for index, column in columns})
        for number, line in numbered[1:]
    ]


def read_figure(row, column, text):
    """Return the Decimal a cell stands for, ``None`` for an empty one.

    Thousands may be apart by a space, and by a point or comma where decimals follow the other mark.
    """
    if not text:
        return None
    plain = re.sub(r"[\s\u00a0\u202f']", "", text)
    if "," in plain and "." in plain:
        thousands = "," if plain.rindex(".") > plain.rindex(",") else "."
        plain = plain.replace(thousands, "")
    try:
        return to_decimal(plain.replace(",", "."))
    except KernelError:
        raise KernelError("cell_not_a_figure", row=row, column=column, value=text) from None


def read_date(row, column, text):
    """Return the day a cell stands for, ``None`` for an empty one; days come before months."""
    if not text:
        return None
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise KernelError("cell_not_a_date", row=row, column=column, value=text)


def _columns(header, required, optional):
    names = [re.sub(r"[\s-]+", "_", name.strip().lower()) for name in header]
    known = (*required, *optional)
    present = [name for name in names if name]
    if unknown := [name for name in present if name not in known]:
        raise KernelError("columns_unknown", columns=tuple(unknown), known=known)
    if missing := [name for name in required if name not in present]:
        raise KernelError("columns_missing", columns=tuple(missing))
    if twice := [name for name in known if present.count(name) > 1]:
        raise KernelError("column_twice", columns=tuple(twice))
    return [(index, name) for index, name in enumerate(names) if name]


def _csv_lines(content):
    text = _decoded(content)
    header = text.lstrip().partition("\n")[0]
    separator = max(";,\t", key=header.count)
    return [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), delimiter=separator)]


def _decoded(content):
    if b"\0" in content:
        raise KernelError("table_unreadable")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KernelError("table_unreadable")


def _workbook_lines(content):
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [[_cell(value) for value in line] for line in book.worksheets[0].iter_rows(values_only=True)]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError):
        raise KernelError("table_unreadable") from None


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, (Date, datetime)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        # A number of a register may have been read as 123456789.0.
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value).strip()
