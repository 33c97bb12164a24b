"""What files say in words: headings of several languages, kinds of documents, months, sides, currencies in headings."""

import datetime
from decimal import Decimal

import pytest

from demo.cells import LedgerFileError
from demo.ledger_csv import RowError, read_ledger
from demo.payments_csv import read_payments

HEADER = "customer,invoice,invoice_date,due_date,amount"
GOOD = "Zed,F1,2026-01-10,2026-02-09"
DAY, DUE = datetime.date(2026, 1, 10), datetime.date(2026, 2, 9)


@pytest.fixture
def read(tmp_path):
    """Read a text, or bytes, as a file: the rows, the errors, and what was told."""

    def read(text, how=read_ledger, **options):
        path = tmp_path / "ledger.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        told = {}
        rows, errors = how(path, tell=told.update, **options)
        return rows, errors, told

    return read


@pytest.mark.parametrize(
    "heading",
    [
        "Cliente;Nº factura;Fecha factura;Fecha de vencimiento;Importe",
        "Klant;Factuurnummer;Factuurdatum;Vervaldatum;Bedrag",
        "Cliente;Numero fattura;Data fattura;Data scadenza;Importo",
        "Cliente;Número da fatura;Data;Vencimento;Valor",
        "Kunde;Rechnung-Nr.;Datum;Fällig am;Betrag",
        "Customer;Document No.;Document Date;Due Date;Amount",
        "Intitulé tiers;N° pièce;Date pièce;Échéance;Montant TTC",
        "Nom d'affichage du partenaire de facturation;Numéro;Date de facturation;Date d'échéance;Total signé",
        "Invoice Partner Display Name;Number;Invoice/Bill Date;Due Date;Total Signed",
        "Client;Facture;Date facture;Échéance;Reste dû",
    ],
)
def test_headings_of_other_languages_and_programs(read, heading):
    rows, errors, told = read(f"{heading}\nZed;F1;10/01/2026;09/02/2026;1 234,56\n")
    assert errors == []
    assert [(row.customer, row.invoice, row.invoice_date, row.due_date) for row in rows] == [
        ("Zed", "F1", DAY, DUE)
    ]
    assert rows[0].amount == Decimal("1234.56")
    assert "" not in told.values(), "nothing is left unread"


@pytest.mark.parametrize(
    "heading",
    ["Klant;Datum;Bedrag;Factuur", "Cliente;Fecha;Importe;Factura", "Kunde;Zahlungsdatum;Betrag;Rechnung"],
)
def test_headings_of_payments_in_other_languages(read, heading):
    payments, errors, _told = read(f"{heading}\nZed;10.01.2026;5,00;F1\n", how=read_payments)
    assert ([(one.date, one.amount, one.invoice) for one in payments], errors) == ([(DAY, 5, "F1")], [])


# -- kinds of documents ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        *(
            ("Facture", 40),
            ("Invoice", 40),
            ("Rechnung", 40),
            ("Facture d'acompte", 40),
            ("FA", 40),
            ("", 40),
        ),
        *(
            ("Avoir", -40),
            ("Facture d\u2019avoir", -40),
            ("Credit Note", -40),
            ("Gutschrift", -40),
            ("CN", -40),
        ),
        *(("Rechnungskorrektur", -40), ("out_refund", -40), ("Creditnota", -40), ("Nota de crédito", -40)),
    ],
)
def test_the_kind_of_a_row_says_whether_it_is_a_credit_note(read, kind, amount):
    for written in ("40", "-40") if amount < 0 else ("40",):
        rows, errors, told = read(f"{HEADER},Type\n{GOOD},{written},{kind}\nZed,F2,{DAY},{DUE},5,Facture\n")
        assert ([row.amount for row in rows], errors) == ([amount, 5], [])
        assert told["Type"] == "kind"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("Règlement", "kind is a payment, which belongs into the file of payments"),
        ("Invoice payment", "kind is neither invoice nor credit note"),
        ("B2B", "kind is neither invoice nor credit note"),
    ],
)
def test_a_row_that_is_no_document_is_named(read, kind, reason):
    rows, errors, _told = read(f"{HEADER},Type\n{GOOD},40,{kind}\nZed,F2,{DAY},{DUE},5,Facture\n")
    assert [row.invoice for row in rows] == ["F2"]
    assert errors == [RowError(2, reason, kind)]


def test_a_type_of_something_else_is_not_read(read):
    rows, errors, told = read(f"{HEADER},Type\n{GOOD},40,B2B\nZed,F2,{DAY},{DUE},5,Particulier\n")
    assert ([row.amount for row in rows], errors) == ([40, 5], [])
    assert told["Type"] == ""


def test_due_dates_of_one_document_have_one_sign(read):
    _rows, errors, _told = read(f"{HEADER}\n{GOOD},100\nZed,F1,{DAY},2026-03-09,-100\n")
    assert errors == [RowError(3, "invoice has another customer, date, currency or sign on line 2", "F1")]


