"""Ledgers as other programs export them: their names of columns, numbers for customers, American dates."""

import datetime
from decimal import Decimal

import pytest

from demo.ledger_csv import Row, read_ledger


@pytest.fixture
def read(tmp_path):
    def read(text, **options):
        path = tmp_path / "ledger.csv"
        path.write_text(text)
        return read_ledger(path, **options)

    return read


#: As an accounts receivable system exports it: numbers for customers, codes of its own for countries, American dates.
EXPORTED = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,"
    "PaperlessBill,DaysToSettle,DaysLate\n"
)


def test_an_export_in_american_dates_is_read_as_it_is(read):
    told = {}
    text = f"{EXPORTED}{{}},0187-A,4/6/2013,77,1/2/2013,2/1/2013,61.12,{{}},1/15/2013,Paper,13,0\n"
    text += "{},0187-A,4/6/2013,78,1/26/2013,2/25/2013,59.5,Yes,3/1/2013,Electronic,34,4\n"
    rows, errors = read(text.format(391, "No", 391), tell=told.update)
    assert errors == []
    days = datetime.date(2013, 1, 2), datetime.date(2013, 2, 1)
    paid = datetime.date(2013, 1, 15), Decimal("61.12")
    assert rows[0] == Row(2, "0187-A", "77", *days, paid[1], "EUR", "", *paid)
    assert [row.disputed for row in rows] == [False, True]
    assert (told["customerID"], told["InvoiceAmount"], told["dates"]) == ("customer", "amount", "%m/%d/%Y")
    assert {name for name, meant in told.items() if not meant} == {
        *("countryCode", "PaperlessDate", "PaperlessBill", "DaysToSettle", "DaysLate")
    }


def test_codes_of_countries_are_read_where_they_are_such(read):
    line = "{},Z,,1,1/2/2013,1/31/2013,61.12,No,,Paper,,\n"
    rows, errors = read(f"{EXPORTED}{line.format('fr')}")
    assert ([row.country for row in rows], errors) == (["FR"], [])
    _rows, errors = read(f"{EXPORTED}{line.format('391')}".replace("countryCode", "country"))
    assert [error.reason for error in errors] == ["country is not a known country"], "nobody guessed"
    rows, errors = read(f"{EXPORTED}{line.format('FR')}{line.format('391').replace(',1,', ',2,', 1)}")
    assert [error.reason for error in errors] == ["country is not a known country"], "others are countries"


def test_a_name_of_the_customer_goes_before_its_number(read):
    rest = "invoice,invoice_date,due_date,amount"
    rows, errors = read(f"customerID,Customer Name,{rest}\nK1,Brasserie Zed,F1,2026-01-10,2026-02-09,5\n")
    assert ([row.customer for row in rows], errors) == (["Brasserie Zed"], [])
