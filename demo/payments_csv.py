"""Payments of somebody's own ledger: a table beside the invoices, read the same way."""

import csv
import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from .cells import MOST_DECIMALS, UnreadableError, date_reader, read_signed, read_text, without_mark
from .iso_codes import CURRENCIES
from .ledger_csv import RowError, check_date_format, check_header, guessed_dates, without_totals
from .tables import opened

REQUIRED = ("customer", "date", "amount")
COLUMNS = (*REQUIRED, "currency", "invoice", "memo")


@dataclass(frozen=True, slots=True)
class Payment:
    line: int = field(compare=False)
    customer: str
    date: datetime.date
    amount: Decimal  # negative when it went back to the customer
    currency: str
    invoice: str = ""  # number of the invoice it pays; matched with none without
    memo: str = ""


def read_payments(path, date_format=None, *, tell=None, currencies=CURRENCIES, default_currency="EUR"):
    """``(payments, errors)`` of the file at ``path``."""
    check_date_format(date_format)
    payments, errors = [], []
    with opened(Path(path), COLUMNS, REQUIRED) as table:
        check_header(path, table.header, COLUMNS, REQUIRED)
        records, form = guessed_dates(table, date_format, ("date",), tell)
        read_date = date_reader(form)
        for line, record in without_totals(table.header, records, ("customer", "invoice"), ("date",), tell):
            if isinstance(record, csv.Error):
                errors.append(RowError(line, f"row cannot be read ({record})", ""))
                continue
            cells = dict(zip(table.header, map(str.strip, record), strict=False))
            found = _payment(line, cells, read_date, currencies, default_currency)
            (payments if isinstance(found, Payment) else errors).append(found)
    return payments, errors


def _payment(line, cells, read_date, currencies, default_currency):
    """The payment of a row, or what is wrong with it first."""
    currency = cells.get("currency", "").upper() or default_currency
    column = "currency"
    try:
        if currency not in currencies:
            raise UnreadableError("is not a known currency")
        column = "customer"
        customer = read_text(cells.get("customer", ""))
        column = "date"
        date = read_date(cells.get("date", ""))
        column = "amount"
        amount = read_signed(
            without_mark(cells.get("amount", ""), currency), currencies.get(currency, MOST_DECIMALS)
        )
    except UnreadableError as reason:
        return RowError(line, f"{column} {reason}", cells.get(column, ""))
    return Payment(line, customer, date, amount, currency, cells.get("invoice", ""), cells.get("memo", ""))
