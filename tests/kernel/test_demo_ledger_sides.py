"""Ledgers and payments that say amounts on two sides of an account."""

import datetime

import pytest

from demo.ledger_csv import RowError, read_ledger
from demo.payments_csv import read_payments

FACTS = "Zed;F{};10/01/2026;09/02/2026"


@pytest.fixture
def read(tmp_path):
    """Read lines below a heading as a file: the amounts by invoice, the errors, and what was told."""

    def read(heading, *lines, how=read_ledger, **options):
        path = tmp_path / "ledger.csv"
        path.write_text("\n".join((heading, *lines)))
        told = {}
        rows, errors = how(path, tell=told.update, **options)
        return {row.invoice: row.amount for row in rows}, errors, told

    return read


@pytest.mark.parametrize(
    ("heading", "sides"),
    [
        ("Client;Facture;Date facture;Échéance", ("Débit", "Crédit")),
        ("Client;Facture;Date facture;Échéance", ("Débit EUR", "Crédit EUR")),
        ("Tiers;N° pièce;Date pièce;Échéance", ("Solde débiteur", "Solde créditeur")),
        ("Kunde;Rechnung-Nr.;Datum;Fällig am", ("Soll", "Haben")),
        ("Cliente;Nº factura;Fecha factura;Vencimiento", ("Debe", "Haber")),
        ("Cliente;Numero fattura;Data fattura;Data scadenza", ("Dare", "Avere")),
        ("Klant;Factuurnummer;Factuurdatum;Vervaldatum", ("Debet", "Credit")),
        ("Customer;Invoice No.;Document Date;Due Date", ("Debit", "Credit")),
    ],
)
def test_what_is_credited_takes_away(read, heading, sides):
    lines = (f"{FACTS.format(1)};120,50;", f"{FACTS.format(2)};;20,50", f"{FACTS.format(3)};7,00;0,00")
    amounts, errors, told = read(";".join((heading, *sides)), *lines)
    assert (amounts, errors) == ({"F1": 120.5, "F2": -20.5, "F3": 7}, [])
    assert [told[side] for side in sides] == ["amount", "amount, below zero"]


@pytest.mark.parametrize(
    ("debit", "credit", "amount"),
    [
        ("1 234,56", "0,00", "1234.56"),
        ("0", "1.234,56", "-1234.56"),
        ("-", "12,30 €", "-12.30"),
        ("", "€ 12,30", "-12.30"),
        ("-12,30", "", "-12.30"),
        ("", "-12,30", "12.30"),
        ("", "(12,30)", "12.30"),
    ],
)
def test_a_side_is_written_in_many_ways(read, debit, credit, amount):
    amounts, errors, _told = read(
        "Client;Facture;Date facture;Échéance;Débit;Crédit", f"{FACTS.format(1)};{debit};{credit}"
    )
    assert ({name: str(found) for name, found in amounts.items()}, errors) == ({"F1": amount}, [])


def test_a_row_of_both_sides_or_none_is_named(read):
    heading = "Client;Facture;Date facture;Échéance;Débit;Crédit"
    lines = (
        f"{FACTS.format(1)};10,00;3,00",
        f"{FACTS.format(2)};0,00;0,00",
        FACTS.format(3),
        f"{FACTS.format(4)};5,00",
    )
    amounts, errors, _told = read(heading, *lines)
    assert amounts == {"F4": 5}
    assert errors == [
        RowError(2, "amount is not an amount", "10,00 and 3,00"),
        RowError(3, "amount is zero", "0,00"),
        RowError(4, "amount is missing", ""),
    ]


def test_the_balance_beside_them_is_no_amount(read):
    heading = "Client;Facture;Date facture;Échéance;Débit;Crédit;Solde"
    amounts, errors, told = read(heading, f"{FACTS.format(1)};10,00;;10,00", f"{FACTS.format(2)};5,00;;15,00")
    assert (amounts, errors) == ({"F1": 10, "F2": 5}, [])
    assert told["Solde"] == ""


def test_an_amount_beside_them_is_the_amount(read):
    heading = "Client;Facture;Date facture;Échéance;Montant TTC;Débit;Crédit"
    amounts, errors, told = read(heading, f"{FACTS.format(1)};12,00;10,00;")
    assert (amounts, errors) == ({"F1": 12}, [])
    assert (told["Montant TTC"], told["Débit"], told["Crédit"]) == ("amount", "", "")


def test_what_a_customer_pays_is_credited(tmp_path):
    path = tmp_path / "payments.csv"
    path.write_text(
        "Client;Date;Libellé;Débit;Crédit\nZed;10/01/2026;VIR;;50,00\nZed;11/01/2026;REJET;50,00;\n"
    )
    payments, errors = read_payments(path)
    assert errors == []
    assert [(one.date, one.amount) for one in payments] == [
        (datetime.date(2026, 1, 10), 50),
        (datetime.date(2026, 1, 11), -50),
    ]


def test_a_workbook_has_two_sides_too(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for line in (
        ("Client", "Facture", "Date facture", "Échéance", "Débit", "Crédit"),
        ("Zed", "F1", datetime.date(2026, 1, 10), datetime.date(2026, 2, 9), 100.1, None),
        ("Zed", "A1", datetime.date(2026, 1, 10), datetime.date(2026, 2, 9), 0, 30),
    ):
        book.active.append(line)
    book.save(tmp_path / "ledger.xlsx")
    rows, errors = read_ledger(tmp_path / "ledger.xlsx")
    assert ([(row.invoice, str(row.amount)) for row in rows], errors) == (
        [("F1", "100.10"), ("A1", "-30.00")],
        [],
    )
