"""A file as a table, whatever it is: CSV of any separator and usual encoding, or a sheet of a workbook."""

import codecs
import csv
import io
from contextlib import contextmanager
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from .cells import LedgerFileError
from .headings import SYNONYMS, TOTALS, plain, without_currency
from .sheets import Formula, filled_rows, with_formulas
from .sides import TAKEN_OFF, one_amount, sides_in
from .sides import WORDS as SIDES

DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp1252")
#: How a file begins that Excel calls Unicode text.
WIDE = (b"\xff\xfe", b"\xfe\xff")
#: How text of four bytes a letter begins: with its mark, or without.
VERY_WIDE = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\0\0\0")
WORKBOOK = b"PK\x03\x04"
#: How a file begins that is something else, whatever its name says.
NO_TABLES = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a workbook as Excel wrote them before 2007",
    b"<": "HTML or XML",
    b"{": "JSON",
    b"[{": "JSON",
}
HEAD = 64
#: Lines among which the header is looked for: titles stand above it.
HEADER_WITHIN = 20
#: Letters of a currency's code.
CODE = 3


class Table:
    """Header and records of a file. ``guessed`` says which column was taken for which, the empty text for none.

    ``currency`` is the one that the heading of the amounts names; ``is_text`` tells that figures are as somebody wrote
    them.
    """

    def __init__(self, path, wanted, lines, *, is_text=True):
        self.is_text = is_text
        first, below = _below_header(path, lines, wanted)
        self.header, self.guessed = _columns(first, wanted)
        self.written, self.adding = first, wanted.adding
        self.currency = (
            without_currency(first[self.header.index("amount")])[1] if "amount" in self.header else ""
        )
        if self.currency:
            self.guessed[self.currency] = "the currency of the amounts"
        #: Pairs of line and cells, or of line and error.
        self.records = ((line, self._record(cells)) for line, cells in below)

    def _record(self, cells):
        """The cells of a line, its amount in one of them; an error as it is."""
        if isinstance(cells, csv.Error):
            return cells
        cells = _trimmed(cells, len(self.header))
        if TAKEN_OFF in self.header and not any(isinstance(cell, Formula) for cell in cells):
            return one_amount(cells, self.header.index("amount"), self.header.index(TAKEN_OFF))
        return cells

    def first(self, count):
        """The first ``count`` records that can be read, which :attr:`records` have still."""
        first = list(islice(self.records, count))
        self.records = chain(first, self.records)
        return [cells for _line, cells in first if not isinstance(cells, csv.Error)]

    def texts(self, column, records):
        """What stands in ``column`` of these records: each text once."""
        place = self.header.index(column) if column in self.header else None
        cells = (cells[place] for cells in records if place is not None and place < len(cells))
        return {cell.strip() for cell in cells if not isinstance(cell, Formula)} - {""}

    def uncomputed(self, record):
        """The heading of the first column that is read and holds a formula without its value; None without one."""
        pairs = zip(self.header, self.written, record, strict=False)
        return next((said for name, said, cell in pairs if name and isinstance(cell, Formula)), None)

    def give_up(self, column):
        """Leave a column unread that was only guessed: it holds something else."""
        for cell, meant in self.guessed.items():
            if meant == column:
                self.guessed[cell] = ""
                self.header[self.header.index(column)] = ""


class Wanted(NamedTuple):
    """What a file is read for."""

    columns: tuple
    required: tuple
    #: The side on which amounts are above zero, where a file has two.
    adding: str = "debit"


@contextmanager
def opened(path, columns, required, adding="debit"):
    """The :class:`Table` at ``path``, as long as it is needed.

    :param adding: "debit" or "credit": the side on which amounts are above zero, where the file has two
    """
    wanted = Wanted(columns, required, adding)
    with open(path, "rb") as stream:
        start = stream.read(HEAD)
    for mark, what in NO_TABLES.items():
        if start.lstrip().removeprefix(codecs.BOM_UTF8).startswith(mark):
            raise LedgerFileError(f"{path}: {what}, no table: save it as CSV or as an .xlsx workbook")
    if start.startswith(WORKBOOK):
        sheet, is_only = _sheet(path, wanted)
        table = Table(path, wanted, with_formulas(path, sheet), is_text=False)
        if not is_only:
            table.guessed[f"sheet “{sheet.title}”"] = "the first with these columns, no other sheet is read"
        yield table
        return
    with open(path, encoding=_encoding(path), newline="") as stream:
        yield Table(path, wanted, _text(stream, columns))


def _encoding(path):
    """The first usual encoding that the whole file is written in."""
    with open(path, "rb") as stream:
        start = stream.read(len(VERY_WIDE[0]))
    if start.startswith(VERY_WIDE) or (len(start) == len(VERY_WIDE[0]) and start.endswith(b"\0\0\0")):
        raise LedgerFileError(f"{path}: text in UTF-32, which hardly any program reads: save it as CSV UTF-8")
    usual = ("utf-16",) if start.startswith(WIDE) else ENCODINGS
    if b"\0" in start:  # the same without its mark: the half of a letter that says nothing
        usual = ("utf-16-be",) if start.startswith(b"\0") else ("utf-16-le",)
    for encoding in usual:
        try:
            with open(path, encoding=encoding, newline="") as stream:
                while stream.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise LedgerFileError(f"{path}: neither UTF-8 nor Windows text, save it as CSV UTF-8")


# -- text --------------------------------------------------------------------------------