# -- what is open ------------------------------------------------------------------------


def test_what_is_open_of_a_row_says_how_much_was_settled(read):
    rows, errors, _told = read(
        f"{HEADER},Reste dû,Date règlement\n{GOOD},100,40,2026-02-01\nZed,F2,{DAY},{DUE},9,9,\n"
    )
    assert errors == []
    assert [(row.amount, row.settled_amount) for row in rows] == [(100, 60), (9, 0)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("100,40,,", "settled_date is missing for the 60.00 that are no longer open"),
        ("100,100,2026-02-01,", "settled_amount is zero although settled_date is given"),
        ("100,40,2026-02-01,50", "open_amount and settled_amount 50.00 are not the amount 100.00"),
        ("100,soon,,", "open_amount is not an amount"),
    ],
)
def test_what_is_open_and_what_was_settled_are_the_amount(read, cells, reason):
    rows, errors, _told = read(f"{HEADER},open_amount,settled_date,settled_amount\n{GOOD},{cells}\n")
    assert rows == []
    assert [error.reason for error in errors] == [reason]


def test_a_running_balance_is_not_what_is_open(read):
    rows, errors, told = read(f"{HEADER},Solde\n{GOOD},100,100\nZed,F2,{DAY},{DUE},50,150\n")
    assert ([(row.amount, row.settled_amount) for row in rows], errors) == ([(100, 0), (50, 0)], [])
    assert told["Solde"] == ""
    _rows, errors, _told = read(f"{HEADER},open_amount\n{GOOD},100,150\n")
    assert [error.reason for error in errors] == ["open_amount is more than the amount 100.00"], (
        "nobody guessed"
    )


def test_payments_beside_say_what_is_open(read):
    rows, errors, told = read(f"{HEADER},Reste dû\n{GOOD},100,40\n", has_payments=True)
    assert ([(row.amount, row.settled_amount) for row in rows], errors) == ([(100, 0)], [])
    assert told["Reste dû"] == ""


# -- days --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        *("10 janv. 2026", "10-janv-26", "10-Jan-26", "10 January 2026", "Jan 10, 2026", "January 10th 2026"),
        *("10. Januar 2026", "10 de enero de 2026", "10 gennaio 2026", "10 januari 2026", "10 janeiro 2026"),
    ],
)
def test_days_that_name_their_month(read, written):
    rows, errors, _told = read(f'{HEADER}\nZed,F1,"{written}",2026-02-09,5\n')
    assert ([row.invoice_date for row in rows], errors) == ([DAY], [])


@pytest.mark.parametrize(
    ("word", "month"), [("août", 8), ("juin", 6), ("juil.", 7), ("März", 3), ("mei", 5), ("déc.", 12)]
)
def test_names_of_months(read, word, month):
    rows, errors, _told = read(f"{HEADER}\nZed,F1,1 {word} 2026,2026-12-31,5\n")
    assert ([row.invoice_date.month for row in rows], errors) == ([month], [])


@pytest.mark.parametrize(
    "written", ["31 février 2026", "10 foo 2026", "mardi 10 mars 2026", "mars 2026", "10 mars 026"]
)
def test_what_names_no_day(read, written):
    _rows, errors, _told = read(f"{HEADER}\nZed,F1,{written},2026-12-31,5\n")
    assert [error.reason for error in errors] == ["invoice_date is not a date in the form YYYY-MM-DD"]


def test_terms_that_are_usual_decide_between_days_and_months(read):
    rows, errors, told = read(f"{HEADER}\nZed,F1,12/11/2025,01/10/2026,5\nZed,F2,12/10/2025,01/09/2026,5\n")
    assert ([(row.invoice_date.month, row.due_date.month) for row in rows], errors) == ([(12, 1)] * 2, [])
    assert told["dates"] == "%m/%d/%Y"
    assert told["01/09/2026"] == "2026-01-09, where 2026-09-01 would be possible (DATE_FORMAT=%d/%m/%Y)"


def test_days_come_first_where_nothing_decides(read):
    rows, _errors, told = read(f"{HEADER}\nZed,F1,01/06/2026,01/07/2026,5\n")
    assert rows[0].due_date == datetime.date(2026, 7, 1)
    assert told["01/06/2026"] == "2026-06-01, where 2026-01-06 would be possible (DATE_FORMAT=%m/%d/%Y)"
    _rows, _errors, told = read(f"{HEADER}\nZed,F1,01/06/2026,30/07/2026,5\n")
    assert "01/06/2026" not in told, "another row leaves no doubt"
    _rows, _errors, told = read(f"{HEADER}\nZed,F1,01/06/2026,01/07/2026,5\n", date_format="%d/%m/%Y")
    assert "01/06/2026" not in told, "it was said"


