"""Files people send: dialects, encodings, headers and cells."""

import io
import time
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook
from refusals import refuses
from tools import table as module
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


def archive(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


class TestRows:
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_dialects(self, separator):
        text = f"Registration{separator}Rating\r\n123 456 789{separator}A\r\n\r\n2{separator}\r\n"
        assert table(text) == [
            (2, {"registration": "123 456 789", "rating": "A"}),
            (4, {"registration": "2", "rating": ""}),
        ]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_encodings(self, encoding):
        assert table("registration;rating\n1;Élevé", encoding) == [
            (2, {"registration": "1", "rating": "Élevé"})
        ]

    @pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
    def test_encodings_that_are_cut_off(self, mark):
        content = mark + "registration;rating\n1;A".encode("utf-16-le")[:-1]
        refuses("table_unreadable", read_table, content, REQUIRED)
        refuses("table_unreadable", read_table, "registration;rating\n1;\0".encode("utf-16"), REQUIRED)

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_ends_of_lines(self, end):
        assert table(f"registration;rating{end}1;A{end}") == [(2, {"registration": "1", "rating": "A"})]

    def test_quoted_cells(self):
        assert table('rating;registration\n"A;B";1') == [(2, {"rating": "A;B", "registration": "1"})]
        assert table("rating;registration\nA, B, C;1") == [(2, {"rating": "A, B, C", "registration": "1"})]

    def test_short_lines(self):
        assert table("registration;rating;date\n1") == [(2, {"registration": "1", "rating": "", "date": ""})]

    def test_workbooks(self):
        content = workbook(["Registration", "rating", "DATE"], [123456789, "A", date(2026, 3, 1)], [1.5, "B"])
        assert read_table(content, REQUIRED, OPTIONAL) == [
            (2, {"registration": "123456789", "rating": "A", "date": "2026-03-01"}),
            (3, {"registration": "1.5", "rating": "B", "date": ""}),
        ]

    def test_of_a_workbook_the_first_sheet_as_it_was_last_reckoned(self):
        book, file = Workbook(), io.BytesIO()
        for line in (REQUIRED, [1, "A"], [2, "=1+1"]):
            book.active.append(line)
        book.create_sheet("other").append(["other"])
        book.save(file)
        assert read_table(file.getvalue(), REQUIRED) == [
            (2, {"registration": "1", "rating": "A"}),
            (3, {"registration": "2", "rating": ""}),  # nobody has reckoned it
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


class TestLimits:
    """What a file weighs is known before it is read."""

    def test_size(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_BYTES", 40)
        assert refuses("file_too_large", table, "registration;rating\n" + "1;A\n" * 20)["maximum"] == 0
        text = "registration;rating\n1;A\n"
        monkeypatch.setattr(module, "MAX_BYTES", len(text))
        assert len(table(text)) == 1
        monkeypatch.setattr(module, "MAX_BYTES", 2 * module.MEGABYTE + 1)
        assert refuses("file_too_large", table, "A" * (2 * module.MEGABYTE + 2)) == {"maximum": 2}

    def test_rows(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_ROWS", 3)
        assert refuses("table_too_long", table, "registration;rating\n1;A\n2;A\n3;A")["maximum"] == 3
        refuses("table_too_long", table, "registration;rating\n1;A\n" + "\n" * 5)
        assert len(table("registration;rating\n1;A\n" + "\n" * 4)) == 1
        # a row beyond those that are taken is seen
        lines = [REQUIRED, [1, "A"], [], [], []]
        assert len(read_table(workbook(*lines, [2, "A"]), REQUIRED)) == 2
        refuses("table_too_long", read_table, workbook(*lines, [], [2, "A"]), REQUIRED)
        refuses("table_too_long", read_table, workbook(REQUIRED, *[[1, "A"]] * 3), REQUIRED)
        assert len(table("registration;rating\n1;A\n\n2;A")) == 2

    def test_columns(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_COLUMNS", 2)
        refuses("table_too_wide", table, "registration;rating;date\n1;A;2026-01-01")
        refuses("table_too_wide", read_table, workbook([*REQUIRED, "date"], [1, "A"]), REQUIRED, OPTIONAL)
        assert len(table("registration;rating;\n1;A;")) == 1

    def test_cells(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_CELL", 12)
        assert refuses("cell_too_long", table, f"registration;rating\n1;{'A' * 13}")["row"] == 2
        refuses("cell_too_long", read_table, workbook(REQUIRED, [1, "A" * 13]), REQUIRED)
        table(f"registration;rating\n1;{'A' * 12}")

    def test_the_figures_themselves(self):
        """What a file may weigh is what people are told: each limit is reached, and passed by one."""
        names = [*REQUIRED, *(f"c{number}" for number in range(198))]
        lines = [";".join(names), ";".join(["1"] * 200)]
        assert len(read_table("\n".join(lines).encode(), names)) == 1
        too_wide = "\n".join(f"{line};x" for line in lines).encode()
        assert refuses("table_too_wide", read_table, too_wide, names) == {"maximum": 200}
        table(f"registration;rating\n1;{'A' * 10_000}")
        told = refuses("cell_too_long", table, f"registration;rating\n1;{'A' * 10_001}")
        assert told == {"row": 2, "maximum": 10_000}
        too_large = b"A" * (30 * 1024 * 1024 + 1)
        assert refuses("file_too_large", read_table, too_large, REQUIRED) == {"maximum": 30}
        refuses("cell_too_long", read_table, too_large[1:], REQUIRED)
        rows = b"registration\n" + b"1\n" * 199_999
        assert len(read_table(rows, ["registration"])) == 199_999
        assert refuses("table_too_long", read_table, rows + b"1\n", ["registration"]) == {"maximum": 200_000}

    @pytest.mark.parametrize(("more", "code"), [(0, "table_unreadable"), (1, "archive_too_large")])
    def test_the_figures_of_archives(self, more, code):
        """Members are counted, and what they say they unpack to is: here more than there is."""
        refuses(code, read_table, archive({f"{name}.xml": b"" for name in range(1000 + more)}), REQUIRED)
        content = archive({"[Content_Types].xml": b"0" * 1_000_000})
        declared = (300 * 1024 * 1024 + more).to_bytes(4, "little")
        told = refuses(
            code, read_table, content.replace((1_000_000).to_bytes(4, "little"), declared), REQUIRED
        )
        assert told == ({"maximum": 300} if more else {})
        tagged = archive({"a.xml": b"<" * (6_000_000 + more)})
        refuses("table_too_long" if more else "table_unreadable", read_table, tagged, REQUIRED)

    def test_a_quotation_mark_that_is_never_closed(self):
        assert refuses("cell_too_long", table, 'registration;rating\n1;"' + "A;\n" * 100_000)["row"] > 2

    def test_archives_that_unpack_to_much_more(self, monkeypatch):
        bomb = archive({"xl/workbook.xml": b"0" * 5_000_000})
        assert len(bomb) < 10_000
        monkeypatch.setattr(module, "MAX_UNPACKED", 1_000_000)
        refuses("archive_too_large", read_table, bomb, REQUIRED)

    def test_archives_of_many_members(self):
        refuses(
            "archive_too_large", read_table, archive({f"{name}.xml": b"" for name in range(1001)}), REQUIRED
        )

    def test_a_member_longer_than_it_declares_is_not_read_on(self):
        content = archive({"[Content_Types].xml": b"0" * 1_000_000})
        declared = (1_000_000).to_bytes(4, "little")
        refuses(
            "table_unreadable", read_table, content.replace(declared, (10).to_bytes(4, "little")), REQUIRED
        )

    def test_rows_that_are_never_seen(self):
        """A row of the same number again and again: read for minutes, and none of it is a line."""
        members = zipfile.ZipFile(io.BytesIO(workbook(["registration", "rating"], ["1", "A"])))
        unpacked = {name: members.read(name) for name in members.namelist()}
        sheet = unpacked["xl/worksheets/sheet1.xml"]
        again = b"<row r='1'><c r='A1'/></row>" * (module.MAX_TAGS // 3)
        unpacked["xl/worksheets/sheet1.xml"] = sheet.replace(b"<sheetData>", b"<sheetData>" + again)
        begun = time.monotonic()
        refuses("table_too_long", read_table, archive(unpacked), REQUIRED)
        assert time.monotonic() - begun < 10

    def test_as_many_tags_as_a_workbook_may_have(self, monkeypatch):
        content = workbook(["registration", "rating"], ["1", "A"])
        members = zipfile.ZipFile(io.BytesIO(content))
        tags = sum(members.read(name).count(b"<") for name in members.namelist())
        monkeypatch.setattr(module, "MAX_TAGS", tags)
        assert read_table(content, REQUIRED) == [(2, {"registration": "1", "rating": "A"})]
        monkeypatch.setattr(module, "MAX_TAGS", tags - 1)
        refuses("table_too_long", read_table, content, REQUIRED)

    def test_archives_that_are_no_workbooks(self):
        refuses("table_unreadable", read_table, archive({"letter.txt": b"Dear Sir"}), REQUIRED)
        refuses("table_unreadable", read_table, workbook(REQUIRED, [1, "A"])[:-200], REQUIRED)

    @pytest.mark.parametrize("text", ["1899-12-31", "31/12/0026", "2201-01-01", "9999-12-31"])
    def test_years_nobody_means(self, text):
        assert refuses("cell_year_out_of_range", read_date, 3, "date", text)["first"] == 1900

    @pytest.mark.parametrize("text", ["1900-01-01", "31/12/2200"])
    def test_years_at_the_edge(self, text):
        assert read_date(3, "date", text)

    @pytest.mark.parametrize("text", ["1E+400", "9" * 40])
    def test_figures_beyond_any_amount(self, text):
        refuses("cell_not_a_figure", read_figure, 3, "equity", text)


def test_a_column_may_bear_another_name_too():
    called = {"date_end": "Fin de l'exercice", "turnover": "Chiffre d'affaires", "other": "Fin"}
    for header in (
        "date_end;turnover",
        "Fin de l'exercice;CHIFFRE  D'AFFAIRES",
        "date-end;Chiffre d'affaires",
    ):
        rows = read_table(f"{header}\n2025;1\n".encode(), ("date_end",), ("turnover",), called)
        assert rows == [(2, {"date_end": "2025", "turnover": "1"})]
    refuses("column_twice", read_table, b"date_end;Fin de l'exercice\n2025;6\n", ("date_end",), (), called)


def test_another_name_may_be_typed_loosely():
    called = {"date_from": "À partir du", "rate": "Taux (%)", "date_to": "Jusqu'au", "source": "Source"}
    for header in (
        "a partir du;TAUX;Jusqu\u2019au",
        "À partir du:;Taux (%);jusqu'au",
        "date_from;taux %;Jusqu'au",
    ):
        rows = read_table(f"{header}\n1;2;3\n".encode(), ("date_from", "rate"), ("date_to", "source"), called)
        assert rows == [(2, {"date_from": "1", "rate": "2", "date_to": "3"})]
    both = {"now": "Sales (this year)", "before": "Sales (last year)"}
    assert read_table(b"Sales (last year);Sales (this year)\n1;2\n", ("now", "before"), (), both) == [
        (2, {"before": "1", "now": "2"})
    ]
    refuses("columns_unknown", read_table, b"Sales;Sales (this year)\n1;2\n", ("now", "before"), (), both)


class TestSheets:
    @pytest.mark.parametrize(
        "before", [(), (["Ratings of 2026"],), (["registration", "city"], ["1", "Lyon"])]
    )
    def test_the_sheet_with_the_columns_is_read_wherever_it_stands(self, before):
        book, file = Workbook(), io.BytesIO()
        for line in before:
            book.active.append(line)
        for title, rating in (("Data", "A"), ("Older", "B")):
            sheet = book.create_sheet(title)
            sheet.append([])
            sheet.append(["Registration", "Rating"])
            sheet.append(["1", rating])
        book.save(file)
        assert read_table(file.getvalue(), REQUIRED) == [(3, {"registration": "1", "rating": "A"})]

    def test_where_none_has_them_the_first_is_told_of(self):
        book, file = Workbook(), io.BytesIO()
        for line in (["registration"], ["1"]):
            book.active.append(line)
        book.create_sheet("Empty")
        book.save(file)
        told = refuses("columns_missing", read_table, file.getvalue(), REQUIRED)
        assert told == {"columns": ("rating",)}