def _text(stream, columns):
    start = list(islice(stream, HEADER_WITHIN))

    def knows(mark):
        """How much of a header the mark makes of one of the first lines."""
        return max(
            ((len(_known(line.split(mark), columns)), line.count(mark)) for line in start), default=(0, 0)
        )

    return _lines(csv.reader(chain(start, stream), delimiter=max(DELIMITERS, key=knows), strict=True))


def _lines(reader):
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
        if any(map(str.strip, cells)):
            yield line, cells


# -- workbooks ---------------------------------------------------------------------------


def _sheet(path, wanted):
    """The first sheet with a header of the columns that have to be there, or the first; whether it is the only one."""
    from openpyxl import load_workbook  # not needed for text

    try:
        sheets = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True).worksheets
        for sheet in sheets:
            # what a writer said of its size before it wrote it: often no more than the first cell
            sheet.reset_dimensions()
        fitting = (sheet for sheet in sheets if _header_in(islice(filled_rows(sheet), HEADER_WITHIN), wanted))
        return next(fitting, sheets[0]), len(sheets) == 1
    except Exception as error:  # whatever a damaged archive raises
        raise LedgerFileError(
            f"{path}: not a readable workbook ({error}), save it as CSV or .xlsx"
        ) from error


def _trimmed(cells, width):
    """Without empty cells beyond the header, of which sheets have many."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells


# -- columns -----------------------------------------------------------------------------


def _below_header(path, lines, wanted):
    """(header, lines below it): the first row with all columns that have to be there, or two that have them together.

    Without any the first row is the header, so that it is told what it lacks.
    """
    seen = []
    if header := _header_in(lines, wanted, seen):
        return _filled(header), lines
    if not seen:
        raise LedgerFileError(f"{path}: empty, a header line is expected")
    _line, first = seen[0]
    if isinstance(first, csv.Error):
        raise LedgerFileError(f"{path}: unreadable header ({first})")
    return _filled(first), chain(seen[1:], lines)


def _header_in(lines, wanted, seen=None):
    """The header among the first of ``lines``, which is read up to there, or None; ``seen`` gets what was read."""
    seen = [] if seen is None else seen
    for line, cells in lines:
        seen.append((line, cells))
        if not isinstance(cells, csv.Error):
            above = seen[-2][1] if len(seen) > 1 else ()
            for header in (cells, _merged(above, cells)):
                if set(wanted.required) <= set(_columns(header, wanted)[0]):
                    return header
        if len(seen) == HEADER_WITHIN:
            break
    return None


def _merged(above, below):
    """Two rows of header as one: where the lower says nothing, what stands above it counts."""
    if isinstance(above, csv.Error):
        return below
    return [low.strip() or high for high, low in zip_longest(above, below, fillvalue="")]


def _filled(header):
    """Without empty cells at its end."""
    while header and not header[-1].strip():
        header = header[:-1]
    return header


def is_header(table, cells):
    """Whether a row is the header once more, as it stands on each page."""
    pairs = zip(table.header, table.written, cells, strict=False)
    told = [(said.strip(), cell.strip()) for name, said, cell in pairs if name != "amount"]
    return len(cells) >= len(table.written) and all(said == cell for said, cell in told)


def lone_text(header, cells):
    """The only text of a row that has no other cell: a title, or who printed it; no word for a total."""
    filled = [(place, cell.strip()) for place, cell in enumerate(cells) if cell.strip()]
    if len(filled) != 1:
        return ""
    [(place, text)] = filled
    is_amount = place < len(header) and header[place] == "amount" and sum(map(str.isalpha, text)) <= CODE
    return "" if is_amount or plain(text.split()[0]) in TOTALS or plain(text) in TOTALS else text


def is_total(header, cells, names, days):
    """Whether a row adds others up: in place of its names and days there is nothing, or a word that says so."""
    told = dict(zip(header, map(str.strip, cells), strict=False))
    words = [told[name].split() for name in (*names, *days) if told.get(name)]
    return all({plain(text[0]), plain(text[-1]), plain("".join(text))} & TOTALS for text in words)


def _columns(cells, wanted):
    """(names, guesses): the header's cells as column names, and which were taken for which."""
    columns = wanted.columns
    own = {plain(name): name for name in columns}
    known = {*own, *_words(columns)}
    words = [_word(cell, known) for cell in cells]
    names = [own.get(word, word) for word in words]
    guesses = {}
    for index, column in sides_in(names, wanted.adding).items():
        names[index] = column
        guesses[cells[index].strip()] = column
    # What has to be there chooses first.
    for column in sorted(columns, key=lambda column: column not in wanted.required):
        if column not in names:
            words = SYNONYMS.get(column, "").split()
            found = next((word for word in words if word in names), None)
            if found:
                index = names.index(found)
                names[index] = column
                guesses[cells[index].strip()] = column
    unread = (cell.strip() for cell, name in zip(cells, names, strict=True) if name not in columns)
    return names, {cell: "" for cell in unread if cell} | guesses


def _word(cell, known):
    """The heading as one word; without the currency it ends with where only that makes it a known one."""
    word, bare = plain(cell), plain(without_currency(cell)[0])
    if bare in SIDES and bare != word:  # “Débit EUR” is no “débiteur”
        return bare
    return bare if bare in known and word not in known else word


def _words(columns):
    return SIDES | {word for column in columns for word in SYNONYMS.get(column, "").split()}


def _known(cells, columns):
    names = {*map(plain, columns), *_words(columns)}
    return names & {_word(cell, names) for cell in cells}
