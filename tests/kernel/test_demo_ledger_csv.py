"""Somebody's own ledger as CSV is read to the cent, and every bad row is named with its line."""

import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from demo.cells import LedgerFileError
from demo.iso_codes import CURRENCIES
from demo.ledger_csv import (
    Row,
    RowError,
    read_ledger,
    scan_ledger,
)
from demo.sample_csv import SAMPLE_DATE, write_sample

HEADER = "customer,invoice,invoice_date,due_date,amount"
ALL = "customer,invoice,invoice_date,due_date,amount,currency,country,settled_date,settled_amount,disputed"
GOOD = "Brasserie Zed,F1,2026-01-10,2026-02-09"


@pytest.fixture
def read(tmp_path):
    def read(text, *args, encoding="utf-8", **options):
        path = tmp_path / "ledger.csv"
        path.write_bytes(text.encode(encoding))
        return read_ledger(path, *args, **options)

    return read


def one_error(result):
    rows, errors = result
    assert rows == []
    assert len(errors) == 1
    return errors[0]


def test_required_columns_suffice(read):
    rows, errors = read(f"{HEADER}\n{GOOD},1234.56\n")
    assert errors == []
    dates = datetime.date(2026, 1, 10), datetime.date(2026, 2, 9)
    assert rows == [Row(2, "Brasserie Zed", "F1", *dates, Decimal("1234.56"), "EUR")]
    assert rows[0].line == 2


def test_all_columns(read):
    countries = {"Belgium": "BE", "Belgique": "BE", "Côte d'Ivoire": "CI"}
    text = f"{ALL}\n{GOOD},5000,jpy,belgique,2026-03-01,2000,Oui\n"
    text += "Z,F2,2026-01-10,2026-02-09,7,,cote d'ivoire,,,\n"
    (first, second), errors = read(text, countries=countries)
    assert errors == []
    assert (first.currency, first.country, first.amount) == ("JPY", "BE", Decimal(5000))
    assert (first.settled_date, first.settled_amount) == (datetime.date(2026, 3, 1), Decimal(2000))
    assert first.disputed is True
    assert (second.currency, second.country, second.settled_date) == ("EUR", "CI", None)
    assert (second.settled_amount, second.disputed) == (0, False)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_delimiters_encodings_and_line_ends(read, delimiter, encoding, newline):
    lines = [
        " Amount |INVOICE date|Due-Date|Customer|invoice|note",
        '1234.5|2026-01-10|2026-02-09|"Café, Été; SA"|F1|',
    ]
    rows, errors = read(newline.join(lines).replace("|", delimiter), encoding=encoding)
    assert errors == []
    assert (rows[0].customer, rows[0].amount) == ("Café, Été; SA", Decimal("1234.5"))


def test_explicit_date_format(read):
    text = f"{HEADER}\nZ,F1,10/01/2026,09/02/2026,10\nZ,F2,2026/01/10,09/02/2026,10\n"
    rows, errors = read(text + "Z,F3,2026-01-10,09/02/2026,10\n", "%d/%m/%Y")
    assert [row.due_date for row in rows] == [datetime.date(2026, 2, 9)] * 2, "ISO cannot be mistaken"
    assert errors == [RowError(3, "invoice_date is not a date in the form %d/%m/%Y", "2026/01/10")]


@pytest.mark.parametrize("date_format", ["%d/%m", "%Q", "", "%Y"])
def test_a_date_format_that_names_no_day_is_refused(read, date_format):
    with pytest.raises(LedgerFileError, match="is not a date format"):
        read(f"{HEADER}\n", date_format)


