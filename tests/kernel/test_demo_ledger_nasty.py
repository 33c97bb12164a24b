"""Files as people have them: titles above, totals below, marks of currency, days as numbers, two rows of header."""

import datetime
import re
from decimal import Decimal
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from demo.cells import LedgerFileError
from demo.ledger_csv import RowError, read_ledger
from demo.payments_csv import read_payments

HEADER = "customer,invoice,invoice_date,due_date,amount"
DAY, DUE = datetime.date(2026, 1, 10), datetime.date(2026, 2, 9)


@pytest.fixture
def read(tmp_path):
    """Read a text as a file; the rows as (line, customer, invoice, amount), the errors, and what was told."""

    def read(text, encoding="utf-8", how=read_ledger):
        path = tmp_path / "ledger.csv"
        path.write_bytes(text.encode(encoding))
        told = {}
        rows, errors = how(path, tell=told.update)
        return rows, errors, told

    return read


@pytest.fixture
def book(tmp_path):
    """Read lines as a workbook."""

    def book(*lines):
        workbook = Workbook()
        for line in lines:
            workbook.active.append(line)
        workbook.save(tmp_path / "plain.xlsx")
        # Excel keeps what it computed to the last bit, the package that writes here does not
        with ZipFile(tmp_path / "plain.xlsx") as plain, ZipFile(tmp_path / "ledger.xlsx", "w") as kept:
            for name in plain.namelist():
                kept.writestr(name, plain.read(name).replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>"))
        told = {}
        rows, errors = read_ledger(tmp_path / "ledger.xlsx", tell=told.update)
        return rows, errors, told

    return book


def test_what_an_old_french_program_writes(read):
    text = (
        "sep=;\n"
        "Balance clients au 30/06/2026;;;;;;\n"
        ";;;;;;\n"
        "Nom client;Numéro de facture;Date de facturation;Date d'échéance;Montant TTC;Devise;Représentant\n"
        "Café Été;F1;10/01/26;09/02/26;1 234,56 €;EUR;Anne\n"
        " ; ; ; ; ; ; \n"
        "Café Été;F2;10/01/26;09/02/26;-34,56 €;EUR;Anne\n"
        "Café Été;F1;10/01/26;09/02/26;5,00 €;EUR;Anne\n"
        "Total général;;;;1 205,00 €;;\n"
    )
    rows, errors, told = read(text, "cp1252")
    assert [(row.line, row.customer, row.amount) for row in rows] == [
        (5, "Café Été", Decimal("1234.56")),
        (7, "Café Été", Decimal("-34.56")),
    ]
    assert (rows[0].invoice_date, rows[0].due_date) == (DAY, DUE)
    assert errors == [RowError(8, "invoice is already on line 5", "F1")]
    assert told["dates"] == "%d/%m/%y"
    assert told["Représentant"] == ""
    assert told["line 9"] == "a total, left out"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_what_excel_calls_unicode_text(read, encoding):
    rows, errors, _told = read(f"{HEADER}\nÉté,F1,2026-01-10,2026-02-09,5\n".replace(",", "\t"), encoding)
    assert ([row.customer for row in rows], errors) == (["Été"], [])


def test_unicode_text_that_was_cut_off_is_no_text(read, tmp_path):
    (tmp_path / "cut.csv").write_bytes(f"{HEADER}\nA,1,{DAY},{DUE},10".encode("utf-16") + b"\0")
    with pytest.raises(LedgerFileError, match="neither UTF-8 nor Windows text"):
        read_ledger(tmp_path / "cut.csv")


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_text_of_four_bytes_a_letter_is_told_as_such(read, encoding):
    with pytest.raises(LedgerFileError, match=r"UTF-32, .* save it as CSV UTF-8"):
        read(f"{HEADER}\nA,1,{DAY},{DUE},10\n", encoding)


@pytest.mark.parametrize("written", ["46032", "46032.5", '"46032,75"'])
def test_days_as_numbers_with_their_hour(read, written):
    rows, errors, _told = read(f"{HEADER}\nA,1,{written},{DUE},10\n")
    assert ([row.invoice_date for row in rows], errors) == ([DAY], [])


@pytest.mark.parametrize("heading", ["Réglé le", "Payé le", "Date de règlement"])
def test_the_day_of_a_payment_is_known_by_its_usual_headings(read, heading):
    rows, errors, _told = read(f"{HEADER},{heading},Montant réglé\nA,1,{DAY},{DUE},10,{DUE},4\n")
    assert ([row.settled_date for row in rows], errors) == ([DUE], [])


def test_what_is_said_of_a_long_cell_or_header_is_short(read):
    _rows, errors, _told = read(f"{HEADER}\nA,1,{DAY},{DUE},{'x' * 100_000}\n")
    assert [len(str(error)) < 200 for error in errors] == [True]
    assert str(errors[0]).startswith("line 2: amount is not an amount: 'xxx")
    with pytest.raises(LedgerFileError, match="missing column customer") as refused:
        read(",".join(f"c{number}" for number in range(50_000)) + "\n1\n")
    assert len(str(refused.value)) < 500


def test_german_names(read):
    text = "Kunde;Rechnungsnummer;Rechnungsdatum;Fälligkeit;Betrag;Währung\nZed;F1;10.01.2026;09.02.2026;1.234,50;CHF\n"
    rows, errors, _told = read(text, "cp1252")
    assert errors == []
    assert (rows[0].due_date, rows[0].amount, rows[0].currency) == (DUE, Decimal("1234.50"), "CHF")


@pytest.mark.parametrize(
    ("written", "currency", "value"),
    [
        ("12 €", "EUR", "12"),
        ("€ 1,234.50", "EUR", "1234.50"),
        ("EUR 12", "EUR", "12"),
        ("-12 eur", "EUR", "-12"),
        ("$12", "USD", "12"),
        ("1'234.50", "CHF", "1234.50"),
        ("1\u2019234", "CHF", "1234"),
    ],
)
def test_amounts_with_marks(read, written, currency, value):
    rows, errors, _told = read(f'{HEADER},currency\nZ,F1,2026-01-10,2026-02-09,"{written}",{currency}\n')
    assert errors == []
    assert rows[0].amount == Decimal(value)


@pytest.mark.parametrize(
    ("written", "currency"), [("12 $", "EUR"), ("12 €", "USD"), ("USD 12", "EUR"), ("€", "EUR")]
)
def test_the_mark_of_another_currency_is_no_amount(read, written, currency):
    rows, errors, _told = read(f'{HEADER},currency\nZ,F1,2026-01-10,2026-02-09,"{written}",{currency}\n')
    assert rows == []
    assert [error.line for error in errors] == [2]


def test_days_with_an_hour_of_midnight_and_days_of_two_forms(read):
    text = (
        f"{HEADER}\nZ,F1,10/01/2026 00:00,2026-02-09T00:00:00,5\nZ,F2,10/01/2026,09/02/2026 0:00:00,5\n"
        "Z,F3,10/01/2026 11:30,2026-02-09,5\n"
    )
    rows, errors, _told = read(text)
    assert [(row.invoice_date, row.due_date) for row in rows] == [(DAY, DUE), (DAY, DUE)]
    assert [error.line for error in errors] == [4]


def test_american_days_with_the_hour_that_a_database_writes(read):
    text = f"{HEADER}\nZ,F1,1/13/2026 12:00:00 AM,2/12/2026 12:00:00 AM,5\nZ,F2,1/10/2026 12:00:00 PM,2/9/2026,5\n"
    rows, errors, told = read(text)
    assert [(row.invoice_date, row.due_date) for row in rows] == [
        (datetime.date(2026, 1, 13), datetime.date(2026, 2, 12))
    ]
    assert ([error.line for error in errors], told["dates"]) == ([3], "%m/%d/%Y")


def test_totals_are_left_out_and_told(read):
    text = f"{HEADER}\nZ,F1,2026-01-10,2026-02-09,5\nTotal Z,,,,5\n,,,,5\n,Sous-total,,,5\n"
    text += "Total,F2,2026-01-10,2026-02-09,6\n"
    rows, errors, told = read(text)
    assert [(row.line, row.invoice) for row in rows] == [(2, "F1"), (6, "F2")]
    assert errors == []
    assert [name for name in told if name.startswith("line")] == ["line 3", "line 4", "line 5"]


def test_a_row_that_lacks_its_dates_is_no_total(read):
    _rows, errors, _told = read(f"{HEADER}\nZ,F1,,,5\nZ,,,,5\nSumo,,,,5\n")
    assert {error.line for error in errors} == {2, 3, 4}


def test_payments_with_a_title_and_a_total(read):
    text = "Relevé;;\nClient;Date;Montant\nZed;10/01/2026;1 200,00 €\nTotal;;1 200,00 €\n"
    payments, errors, told = read(text, "cp1252", how=read_payments)
    assert ([(one.line, one.amount, one.date) for one in payments], errors) == ([(3, 1200, DAY)], [])
    assert told["line 4"] == "a total, left out"


# -- workbooks ---------------------------------------------------------------------------


def test_a_workbook_with_a_title_and_a_header_of_two_merged_rows(book):
    rows, errors, _told = book(
        ["Encours clients au 30/06/2026"],
        [],
        ["Client", "Facture", None, None, "Montant TTC"],
        [None, "Numéro", "Date", "Échéance", None],
        ["Zed", "F1", DAY, DUE, 5],
        [None, None, None, "Total", 5],
    )
    assert [(row.line, row.customer, row.invoice, row.due_date) for row in rows] == [(5, "Zed", "F1", DUE)]
    assert [error.line for error in errors] == []


def test_days_as_text_as_days_and_as_the_numbers_excel_keeps(book):
    lines = [DAY, "10/01/2026", 46032, datetime.datetime(2026, 1, 10)]
    rows, errors, told = book(
        HEADER.split(","), *(["Z", f"F{number}", day, "09/02/2026", 5] for number, day in enumerate(lines))
    )
    assert errors == []
    assert [row.invoice_date for row in rows] == [DAY] * 4
    assert told["46032"] == "2026-01-10"


def test_figures_that_a_workbook_computed(book):
    rows, errors, _told = book(
        HEADER.split(","),
        ["Z", 1001.0, DAY, DUE, 0.3],
        ["Z", "F2", DAY, DUE, 1234.56],
        ["Z", "F3", DAY, DUE, 12.3456],
        ["Z", "F4", DAY, DUE, "=E2*2"],
    )
    assert [(row.invoice, row.amount) for row in rows] == [
        ("1001", Decimal("0.30")),
        ("F2", Decimal("1234.56")),
    ]
    assert errors == [
        RowError(4, "amount has more than 2 decimals", "12.3456"),
        RowError(
            5,
            "row cannot be read (no program has computed the formula in “amount” yet: open the file in Excel or "
            "LibreOffice and save it)",
            "",
        ),
    ]


def test_a_total_that_no_program_computed_is_left_out_all_the_same(book):
    rows, errors, told = book(
        HEADER.split(","), ["Z", "F1", DAY, DUE, 5], ["Total", None, None, None, "=SUM(E2:E2)"]
    )
    assert ([row.invoice for row in rows], errors) == (["F1"], [])
    assert told["line 3"] == "a total, left out"


@pytest.mark.parametrize("formula", ["=DATE(2026,1,10)", '=TEXT(1,"0,5")'])
def test_formulas_never_computed_decide_nothing(book, formula):
    """Neither the form of days nor the mark in amounts is guessed from them; the other rows are read."""
    rows, errors, _told = book(
        HEADER.split(","), ["Z", "F1", formula, DUE, 5], ["Z", "F2", "10/01/2026", "09/02/2026", "1,5"]
    )
    assert [row.invoice for row in rows] == ["F2"]
    assert ["invoice_date" in error.reason for error in errors] == [True]


LINES = (
    HEADER.split(","),
    ["Z", "F1", DAY, DUE, 5],
    ["Z", "F2", DAY, DUE, 6],
)


@pytest.mark.parametrize("told", [b"A1", b"A1:E2", b"A1:XFD1048576", None])
def test_all_of_a_sheet_is_read_whatever_size_its_writer_gave_it(tmp_path, told):
    """Programs that write row by row say in the beginning how large a sheet is, and some never come back to it."""
    workbook = Workbook()
    for line in LINES:
        workbook.active.append(line)
    workbook.save(tmp_path / "plain.xlsx")
    size = b'<dimension ref="%s"/>' % told if told else b""
    with ZipFile(tmp_path / "plain.xlsx") as plain, ZipFile(tmp_path / "ledger.xlsx", "w") as kept:
        for name in plain.namelist():
            kept.writestr(name, re.sub(rb"<dimension[^>]*/>", size, plain.read(name)))
    rows, errors = read_ledger(tmp_path / "ledger.xlsx")
    assert ([row.invoice for row in rows], errors) == (["F1", "F2"], [])


@pytest.mark.parametrize("before", [(), (["Ledger of 2026"],), (["customer", "city"], ["Z", "Lyon"])])
def test_the_sheet_that_is_a_ledger_is_read_wherever_it_stands(tmp_path, before):
    workbook = Workbook()
    for line in before:
        workbook.active.append(line)
    for title in ("Data", "Older"):
        sheet = workbook.create_sheet(title)
        for line in LINES:
            sheet.append(line)
    workbook.save(tmp_path / "ledger.xlsx")
    told = {}
    rows, errors = read_ledger(tmp_path / "ledger.xlsx", tell=told.update)
    assert ([row.invoice for row in rows], errors) == (["F1", "F2"], [])
    assert told["sheet “Data”"] == "the first with these columns, no other sheet is read"


def test_a_workbook_without_a_ledger_is_told_what_its_first_sheet_lacks(tmp_path):
    workbook = Workbook()
    workbook.active.append(["customer", "invoice"])
    workbook.create_sheet("Empty")
    workbook.save(tmp_path / "ledger.xlsx")
    with pytest.raises(LedgerFileError, match="missing column invoice_date, due_date, amount"):
        read_ledger(tmp_path / "ledger.xlsx")
