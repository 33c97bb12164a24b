"""Payments of somebody's own ledger: a table beside the invoices, read the same way."""

import csv
import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from .cells import MOST_DECIMALS, UnreadableError, currency_of, read_signed, read_text, without_mark
from .days import date_reader
from .guesses import check_date_format, check_header, guess, without_totals
from .iso_codes import CURRENCIES
from .ledger_csv import RowError
from .sides import read_side
from .tables import opened

REQUIRED = ("customer", "date", "amount")
COLUMNS = (*REQUIRED, "currency", "invoice", "memo", "side")


@dataclass(frozen=True, slots=True)
class Payment:
    line: int = field(compare=False)
    customer: str
    date: datetime.date
    amount: Decimal  # negative when it went back to the customer
    currency: str
    invoice: str = ""  # number of the invoice it pays; matched with none without
    memo: str = ""


class _Money(NamedTuple):
    currencies: dict
    default_currency: str
    mark: str | None


def read_payments(path, date_format=None, *, tell=None, preferred=None, **known):
    """``(payments, errors)`` of the file at ``path``.

    ``preferred`` is the form of days in the ledger beside it; ``known`` is as for that, without countries.
    """
    check_date_format(date_format)
    payments, errors = [], []
    # what a customer pays is credited to him
    with opened(Path(path), COLUMNS, REQUIRED, adding="credit") as table:
        check_header(path, table.header, COLUMNS, REQUIRED)
        guessed = guess(table, date_format, ("date",), tell, preferred)
        read_date = date_reader(guessed.date_format)
        default = table.currency or known.get("default_currency", "EUR")
        money = _Money(known.get("currencies", CURRENCIES), default, guessed.mark)
        for line, record in without_totals(table, ("customer", "invoice"), ("date",), tell):
            if isinstance(record, csv.Error):
                errors.append(RowError(line, f"row cannot be read ({record})", ""))
                continue
            cells = dict(zip(table.header, map(str.strip, record), strict=False))
            found = _payment(line, cells, read_date, money)
            (payments if isinstance(found, Payment) else errors).append(found)
    return payments, errors


def _payment(line, cells, read_date, money):
    """The payment of a row, or what is wrong with it first."""
    currency = currency_of(cells.get("currency", "")) or money.default_currency
    column = "currency"
    try:
        if currency not in money.currencies:
            raise UnreadableError("is not a known currency")
        column = "customer"
        customer = read_text(cells.get("customer", ""))
        column = "date"
        date = read_date(cells.get("date", ""))
        column = "amount"
        plain = without_mark(cells.get("amount", ""), currency)
        amount = read_signed(plain, money.currencies.get(currency, MOST_DECIMALS), money.mark, "credit")
        column = "side"
        if column in cells and read_side(cells[column]) == "debit":
            amount = -amount
    except UnreadableError as reason:
        return RowError(line, f"{column} {reason}", cells.get(column, ""))
    return Payment(line, customer, date, amount, currency, cells.get("invoice", ""), cells.get("memo", ""))
