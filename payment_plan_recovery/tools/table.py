"""Tables from files people send: CSV in any usual dialect, or the first sheet of an Excel workbook with the columns.

A cell is text, stripped; an empty one is the empty text. Columns go by their header,
whatever its case and spaces.

What a file may weigh is checked before it is read: a workbook is an archive, and a small one may hold a large table.
"""

import csv
import io
import re
import zlib
from collections import Counter
from datetime import date as Date  # noqa: N812 (columns are called date)
from datetime import datetime
from decimal import Decimal
from unicodedata import combining, normalize
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .errors import KernelError
from .money import to_decimal

# Every code raised here, with the names of its figures.
CODES = {
    "table_empty": (),  # no header, or nothing below it
    "table_unreadable": (),  # neither text in a usual encoding nor a workbook
    "table_too_long": ("maximum",),
    "table_too_wide": ("maximum",),
    "file_too_large": ("maximum",),  # in megabytes
    "archive_too_large": ("maximum",),  # what it unpacks to, in megabytes
    "cell_too_long": ("row", "maximum"),
    "columns_unknown": ("columns", "known"),
    "columns_missing": ("columns",),
    "column_twice": ("columns",),
    "cell_not_a_figure": ("row", "column", "value"),
    "cell_not_a_date": ("row", "column", "value"),
    "cell_year_out_of_range": ("row", "column", "value", "first", "last"),
    "cell_missing": ("row", "column"),
}

MAX_ROWS = 200_000
MAX_COLUMNS = 200
#: Characters of a cell; Excel takes 32,767.
MAX_CELL = 10_000
#: Lines among which a sheet's header is looked for: empty ones may stand above it.
HEADER_WITHIN = 20
MEGABYTE = 1024 * 1024
MAX_BYTES = 30 * MEGABYTE
#: What a workbook may unpack to, and of how many members.
MAX_UNPACKED = 300 * MEGABYTE
MAX_MEMBERS = 1_000
#: Tags in all members of a workbook together: four a cell. What reads them takes ten seconds for a million.
MAX_TAGS = 6_000_000
#: Years of the days a file may speak of.
FIRST_YEAR, LAST_YEAR = 1900, 2200
ENCODINGS = ("utf-8-sig", "cp1252")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
#: What reading an archive that is damaged, encrypted or no workbook raises.
UNREADABLE = (
    *(BadZipFile, zlib.error, OSError, EOFError, InvalidFileException),
    *(SyntaxError, LookupError, TypeError, ValueError, RuntimeError),
)
_WORKBOOK = b"PK\x03\x04"


