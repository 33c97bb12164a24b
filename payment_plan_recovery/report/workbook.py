"""A workbook of plain tables, written row by row in constant memory."""

from collections.abc import Iterable
from typing import NamedTuple

import xlsxwriter
from odoo.tools import SQL

from ..tools.text import unturned

#: Rows a sheet of the format can hold; the rest goes on in a further sheet.
MAX_ROWS = 1_048_576
#: Characters a cell of the format can hold.
MAX_TEXT = 32_767

FORMATS = {
    "title": {"bold": True, "font_size": 14},
    "label": {"bold": True},
    "header": {"bold": True, "bg_color": "#E7E6E6", "bottom": 1, "text_wrap": True, "valign": "top"},
    "date": {"num_format": 14, "align": "left"},  # the short date, as whoever opens it writes days
    "integer": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00"},
    "rate": {"num_format": "0.00##"},
    "exact": {"num_format": "#,##0.000000"},
    "share": {"num_format": "0.0%"},
    "days": {"num_format": "0.0"},
    "rating": {"num_format": "0.0"},
    "total_label": {"bold": True, "top": 1},
    "total_integer": {"bold": True, "top": 1, "num_format": "#,##0"},
}


class Column(NamedTuple):
    """One column: its header, what its cells hold, its width in characters, whether it is added up."""

    header: str
    #: text, date, integer, number, rate, exact, share, days, rating, money; told: each value is a pair (kind, value)
    kind: str
    width: int = 14
    total: bool = False


class ReviewWorkbook:
    """Writes typed tables. Text is always written as text: what a partner typed never becomes a formula."""

    def __init__(self, file, decimals: int, total_label: str, max_rows: int = MAX_ROWS):
        """Write to ``file`` (a path or a binary file), money with ``decimals`` decimals."""
        self._max_rows = max_rows
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        money = "#,##0" + ("." + "0" * decimals if decimals else "")
        self._formats = {name: self._book.add_format(spec) for name, spec in FORMATS.items()}
        self._formats["money"] = self._book.add_format({"num_format": money})
        self._formats["total_money"] = self._book.add_format({"bold": True, "top": 1, "num_format": money})
        self._total_label = total_label

    def close(self):
        self._book.close()

    def add_facts(self, name: str, title: str, facts: Iterable[tuple]):
        """A sheet that opens with ``title`` and (label, value) pairs; :meth:`append` adds tables."""
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, title, self._formats["title"])
        row = 1
        for row, (label, value) in enumerate(facts, 2):
            sheet.write_string(row, 0, label, self._formats["label"])
            self._write(sheet, row, 1, "date" if hasattr(value, "year") else "text", value)
        return _Cursor(sheet, row + 2)

    def append(self, cursor, columns: list[Column], rows: Iterable[tuple]):
        """A table below what the sheet holds already."""
        self._header(cursor.sheet, cursor.row, columns)
        first = cursor.row + 1
        cursor.row, totals = self._body(cursor.sheet, first, columns, rows, self._max_rows)
        self._totals(cursor.sheet, first, cursor.row, columns, totals)
        cursor.row += 3

    def add_table(self, name: str, columns: list[Column], rows: Iterable[tuple]):
        """A sheet with one table: frozen header, filters, totals; further sheets when the rows do not fit."""
        rows = _Peekable(rows)
        number = 1
        while True:
            sheet = self._book.add_worksheet(name if number == 1 else f"{name} {number}")
            self._header(sheet, 0, columns)
            sheet.freeze_panes(1, 0)
            # One row is kept for the totals.
            last, totals = self._body(sheet, 1, columns, rows, self._max_rows - 2)
            sheet.autofilter(0, 0, max(last - 1, 0), len(columns) - 1)
            self._totals(sheet, 1, last, columns, totals)
            if rows.exhausted:
                return
            number += 1

    def add_chart(self, cursor, kind: str, title: str, place: tuple, series: Iterable[tuple]):
        """A chart on the sheet of ``cursor``.

        :param kind: column, bar or line
        :param place: (row, column) of its upper left corner
        :param series: (name, (first row, last row), column of the labels, column of the values)
        """
        chart = self._book.add_chart({"type": kind})
        name = cursor.sheet.get_name()
        for label, (first, last), labels, values in series:
            chart.add_series(
                {
                    "name": unturned(label),
                    "categories": [name, first, labels, last, labels],
                    "values": [name, first, values, last, values],
                }
            )
        chart.set_title({"name": unturned(title), "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"})
        cursor.sheet.insert_chart(*place, chart)

    def _header(self, sheet, row, columns):
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(row, index, column.header, self._formats["header"])

    def _body(self, sheet, row, columns, rows, room):
        totals = [0] * len(columns)
        for values in rows:
            for index, (column, value) in enumerate(zip(columns, values, strict=True)):
                self._write(sheet, row, index, column.kind, value)
                if column.total:
                    totals[index] += value or 0
            row += 1
            if row > room:
                break
        return row, totals

    def _totals(self, sheet, first, row, columns, totals):
        """Totals as formulas that follow the filters, with their value for readers that do not compute."""
        if row == first or not any(column.total for column in columns):
            return
        sheet.write_string(row, 0, self._total_label, self._formats["total_label"])
        for index, (column, total) in enumerate(zip(columns, totals, strict=True)):
            if column.total:
                cell = xlsxwriter.utility.xl_col_to_name(index)
                sheet.write_formula(
                    row,
                    index,
                    f"=SUBTOTAL(109,{cell}{first + 1}:{cell}{row})",
                    self._formats[f"total_{column.kind}"],
                    float(total),
                )

    def _write(self, sheet, row, index, kind, value):
        if kind == "told":
            kind, value = value
        if value is None or value is False:
            return
        if kind == "text":
            sheet.write_string(row, index, unturned(str(value))[:MAX_TEXT])
        elif kind == "date":
            sheet.write_datetime(row, index, value, self._formats["date"])
        else:
            sheet.write_number(row, index, float(value), self._formats[kind])


class _Cursor:
    """Where the next table of a sheet starts."""

    def __init__(self, sheet, row):
        self.sheet = sheet
        self.row = row


class _Peekable:
    """Rows that know whether any is left, so that a full sheet is followed by another only when needed."""

    def __init__(self, rows):
        self._rows = iter(rows)
        self._held = []
        self._hold()

    @property
    def exhausted(self) -> bool:
        return not self._held

    def _hold(self):
        self._held = [row for row in (next(self._rows, None),) if row is not None]

    def __iter__(self):
        while self._held:
            row = self._held[0]
            self._hold()
            yield row


def label_sql(labels, column: SQL) -> SQL:
    """Return the label in place of the value in ``column``, the value itself when it has none.

    :param labels: (value, label) pairs, as of a selection field
    """
    branches = SQL(" ").join(SQL("WHEN %s THEN %s", value, label) for value, label in labels)
    return SQL("CASE %s %s ELSE %s END", column, branches, column)
