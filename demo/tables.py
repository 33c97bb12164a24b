"""A file as a table, whatever it is: CSV of any separator and usual encoding, or the first sheet of a workbook."""

import csv
import datetime
import io
import re
import unicodedata
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain

from .cells import LedgerFileError

DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp1252")
WORKBOOK = b"PK\x03\x04"
#: Columns that files call otherwise, by what is left of their names without case, accents, spaces and marks.
SYNONYMS = {
    "customer": "client clients nomclient nomduclient tiers debiteur raisonsociale customername debtor partner kunde",
    "invoice": "facture numero numerofacture nfacture nofacture piece numpiece invoicenumber invoiceno number ref",
    "invoice_date": "datefacture datedefacture datepiece dateemission date issuedate rechnungsdatum",
    "due_date": "echeance dateecheance datedecheance duedate due faelligkeit maturity",
    "amount": "montant montantttc ttc totalttc total montanttotal amountincltax grossamount betrag",
    "currency": "devise monnaie waehrung",
    "country": "pays land",
    "settled_date": "datereglement datedereglement dateregle datepaiement paymentdate paidon regle",
    "settled_amount": "montantregle montantpaye regle paid paidamount amountpaid reglement",
    "disputed": "litige conteste dispute",
    "date": "datepaiement datereglement paymentdate dateoperation bookingdate datevaleur",
    "memo": "libelle motif communication label memo referencepaiement",
}


class Table:
    """Header and records of a file. ``guessed`` says which column was taken for which."""

    def __init__(self, columns, required, first, records):
        self.header, self.guessed = _columns(first, columns, required)
        #: Pairs of line and cells, or of line and error.
        self.records = records


@contextmanager
def opened(path, columns, required):
    """The :class:`Table` at ``path``, as long as it is needed."""
    with open(path, "rb") as stream:
        is_workbook = stream.read(len(WORKBOOK)) == WORKBOOK
    if is_workbook:
        first, records = _workbook(path)
        yield Table(columns, required, first, records)
        return
    with open(path, encoding=_encoding(path), newline="") as stream:
        first, records = _text(path, stream, columns)
        yield Table(columns, required, first, records)


def _encoding(path):
    """The first usual encoding that the whole file is written in."""
    for encoding in ENCODINGS:
        try:
            with open(path, encoding=encoding, newline="") as stream:
                while stream.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise LedgerFileError(f"{path}: neither UTF-8 nor Windows text, save it as CSV UTF-8")


# -- text --------------------------------------------------------------------------------


def _text(path, stream, columns):
    first = stream.readline()
    if not first.strip():
        raise LedgerFileError(f"{path}: empty, a header line is expected")
    delimiter = max(DELIMITERS, key=lambda mark: (len(_known(first.split(mark), columns)), first.count(mark)))
    reader = csv.reader(chain([first], stream), delimiter=delimiter, strict=True)
    try:
        return next(reader), _lines(reader)
    except csv.Error as error:
        raise LedgerFileError(f"{path}: unreadable header ({error})") from error


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
        if any(cells):
            yield line, cells


# -- workbooks ---------------------------------------------------------------------------


def _workbook(path):
    from openpyxl import load_workbook  # not needed for text

    try:
        lines = (
            load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True).worksheets[0].rows
        )
    except Exception as error:  # whatever a damaged archive raises
        raise LedgerFileError(f"{path}: not a readable workbook ({error})") from error
    texts = ((number, [_cell(cell.value) for cell in line]) for number, line in enumerate(lines, 1))
    filled = ((number, cells) for number, cells in texts if any(cells))
    try:
        _number, first = next(filled)
    except StopIteration:
        raise LedgerFileError(f"{path}: empty, a header line is expected") from None
    while first and not first[-1]:
        first = first[:-1]
    width = len(first)
    return first, ((number, _trimmed(cells, width)) for number, cells in filled)


def _trimmed(cells, width):
    """Without empty cells beyond the header, of which sheets have many."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value).strip()


# -- columns -----------------------------------------------------------------------------


def _columns(cells, columns, required):
    """(names, guesses): the header's cells as column names, and which were taken for which."""
    plain = [_plain(cell) for cell in cells]
    own = {_plain(name): name for name in columns}
    names = [own.get(word, word) for word in plain]
    guesses = {}
    # What has to be there chooses first.
    for column in sorted(columns, key=lambda column: column not in required):
        if column not in names:
            words = SYNONYMS.get(column, "").split()
            found = next((word for word in words if word in names), None)
            if found:
                index = names.index(found)
                names[index] = column
                guesses[cells[index].strip()] = column
    return names, guesses


def _known(cells, columns):
    words = {_plain(cell) for cell in cells}
    names = {word for column in columns for word in (_plain(column), *SYNONYMS.get(column, "").split())}
    return words & names


def _plain(cell):
    bare = unicodedata.normalize("NFKD", cell.replace("n°", "n").replace("N°", "n"))
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in bare if not unicodedata.combining(c)).lower())