@pytest.mark.parametrize(
    ("written", "currency", "value"),
    [
        ("1 234,56", "EUR", "1234.56"),
        ("1\u202f234\u00a0567,8", "EUR", "1234567.8"),
        ("1234.56", "EUR", "1234.56"),
        ("1234,56", "EUR", "1234.56"),
        ("1,234.56", "EUR", "1234.56"),
        ("1.234,56", "EUR", "1234.56"),
        ("1,234,567", "EUR", "1234567"),
        ("1234.000", "EUR", "1234"),
        ("0,500", "EUR", "0.5"),
        ("1.234", "KWD", "1.234"),
        ("1 234,567", "KWD", "1234.567"),
        ("1234.00", "JPY", "1234"),
        ("999999999999.99", "EUR", "999999999999.99"),
        ("-5", "EUR", "-5"),
        ("\u22125,00", "EUR", "-5"),
        ("(5.00)", "EUR", "-5"),
        ("5,00-", "EUR", "-5"),
    ],
)
def test_amounts(read, written, currency, value):
    rows, errors = read(f'{ALL}\n{GOOD},"{written}",{currency},,,,\n')
    assert errors == []
    assert rows[0].amount == Decimal(value)
    assert -rows[0].amount.as_tuple().exponent == CURRENCIES[currency]


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("", "EUR", "amount is missing"),
        ("-0", "EUR", "amount is zero"),
        ("0", "EUR", "amount is zero"),
        ("0,00", "EUR", "amount is zero"),
        ("1,234", "EUR", "amount is ambiguous, with three digits after its only mark"),
        ("1.234", "EUR", "amount is ambiguous, with three digits after its only mark"),
        ("1,234", "KWD", "amount is ambiguous, with three digits after its only mark"),
        ("12.345", "EUR", "amount is ambiguous, with three digits after its only mark"),
        ("1234.567", "EUR", "amount has more than 2 decimals"),
        ("12.5", "JPY", "amount has more than 0 decimals"),
        ("1000000000000", "EUR", "amount is too large"),
        ("1e5", "EUR", "amount is not an amount"),
        ("NaN", "EUR", "amount is not an amount"),
        ("1 2 3", "EUR", "amount is not an amount"),
        ("1,23,456", "EUR", "amount is not an amount"),
        ("12 $", "EUR", "amount is not an amount"),
        ("\u0661\u0662", "EUR", "amount is not an amount"),
    ],
)
def test_amounts_refused(read, amount, currency, reason):
    result = read(f'{ALL}\n\n{GOOD},"{amount}",{currency},,,,\n')
    assert one_error(result) == RowError(3, reason, amount)


@pytest.mark.parametrize(
    ("row", "reason", "value"),
    [
        (" ,F1,2026-01-10,2026-02-09,5,,,,,", "customer is missing", ""),
        ("Z,,2026-01-10,2026-02-09,5,,,,,", "invoice is missing", ""),
        ("Z,F1,,2026-02-09,5,,,,,", "invoice_date is missing", ""),
        (
            "Z,F1,2026-02-30,2026-03-09,5,,,,,",
            "invoice_date is not a date in the form YYYY-MM-DD",
            "2026-02-30",
        ),
        ("Z,F1,2026-01-10,2026-W05-6,5,,,,,", "due_date is not a date in the form YYYY-MM-DD", "2026-W05-6"),
        ("Z,F1,2026-01-10,20260209,5,,,,,", "due_date is not a date in the form YYYY-MM-DD", "20260209"),
        ("Z,F1,2026-01-10,2026-01-09,5,,,,,", "due_date is before invoice_date 2026-01-10", "2026-01-09"),
        (f"{GOOD},5,XXQ,,,,", "currency is not a known currency", "XXQ"),
        (f"{GOOD},5,,Atlantis,,,", "country is not a known country", "Atlantis"),
        (f"{GOOD},5,,,2026-01-09,,", "settled_date is before invoice_date 2026-01-10", "2026-01-09"),
        (f"{GOOD},5,,,soon,,", "settled_date is not a date in the form YYYY-MM-DD", "soon"),
        (f"{GOOD},5,,,2026-02-09,5.01,", "settled_amount is more than the amount 5.00", "5.01"),
        (f"{GOOD},5,,,2026-02-09,-1,", "settled_amount is negative", "-1"),
        (f"{GOOD},5,,,2026-02-09,0,", "settled_amount is zero although settled_date is given", "0"),
        (f"{GOOD},5,,,,3,", "settled_date is missing for the settled_amount 3.00", ""),
        (f"{GOOD},5,,,,,maybe", "disputed is neither yes nor no", "maybe"),
        (f"{GOOD},5,,,,,no,extra", "row has more cells than the header", "extra"),
        ('"Z"a,F1,2026-01-10,2026-02-09,5,,,,,', "row cannot be read (',' expected after '\"')", ""),
    ],
)
def test_rows_refused(read, row, reason, value):
    rows, errors = read(
        f"{ALL}\nZ,F0,2026-01-10,2026-02-09,5,,,,,\n{row}\nZ,F9,2026-01-10,2026-02-09,5,,,,,\n"
    )
    assert [good.invoice for good in rows] == ["F0", "F9"]
    assert errors == [RowError(3, reason, value)]


