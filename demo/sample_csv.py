"""Ledgers written as somebody would bring them, for trying how they are read."""

import csv
import datetime
from dataclasses import fields
from decimal import Decimal
from random import Random

from .ledger_csv import NOTHING, Row

COLUMNS = [each.name for each in fields(Row) if each.name != "line"]
SAMPLE_DATE = datetime.date(2026, 6, 30)
SAMPLE_DAYS = 540
_PAID, _HALF_PAID, _DISPUTED = 80, 88, 97  # percent of invoices
_TRADES = ("Brasserie", "Hôtel", "Boulangerie", "Traiteur", "Restaurant", "Auberge", "Clinique", "Camping")
_NAMES = (
    "Aubrac", "Belcastel", "Corbelin", "Dourgne", "Estaing", "Fontvieille", "Gavarnie", "Hautefort",
    "Issigeac", "Jumièges", "Kersaint", "Lavardin", "Mirepoix", "Najac", "Olargues", "Penne, \"Le Vieux\"",
)  # fmt: skip


def write_ledger(path, rows, delimiter=","):
    """``rows`` as a file that ``read_ledger`` gives back."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(COLUMNS)
        writer.writerows([_written(getattr(row, name)) for name in COLUMNS] for row in rows)


def _written(value):
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, Decimal):
        return f"{value:f}" if value else ""
    return "" if value is None else str(value)


def write_sample(path, rows, seed, date=SAMPLE_DATE):
    """A believable file of ``rows`` invoices in euros up to ``date``, the same for the same seed."""
    rng = Random(seed)  # noqa: S311 (invented invoices, not secrets)
    write_ledger(path, (_sample_row(rng, index, rows, date) for index in range(rows)))


def _sample_row(rng, index, rows, date):
    customer = rng.randrange(rows // 15 + 1)
    trade, name = _TRADES[customer % len(_TRADES)], _NAMES[customer // len(_TRADES) % len(_NAMES)]
    invoiced = date - datetime.timedelta(days=SAMPLE_DAYS - SAMPLE_DAYS * index // rows)
    due = invoiced + datetime.timedelta(days=rng.choice((30, 30, 45, 60)))
    amount = Decimal(rng.randint(1_500, 900_000)).scaleb(-2)
    settled = due + datetime.timedelta(days=rng.randint(-10, 60))
    lot = rng.randrange(100)
    paid = NOTHING
    if settled <= date and lot < _HALF_PAID:
        paid = amount if lot < _PAID else (amount / 2).quantize(Decimal("0.01"))
    return Row(
        line=index + 2,
        customer=f"{trade} {name} {customer + 1}",
        invoice=f"F{invoiced.year}-{index + 1:06}",
        invoice_date=invoiced,
        due_date=due,
        amount=amount,
        currency="EUR",
        country=("FR", "FR", "FR", "BE", "DE")[customer % 5],
        settled_date=settled if paid else None,
        settled_amount=paid,
        disputed=not paid and lot >= _DISPUTED,
    )
