"""Ledgers that say the side of an amount in a column of its own, or behind it, and signs as people write them."""

import pytest

from demo.cells import UnreadableError, read_signed, without_mark
from demo.ledger_csv import RowError, read_ledger
from demo.payments_csv import read_payments

FACTS = "Zed;F{};10/01/2026;09/02/2026"
HEADING = "Client;Facture;Date facture;Échéance;Montant"


@pytest.fixture
def read(tmp_path):
    """Read lines below a heading as a file: the amounts by invoice, the errors, and what was told."""

    def read(heading, *lines, how=read_ledger):
        path = tmp_path / "ledger.csv"
        path.write_text("\n".join((heading, *lines)))
        told = {}
        rows, errors = how(path, tell=told.update)
        return {row.invoice: row.amount for row in rows}, errors, told

    return read


@pytest.mark.parametrize(
    ("heading", "debit", "credit"),
    [
        ("Sens", "D", "C"),
        ("Sens", "Débit", "Crédit"),
        ("Sens", "+1", "-1"),
        ("Débit/Crédit", "D", "C"),
        ("D/C", "DB", "CR"),
        ("Dr/Cr", "Dr", "Cr"),
        ("S/H", "S", "H"),
        ("Soll/Haben-Kennzeichen", "Soll", "Haben"),
        ("Debe/Haber", "D", "H"),
        ("Dare/Avere", "D", "A"),
        ("Signe", "+", "-"),
        ("Vorzeichen", "+", "\u2212"),
    ],
)
def test_a_column_says_the_side(read, heading, debit, credit):
    lines = (f"{FACTS.format(1)};120,50;{debit}", f"{FACTS.format(2)};20,50;{credit}")
    amounts, errors, told = read(f"{HEADING};{heading}", *lines)
    assert (amounts, errors) == ({"F1": 120.5, "F2": -20.5}, [])
    assert told[heading] == "side"


def test_a_side_that_is_missing_or_unknown_is_named(read):
    lines = (f"{FACTS.format(1)};10;D", f"{FACTS.format(2)};10;", f"{FACTS.format(3)};10;X")
    amounts, errors, _told = read(f"{HEADING};Sens", *lines)
    assert amounts == {"F1": 10}
    assert errors == [
        RowError(3, "side is missing", ""),
        RowError(4, "side is neither debit nor credit", "X"),
    ]


def test_signs_that_say_the_side_already_are_enough(read):
    lines = (f"{FACTS.format(1)};10;D", f"{FACTS.format(2)};-10;C", f"{FACTS.format(3)};5-;C")
    amounts, errors, told = read(f"{HEADING};Sens", *lines)
    assert (amounts, errors, told["Sens"]) == ({"F1": 10, "F2": -10, "F3": -5}, [], "")


def test_what_is_taken_off_a_side_stands_on_the_other(read):
    lines = (f"{FACTS.format(1)};10;C", f"{FACTS.format(2)};-10;C", f"{FACTS.format(3)};-10;D")
    amounts, errors, _told = read(f"{HEADING};Sens", *lines)
    assert (amounts, errors) == ({"F1": -10, "F2": 10, "F3": -10}, [])


def test_a_column_that_names_no_side_is_another(read):
    amounts, errors, told = read(f"{HEADING};Sens", f"{FACTS.format(1)};10;Nord", f"{FACTS.format(2)};10;")
    assert (amounts, errors, told["Sens"]) == ({"F1": 10, "F2": 10}, [], "")


def test_beside_two_sides_it_says_nothing_more(read):
    heading = "Client;Facture;Date facture;Échéance;Débit;Crédit;Sens"
    amounts, errors, told = read(heading, f"{FACTS.format(1)};10;;D", f"{FACTS.format(2)};;10;C")
    assert (amounts, errors, told["Sens"]) == ({"F1": 10, "F2": -10}, [], "")


def test_a_credit_note_stays_one_on_its_side(read):
    amounts, errors, _told = read(
        f"{HEADING};Type;Sens", f"{FACTS.format(1)};10;Avoir;C", f"{FACTS.format(2)};10;Facture;D"
    )
    assert (amounts, errors) == ({"F1": -10, "F2": 10}, [])


def test_what_a_customer_pays_is_credited(read):
    heading, lines = "Client;Date;Facture;Montant;Sens", ("Zed;10/01/2026;F1;50;C", "Zed;11/01/2026;F2;20;D")
    amounts, errors, told = read(heading, *lines, how=read_payments)
    assert (amounts, errors, told["Sens"]) == ({"F1": 50, "F2": -20}, [], "side")
    lines = ("Zed;10/01/2026;F1;50,00 CR", "Zed;11/01/2026;F2;20,00 D", "Zed;12/01/2026;F3;7,00")
    amounts, errors, _told = read("Client;Date;Facture;Montant", *lines, how=read_payments)
    assert (amounts, errors) == ({"F1": 50, "F2": -20, "F3": 7}, [])


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("+12,30", "12.30"),
        ("12,30 C", "-12.30"),
        ("12,30D", "12.30"),
        ("12,30 H", "-12.30"),
        ("12,30 S", "12.30"),
        ("\u201312,30", "-12.30"),
        ("12,30\u2013", "-12.30"),
        ("-€12,30", "-12.30"),
        ("(€ 12,30)", "-12.30"),
        ("- 12,30 €", "-12.30"),
        ("'-12,30", "-12.30"),  # a workbook's mark of a text
        ("'12,30", "12.30"),
    ],
)
def test_signs_as_people_write_them(text, amount):
    assert str(read_signed(without_mark(text, "EUR"), 2)) == amount


@pytest.mark.parametrize("text", ["12,30 A", "12,30 USD", "+-12,30", "--12,30", "12,30 DC"])
def test_what_is_no_sign(text):
    with pytest.raises(UnreadableError):
        read_signed(without_mark(text, "EUR"), 2)


def test_pages_repeat_their_header(read):
    lines = (
        f"{FACTS.format(1)};10,00",
        "Total page;;;;10,00",
        "Page 2;;;;",
        HEADING,
        "Report;;;;10,00",
        f"{FACTS.format(2)};20,00",
        "Zed Total;;;;30,00",
        "Gesamtergebnis;;;;30,00",
        ";;;;Édité le 01/02/2026",
    )
    amounts, errors, told = read(HEADING, *lines)
    assert (amounts, errors) == ({"F1": 10, "F2": 20}, [])
    assert [told[f"line {line}"] for line in (3, 6, 8, 9)] == ["a total, left out"] * 4
    assert told["line 5"] == "the header again, left out"
    assert told["line 4"] == "nothing but “Page 2”, left out"
    assert told["line 10"] == "nothing but “Édité le 01/02/2026”, left out"


def test_a_row_that_owes_is_never_left_out(read):
    lines = (";;;;10,00", "Zed;;;;10,00", "Total SA;F1;10/01/2026;09/02/2026;10,00", "Zed;F2;;;")
    amounts, errors, _told = read(HEADING, *lines)
    assert amounts == {"F1": 10}
    assert {error.line for error in errors} == {3, 5}


def test_a_customer_under_two_spellings_is_told(read):
    names = ("Dupont SA", "Dupont  SA", "Dupont\u00a0SA", "DUPONT S.A.", "DUPONT S.A.")
    lines = (f"{name};F{number};10/01/2026;09/02/2026;10" for number, name in enumerate(names))
    _amounts, errors, told = read(HEADING, *lines)
    assert errors == []
    other = "another customer than “Dupont SA”, read as two"
    assert {name for name, text in told.items() if text == other} == {*names} - {"Dupont SA"}
