"""What is written of a ledger is read back as it was, whatever names and separators are in it."""

import datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.iso_codes import CURRENCIES
from demo.ledger_csv import Row, read_ledger
from demo.sample_csv import write_ledger

NAMES = st.text("aZ0é \"',;|\t\r\n\u00a0\u2028\ufeff=+@", min_size=1, max_size=9).map(str.strip).filter(bool)
DATES = st.dates(datetime.date(1990, 1, 1), datetime.date(2099, 12, 31))


@st.composite
def csv_rows(draw):
    currency = draw(st.sampled_from(["EUR", "USD", "JPY", "KWD"]))
    amounts = st.decimals(1, 10**9, places=CURRENCIES[currency])
    invoiced, due = sorted([draw(DATES), draw(DATES)])
    amount = draw(amounts)
    settled = draw(st.none() | st.dates(invoiced, datetime.date(2100, 1, 1)))
    paid = min(amount, draw(amounts)) if settled else Decimal(0)
    country, disputed = draw(st.sampled_from(["", "FR", "DE"])), draw(st.booleans())
    return Row(0, draw(NAMES), draw(NAMES), invoiced, due, amount, currency, country, settled, paid, disputed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(csv_rows(), unique_by=lambda row: row.invoice, max_size=8), st.sampled_from(",;\t"))
def test_written_rows_are_read_back(tmp_path, rows, delimiter):
    path = tmp_path / "round_trip.csv"
    write_ledger(path, rows, delimiter)
    assert read_ledger(path) == (rows, [])
