"""The documents and bank lines that somebody's own files become."""

import datetime
from decimal import Decimal

import pytest

from demo.imported import Imported

DAY = datetime.date(2026, 6, 30)
LEDGER = """customer,invoice,invoice_date,due_date,amount
Brasserie Zed,F1,2026-01-10,2026-02-09,100
Brasserie Zed,F2,2026-01-10,2026-02-09,50
"Café
Été",F3,2026-01-10,2026-02-09,70
"""


@pytest.fixture
def imported(tmp_path):
    def imported(payments, ledger=LEDGER):
        (tmp_path / "ledger.csv").write_text(ledger)
        (tmp_path / "payments.csv").write_text("customer,date,amount,invoice\n" + payments)
        return Imported(tmp_path / "ledger.csv", DAY, payments=tmp_path / "payments.csv")

    return imported


def applied(source):
    return [(transfer.amount, transfer.applies) for transfer in source.transfers]


def test_payments_are_matched_as_far_as_what_they_name_is_open(imported):
    source = imported(
        "Brasserie Zed,2026-02-01,60,F1\nBrasserie Zed,2026-02-02,60,F1\nBrasserie Zed,2026-02-03,5,F1\n"
        "Brasserie Zed,2026-02-03,-5,F1\nBrasserie Zed,2026-02-03,5,\nCafé Été,2026-02-03,5,F1\n"
    )
    first, rest = Decimal(60), Decimal(40)
    assert applied(source)[:2] == [(60, (("F1", first),)), (60, (("F1", rest),))], "the rest is on account"
    assert applied(source)[2:] == [(5, ()), (-5, ()), (5, ()), (5, ())]


def test_payers_are_who_the_ledger_calls_otherwise(imported):
    source = imported("BRASSERIE  zed,2026-02-01,60,F1\nCafé Ete,2026-02-02,70,F3\nNobody,2026-02-02,1,\n")
    assert applied(source) == [(60, (("F1", Decimal(60)),)), (70, (("F3", Decimal(70)),)), (1, ())]
    assert [debtor.name for debtor in source.debtors] == ["Brasserie Zed", "Café Été", "Nobody"]
    assert source.guessed["BRASSERIE  zed"] == "the customer Brasserie Zed"
    assert source.guessed["Nobody"] == "a customer without invoices"


def test_payers_that_could_be_two_are_told(imported):
    source = imported(
        "ZED,2026-02-01,1,\nOther,2026-02-01,1,\n",
        LEDGER.replace("Brasserie Zed", "Zed", 1).replace("Brasserie Zed", "zed"),
    )
    assert {debtor.name for debtor in source.debtors} == {"Zed", "zed", "Café Été", "ZED", "Other"}
    assert source.guessed["Other"] == "a customer without invoices, and so are 1 more"


def test_what_was_guessed_of_the_payments_stands_beside(tmp_path):
    (tmp_path / "ledger.csv").write_text(
        "Kunde,Rechnung,Datum,Fällig am,Betrag\nZ,F1,01/13/2026,02/12/2026,5\n"
    )
    (tmp_path / "payments.csv").write_text("Kunde,Datum,Betrag\nZ,01/02/2026,5\nZ,2026-02-03,5\n")
    source = Imported(tmp_path / "ledger.csv", DAY, payments=tmp_path / "payments.csv")
    assert [payment.date.month for payment in source.payments] == [1, 2]
    assert source.guessed["Datum"] == "invoice_date"
    assert source.guessed["Datum, in the payments"] == "date"
    assert source.guessed["01/02/2026"].startswith("2026-01-02, where 2026-02-01 would be possible")