def test_every_fault_of_a_row_is_named(read):
    _rows, errors = read(f"{ALL}\n,F1,yesterday,2026-02-09,0,EURO,,,,\n")
    columns = [error.reason.split()[0] for error in errors]
    assert columns == ["customer", "invoice_date", "currency", "amount"]
    assert str(errors[1]) == "line 2: invoice_date is not a date in the form YYYY-MM-DD: 'yesterday'"


def test_duplicates_name_both_lines(read):
    rows, errors = read(f"{HEADER}\n{GOOD},5\nZ,F2,2026-01-10,2026-02-09,5\n{GOOD},6\n")
    assert [row.invoice for row in rows] == ["F1", "F2"]
    assert errors == [RowError(4, "invoice is already on line 2", "F1")]


def test_lines_are_counted_over_quoted_line_breaks(read):
    _rows, errors = read(
        f'{HEADER}\n"Z\nsecond line",F1,2026-01-10,2026-02-09,5\n\nZ,F2,2026-01-10,2026-02-09,0\n'
    )
    assert errors == [RowError(5, "amount is zero", "0")]


def test_settlement_by_date_alone_is_full(read):
    rows, errors = read(f"{ALL}\n{GOOD},5,,,2026-02-09,,\nZ,F2,2026-01-10,2026-02-09,5,,,,0.00,\n")
    assert errors == []
    assert (rows[0].settled_amount, rows[0].settled_date) == (Decimal(5), datetime.date(2026, 2, 9))
    assert (rows[1].settled_amount, rows[1].settled_date) == (0, None)


@pytest.mark.parametrize("word", ["yes", "TRUE", "1", "Oui", "x", "X"])
def test_disputed(read, word):
    rows, _errors = read(f"{ALL}\n{GOOD},5,,,,,{word}\n")
    assert rows[0].disputed is True


@pytest.mark.parametrize("word", ["", "no", "False", "0", "NON"])
def test_not_disputed(read, word):
    rows, _errors = read(f"{ALL}\n{GOOD},5,,,,,{word}\n")
    assert rows[0].disputed is False


def test_currencies_are_the_callers(read):
    text = f"{ALL}\n{GOOD},5,USD,,,,\n"
    assert one_error(read(text, currencies={"EUR": 2})).value == "USD"
    assert read(text, currencies={"USD": 2})[0][0].currency == "USD"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("customer;invoice;due_date;amount\n", "missing column invoice_date"),
        ("hello world\n", "missing column customer, invoice, invoice_date, due_date, amount"),
        (f"{HEADER},Amount\n", "column amount is there twice"),
    ],
)
def test_files_refused(read, text, message):
    with pytest.raises(LedgerFileError, match=message):
        read(text)


def test_windows_text_is_read_and_anything_else_refused(read):
    rows, errors = read(f"{HEADER}\nCafé,F1,2026-01-10,2026-02-09,5\n", encoding="cp1252")
    assert ([row.customer for row in rows], errors) == (["Café"], [])
    with pytest.raises(LedgerFileError, match="neither UTF-8 nor Windows"):
        read(f"{HEADER}\nCafé\x81,F1,2026-01-10,2026-02-09,5\n", encoding="latin-1")


