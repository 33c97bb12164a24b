"""Files people send: dialects, encodings, headers and cells."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook
from refusals import refuses
from tools.table import read_date, read_figure, read_table

REQUIRED, OPTIONAL = ("registration", "rating"), ("date",)


def table(text, encoding="utf-8"):
    return read_table(text.encode(encoding), REQUIRED, OPTIONAL)


def workbook(*lines):
    book, file = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    return file.getvalue()


class TestRows:
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_dialects(self, separator):
        text = f"Registration{separator}Rating\r\n123 456 789{separator}A\r\n\r\n2{separator}\r\n"
        assert table(text) == [
            (2, {"registration": "123 456 789", "rating": "A"}),
            (4, {"registration": "2", "rating": ""}),
        ]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_encodings(self, encoding):
        assert table("registration;rating\n1;Élevé", encoding) == [
            (2, {"registration": "1", "rating": "Élevé"})
        ]

    def test_quoted_cells(self):
        assert table('rating;registration\n"A;B";1') == [(2, {"rating": "A;B", "registration": "1"})]

    def test_short_lines(self):
        assert table("registration;rating;date\n1") == [(2, {"registration": "1", "rating": "", "date": ""})]

    def test_workbooks(self):
        content = workbook(["Registration", "rating", "DATE"], [123456789, "A", date(2026, 3, 1)], [1.5, "B"])
        assert read_table(content, REQUIRED, OPTIONAL) == [
            (2, {"registration": "123456789", "rating": "A", "date": "2026-03-01"}),
            (3, {"registration": "1.5", "rating": "B", "date": ""}),
        ]

    def test_unknown_missing_and_double_columns(self):
        header = "registration;rating;colour;size\n1;A;red;2"
        assert refuses("columns_unknown", table, header)["columns"] == ("colour", "size")
        assert refuses("columns_missing", table, "date;rating\n1;2")["columns"] == ("registration",)
        assert refuses("column_twice", table, "registration;rating;Rating\n1;2;3")["columns"] == ("rating",)

    @pytest.mark.parametrize("text", ["", "registration;rating", "registration;rating\n;\n"])
    def test_nothing_to_read(self, text):
        refuses("table_empty", table, text)

    @pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"\x00\x01\x02", b"a\x81;b\n1;2"])
    def test_no_table_at_all(self, content):
        refuses("table_unreadable", read_table, content, REQUIRED)


class TestCells:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1234.5", "1234.5"),
            ("1234,5", "1234.5"),
            ("1 234,50", "1234.50"),
            ("1\u202f234,50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1,234.50", "1234.50"),
            ("1'234.50", "1234.50"),
            ("-12", "-12"),
            ("0", "0"),
        ],
    )
    def test_figures(self, text, expected):
        assert read_figure(2, "equity", text) == Decimal(expected)

    def test_an_empty_cell_is_no_zero(self):
        assert read_figure(2, "equity", "") is None
        assert read_date(2, "date", "") is None

    @pytest.mark.parametrize("text", ["a lot", "12 €", "1,2,3", "NaN", "=1+1"])
    def test_no_figures(self, text):
        assert refuses("cell_not_a_figure", read_figure, 7, "equity", text) == {
            "row": 7,
            "column": "equity",
            "value": text,
        }

    @pytest.mark.parametrize("text", ["2026-02-03", "03/02/2026", "03.02.2026"])
    def test_dates(self, text):
        assert read_date(2, "date", text) == date(2026, 2, 3)

    @pytest.mark.parametrize("text", ["2026-02-30", "31/31/2026", "tomorrow"])
    def test_no_dates(self, text):
        assert refuses("cell_not_a_date", read_date, 3, "date", text)["row"] == 3