def read_table(content, required, optional=(), called=None):
    """Return the rows of a file as pairs of their number in it and a dict by column.

    :param content: the file's bytes
    :param required: columns that have to be there
    :param optional: columns that may be; any other is refused
    :param called: {column: another name by which a file may call it}, in any case, and without accents, signs and
        what stands in parentheses where that leaves no doubt
    """
    if len(content) > MAX_BYTES:
        raise KernelError("file_too_large", maximum=MAX_BYTES // MEGABYTE)
    named = required, optional, called or {}
    lines = _workbook_lines(content, named) if content.startswith(_WORKBOOK) else _csv_lines(content)
    numbered = [(number, line) for number, line in enumerate(_within_limits(lines), 1) if any(line)]
    if len(numbered) < 2:  # noqa: PLR2004 (a header and a row)
        raise KernelError("table_empty")
    columns = _columns(numbered[0][1], *named)
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
            day = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise KernelError(
                "cell_year_out_of_range", row=row, column=column, value=text, first=FIRST_YEAR, last=LAST_YEAR
            )
        return day
    raise KernelError("cell_not_a_date", row=row, column=column, value=text)


def _heading(name):
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _loosely(name):
    """Return a heading as somebody may type it: without accents, signs and what stands in parentheses."""
    plain = "".join(sign for sign in normalize("NFKD", name.lower()) if not combining(sign))
    return "_".join(re.findall(r"\w+", re.sub(r"\([^)]*\)", "", plain)))


def _columns(header, required, optional, called):
    known = (*required, *optional)
    also = {
        name: column for column in known if column in called for name in (_heading(called[column]), column)
    }
    loosely = Counter(_loosely(called[column]) for column in known if column in called)
    guessed = {
        name: column
        for column in known
        if column in called and loosely[name := _loosely(called[column])] == 1
    }
    names = [
        also.get(name) or guessed.get(_loosely(told), name)
        for told, name in zip(header, map(_heading, header), strict=True)
    ]
    present = [name for name in names if name]
    if unknown := [name for name in present if name not in known]:
        raise KernelError("columns_unknown", columns=tuple(unknown), known=known)
    if missing := [name for name in required if name not in present]:
        raise KernelError("columns_missing", columns=tuple(missing))
    if twice := [name for name in known if present.count(name) > 1]:
        raise KernelError("column_twice", columns=tuple(twice))
    return [(index, name) for index, name in enumerate(names) if name]


def _within_limits(lines):
    """Yield the lines, read one by one, up to what a table may hold."""
    filled = 0
    for number, line in enumerate(lines, 1):
        filled += any(line)
        # Empty rows count as well, though they may be more: a workbook can be nothing but those.
        if filled > MAX_ROWS or number > 2 * MAX_ROWS:
            raise KernelError("table_too_long", maximum=MAX_ROWS)
        if len(line) > MAX_COLUMNS and any(line[MAX_COLUMNS:]):
            raise KernelError("table_too_wide", maximum=MAX_COLUMNS)
        if any(len(cell) > MAX_CELL for cell in line):
            raise KernelError("cell_too_long", row=number, maximum=MAX_CELL)
        yield line[:MAX_COLUMNS]


def _csv_lines(content):
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    header = text.lstrip().partition("\n")[0]
    separator = max(";,\t", key=header.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for line in reader:
            yield [cell.strip() for cell in line]
    except csv.Error:  # a cell beyond what the reader takes, a quotation mark that is never closed for one
        raise KernelError("cell_too_long", row=reader.line_num, maximum=MAX_CELL) from None


def _decoded(content):
    if content.startswith(UTF16_MARKS):  # "Unicode text" of a spreadsheet
        try:
            content = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            raise KernelError("table_unreadable") from None
    if b"\0" in content:
        raise KernelError("table_unreadable")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise KernelError("table_unreadable")


def _workbook_lines(content, named):
    try:
        _check_archive(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = book.worksheets
        sheet = next((one for one in sheets if _has_columns(one, named)), sheets[0])
        yield from _sheet_lines(sheet, 2 * MAX_ROWS + 1)  # one row beyond what is taken, so that it is seen
    except KernelError:
        raise
    except UNREADABLE:
        raise KernelError("table_unreadable") from None


def _sheet_lines(sheet, most):
    # One column beyond what is taken, as of rows.
    for line in sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=most, values_only=True):
        yield [_cell(value) for value in line]


def _has_columns(sheet, named):
    """Tell whether the first line of a sheet is a header with the columns that have to be there."""
    header = next(filter(any, _sheet_lines(sheet, HEADER_WITHIN)), ())
    try:
        _columns(header, *named)
    except KernelError:
        return False
    return True


def _check_archive(content):
    """Refuse an archive that would unpack to more than a table holds, before anything of it is kept in memory."""
    with ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        # What a member unpacks to is read up to the size it declares, not beyond.
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
            raise KernelError("archive_too_large", maximum=MAX_UNPACKED // MEGABYTE)
        if sum(_tags(archive, member) for member in members) > MAX_TAGS:
            raise KernelError("table_too_long", maximum=MAX_ROWS)


def _tags(archive, member):
    """Return how many tags a member holds: rows that come twice, or are empty, take time and are never seen."""
    with archive.open(member) as unpacked:
        return sum(block.count(b"<") for block in iter(lambda: unpacked.read(MEGABYTE), b""))


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, (Date, datetime)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        # A number of a register may have been read as 123456789.0.
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value).strip()