def test_columns_by_other_names_are_guessed_and_told(read):
    told = []
    text = "Nom du client;N° facture;Date facture;Échéance;Montant TTC;Devise;Réglé\n"
    text += "Zed;F1;10/01/2026;28/02/2026;-1 234,50;EUR;\n"
    rows, errors = read(text, encoding="cp1252", tell=told.append)
    assert errors == []
    assert (rows[0].customer, rows[0].due_date, rows[0].amount) == (
        *("Zed", datetime.date(2026, 2, 28), Decimal("-1234.50")),
    )
    assert told[0]["Échéance"] == "due_date"
    assert told[0]["dates"] == "%d/%m/%Y"


def test_months_before_days_where_nothing_else_fits(read):
    rows, errors = read(f"{HEADER}\nZ,F1,01/02/2026,01/31/2026,5\n")
    assert errors == []
    assert rows[0].invoice_date == datetime.date(2026, 1, 2)


def test_years_nobody_means(read):
    assert one_error(read(f"{HEADER}\nZ,F1,0026-01-10,2026-02-09,5\n")).reason.startswith(
        "invoice_date is not between 1900"
    )


def test_an_invoice_has_a_row_for_each_due_date(read):
    rows, errors = read(f"{HEADER}\n{GOOD},5\nBrasserie Zed,F1,2026-01-10,2026-03-09,6\n")
    assert errors == []
    assert [(row.invoice, row.amount) for row in rows] == [("F1", 5), ("F1", 6)]


def test_an_invoice_has_one_customer(read):
    rows, errors = read(f"{HEADER}\n{GOOD},5\nOther,F1,2026-01-10,2026-03-09,6\n")
    assert [row.line for row in rows] == [2]
    assert errors == [RowError(3, "invoice has another customer, date, currency or sign on line 2", "F1")]


def test_a_credit_note_is_settled_by_its_own_sign(read):
    for paid in ("3", "-3", ""):
        rows, errors = read(f"{ALL}\n{GOOD},-5,,,2026-02-09,{paid},\n")
        assert errors == []
        assert rows[0].settled_amount == Decimal(-3 if paid else -5)
    assert "more than" in one_error(read(f"{ALL}\n{GOOD},-5,,,2026-02-09,-6,\n")).reason


def test_a_workbook_is_read_like_text(tmp_path):
    book = Workbook()
    for line in (
        [*HEADER.split(","), None],
        ["Zed", "F1", datetime.date(2026, 1, 10), datetime.date(2026, 2, 9), 1234.5, None],
        [],
        ["Zed", 17, datetime.date(2026, 1, 10), datetime.date(2026, 2, 9), "soon", None],
    ):
        book.active.append(line)
    book.save(tmp_path / "ledger.xlsx")
    rows, errors = read_ledger(tmp_path / "ledger.xlsx")
    assert [(row.invoice, row.amount, row.line) for row in rows] == [("F1", Decimal("1234.50"), 2)]
    assert errors == [RowError(4, "amount is not an amount", "soon")]


def test_a_damaged_workbook_is_named(tmp_path):
    (tmp_path / "ledger.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(LedgerFileError, match="not a readable workbook"):
        read_ledger(tmp_path / "ledger.xlsx")


def test_a_hundred_thousand_rows_are_told_as_they_come(tmp_path):
    write_sample(tmp_path / "large.csv", 100_000, seed=1)
    seen = []
    rows, errors = read_ledger(tmp_path / "large.csv", progress=seen.append)
    assert (len(rows), errors) == (100_000, [])
    assert seen == list(range(1000, 100_001, 1000))


def test_header_alone_is_an_empty_ledger(read):
    assert read(f"{HEADER}\n") == ([], [])


def test_sample_is_deterministic_and_clean(tmp_path):
    first, second, other = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    write_sample(first, 500, seed=7)
    write_sample(second, 500, seed=7)
    write_sample(other, 500, seed=8)
    assert first.read_bytes() == second.read_bytes() != other.read_bytes()
    rows, errors = read_ledger(first)
    assert (len(rows), errors) == (500, [])
    assert list(scan_ledger(first)) == rows
    assert all((row.settled_date or row.invoice_date) <= SAMPLE_DATE for row in rows)
    assert {bool(row.settled_date) for row in rows} == {True, False}