def test_payments_have_the_days_of_their_ledger(read):
    text = "customer,date,amount\nZed,01/02/2026,5\n"
    for form, month in (("%m/%d/%Y", 1), ("%d/%m/%Y", 2), (None, 2)):
        payments, _errors, _told = read(text, how=read_payments, preferred=form)
        assert payments[0].date.month == month
    payments, _errors, _told = read(text + "Zed,13/02/2026,5\n", how=read_payments, preferred="%m/%d/%Y")
    assert payments[0].date.month == 2, "another row leaves no doubt"


# -- amounts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "others", "value"),
    [
        *(("1.234", "10,50", "1234"), ("1,234", "10.50", "1234"), ("1,234", "1,000.50", "1234")),
        *(("1.234", "1.000.000", "1234"), ("1.234", "1 000,5", "1234")),
    ],
)
def test_other_amounts_decide_what_the_only_mark_is(read, written, others, value):
    rows, errors, told = read(f'{HEADER}\n{GOOD},"{written}"\nZed,F2,{DAY},{DUE},"{others}"\n')
    assert ([row.amount for row in rows][:1], errors) == ([Decimal(value)], [])
    assert told[written].startswith(f"{value}.00, the others having")


@pytest.mark.parametrize(
    ("written", "others"), [("1.234", ("10,50", "10.50")), ("1.234", ("1 000",)), ("1.234", ("5",))]
)
def test_an_amount_that_nothing_decides_is_asked_about(read, written, others):
    rest = "".join(f'Zed,G{number},{DAY},{DUE},"{each}"\n' for number, each in enumerate(others))
    _rows, errors, _told = read(f'{HEADER}\n{GOOD},"{written}"\n{rest}')
    assert [error.reason for error in errors] == [
        "amount is ambiguous, with three digits after its only mark"
    ]


def test_the_only_mark_may_stand_before_too_many_decimals(read):
    _rows, errors, _told = read(f'{HEADER}\n{GOOD},"1.234"\nZed,F2,{DAY},{DUE},10.50\n')
    assert [error.reason for error in errors] == ["amount has more than 2 decimals"]


@pytest.mark.parametrize(
    ("written", "value"), [("12.50 CR", "-12.50"), ("12.50DR", "12.50"), ("(12.50) dr", "-12.50")]
)
def test_the_side_of_the_account(read, written, value):
    rows, errors, _told = read(f"{HEADER}\n{GOOD},{written}\n")
    assert ([row.amount for row in rows], errors) == ([Decimal(value)], [])


@pytest.mark.parametrize(
    "heading", ["Betrag CHF", "Betrag in CHF", "Montant TTC (CHF)", "Amount [CHF]", "Montant en CHF"]
)
def test_a_heading_names_the_currency(read, heading):
    rows, errors, told = read(f"customer,invoice,invoice_date,due_date,{heading}\n{GOOD},5\n")
    assert ([row.currency for row in rows], errors) == (["CHF"], [])
    assert told["CHF"] == "the currency of the amounts"
    text = (
        f"customer,invoice,invoice_date,due_date,{heading},currency\n{GOOD},5,USD\nZed,F2,{DAY},{DUE},5,CHF\n"
    )
    rows, errors, _told = read(text)
    assert [row.invoice for row in rows] == ["F2"]
    assert errors == [RowError(2, "currency is not CHF, which the heading of the amounts says", "USD")]


def test_a_heading_that_ends_like_a_currency(read):
    rows, errors, told = read(
        f"customer,invoice,invoice_date,due_date,amount,Montant HT TVA,Code ALL\n{GOOD},5,1,2\n"
    )
    assert ([row.currency for row in rows], errors) == (["EUR"], [])
    assert (told["Montant HT TVA"], told["Code ALL"]) == ("", "")


@pytest.mark.parametrize(("mark", "code"), [("€", "EUR"), ("£", "GBP"), ("eur", "EUR")])
def test_marks_of_currencies_in_their_column(read, mark, code):
    rows, errors, _told = read(f"{HEADER},currency\n{GOOD},5,{mark}\n")
    assert ([row.currency for row in rows], errors) == ([code], [])


# -- files -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unicode_text_without_its_mark(read, encoding):
    rows, errors, _told = read(f"{HEADER}\n{GOOD},5\n".replace("Zed", "Été").encode(encoding))
    assert ([row.customer for row in rows], errors) == (["Été"], [])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "a PDF, no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook as Excel wrote them before 2007, no table"),
        (b"\n<html><table>", "HTML or XML, no table"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "HTML or XML, no table"),
        (b'[{"customer": "Zed"}]', "JSON, no table"),
    ],
)
def test_what_is_no_table_is_named(read, content, what):
    with pytest.raises(LedgerFileError, match=what):
        read(content)
