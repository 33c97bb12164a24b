"""The rows of a workbook's sheet as texts, what a program should have computed in them too."""

import datetime
import io
import zipfile
from decimal import Decimal

#: Digits that a workbook's figures are exact to, as Excel shows them.
SHOWN_DIGITS = 15


class Formula(str):
    """What stands in a cell whose value no program has computed."""

    __slots__ = ()


def filled_rows(sheet):
    """``(line, cells)`` of each row that is not blank."""
    texts = ((number, [_cell(cell.value) for cell in line]) for number, line in enumerate(sheet.rows, 1))
    return ((number, cells) for number, cells in texts if any(cells))


def with_formulas(path, sheet):
    """The rows that are filled; a formula without a value, which programs write that compute nothing, stands as such.

    The sheet is read twice at once where it has formulas at all.
    """
    if not _has_formulas(path):
        return filled_rows(sheet)
    from openpyxl import load_workbook  # not needed for text

    written = load_workbook(io.BytesIO(path.read_bytes()), read_only=True)[sheet.title]
    written.reset_dimensions()
    rows = enumerate(zip(sheet.rows, written.rows, strict=False), 1)
    texts = ((number, list(map(_computed, *pair))) for number, pair in rows)
    return ((number, cells) for number, cells in texts if any(cells))


def _has_formulas(path):
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/"):
                before = b""
                with book.open(name) as sheet:
                    while part := sheet.read(1 << 20):
                        if b"<f>" in before + part or b"<f " in before + part:
                            return True
                        before = part[-2:]
    return False


def _computed(cell, written):
    """The text of a cell, or its formula where its value is not there."""
    if cell.value is None and isinstance(written.value, str) and written.value.startswith("="):
        return Formula(written.value)
    return _cell(cell.value)


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return f"{Decimal(f'{value:.{SHOWN_DIGITS}g}').normalize():f}"
    return str(value).strip()
