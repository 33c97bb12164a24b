"""The documents of the demonstration ledger and the sums they make."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .catalogue import CENT, VAT_RATE
from .personas import CHRONIC, FAILING

ZERO = Decimal("0.00")
PLAN_INVOICES = 4  # overdue invoices that make a payment plan worth while


@dataclass(frozen=True)
class Debtor:
    ref: str
    name: str
    is_company: bool
    lang: str
    country: str  # ISO 3166 alpha-2
    street: str
    zip: str
    city: str
    email: str  # empty for those who have none
    phone: str
    habit: str  # one of ``personas.HABITS``
    terms: str  # a key of ``ledger.TERMS``


@dataclass(frozen=True)
class Line:
    label: str
    quantity: Decimal
    unit_price: Decimal  # without VAT
    vat_rate: Decimal = VAT_RATE  # percent

    @property
    def untaxed(self):
        return (self.quantity * self.unit_price).quantize(CENT)

    @property
    def vat(self):
        return (self.untaxed * self.vat_rate / 100).quantize(CENT)


@dataclass(frozen=True)
class _Document:
    number: str
    debtor_ref: str
    date: datetime.date
    lines: tuple

    @cached_property
    def untaxed(self):
        return sum((line.untaxed for line in self.lines), ZERO)

    @cached_property
    def total(self):
        return self.untaxed + sum((line.vat for line in self.lines), ZERO)


@dataclass(frozen=True)
class Invoice(_Document):
    due_date: datetime.date
    disputed_amount: Decimal = ZERO  # of a dispute still running at the ledger's date, VAT included
    dispute_reason: str = ""
    disputed_on: datetime.date | None = None


@dataclass(frozen=True)
class CreditNote(_Document):
    """Reduces the open amount of one invoice, on its own date and in full."""

    invoice_number: str
    label: str

    @property
    def amount(self):
        return self.total


@dataclass(frozen=True)
class Receipt:
    """Money received. What it does not apply to invoices stays on the debtor's account."""

    number: str
    debtor_ref: str
    date: datetime.date
    amount: Decimal
    applies: tuple  # of (invoice number, amount)
    memo: str

    @property
    def unallocated(self):
        return self.amount - sum((amount for _number, amount in self.applies), ZERO)


@dataclass(frozen=True)
class Totals:
    """One debtor's account, or everybody's, by addition and subtraction alone."""

    invoiced: Decimal = ZERO
    credited: Decimal = ZERO
    received: Decimal = ZERO
    open: Decimal = ZERO  # left on invoices
    overdue: Decimal = ZERO  # the part of it that is past due
    on_account: Decimal = ZERO  # received and not applied

    @property
    def balance(self):
        return self.invoiced - self.credited - self.received

    def __add__(self, other):
        return Totals(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Ledger:
    """Documents in the order of their numbers, which is the order of their dates."""

    seed: int
    date: datetime.date
    debtors: tuple
    invoices: tuple
    credit_notes: tuple
    receipts: tuple

    @cached_property
    def residuals(self):
        """What is open on each invoice at the ledger's date: ``{number: amount}``."""
        residuals = {invoice.number: invoice.total for invoice in self.invoices}
        for note in self.credit_notes:
            residuals[note.invoice_number] -= note.total
        for receipt in self.receipts:
            for number, amount in receipt.applies:
                residuals[number] -= amount
        return residuals

    @cached_property
    def open_invoices(self):
        return tuple(invoice for invoice in self.invoices if self.residuals[invoice.number])

    @cached_property
    def overdue_invoices(self):
        return tuple(invoice for invoice in self.open_invoices if invoice.due_date < self.date)

    @cached_property
    def totals(self):
        """``{debtor ref: Totals}``, to be compared to the cent with what a loader booked."""
        sums = {debtor.ref: defaultdict(Decimal) for debtor in self.debtors}
        for invoice in self.invoices:
            sums[invoice.debtor_ref]["invoiced"] += invoice.total
            sums[invoice.debtor_ref]["open"] += self.residuals[invoice.number]
        for invoice in self.overdue_invoices:
            sums[invoice.debtor_ref]["overdue"] += self.residuals[invoice.number]
        for note in self.credit_notes:
            sums[note.debtor_ref]["credited"] += note.total
        for receipt in self.receipts:
            sums[receipt.debtor_ref]["received"] += receipt.amount
            sums[receipt.debtor_ref]["on_account"] += receipt.unallocated
        return {ref: Totals(**amounts) for ref, amounts in sums.items()}

    @cached_property
    def total(self):
        return sum(self.totals.values(), Totals())

    def days_late(self, invoice):
        return (self.date - invoice.due_date).days

    @cached_property
    def plan_candidates(self):
        """Refs of debtors worth offering a plan, best first.

        French firms reachable by mail, with several overdue invoices, none of them disputed,
        and nothing on account; whoever paid last is the likeliest to keep an agreement.
        """
        overdue = defaultdict(list)
        for invoice in self.overdue_invoices:
            overdue[invoice.debtor_ref].append(invoice)
        last_paid = {receipt.debtor_ref: receipt.date for receipt in self.receipts}
        fit = [debtor for debtor in self.debtors if self._fits_a_plan(debtor, overdue[debtor.ref])]
        fit.sort(key=lambda debtor: (last_paid.get(debtor.ref, datetime.date.min), debtor.ref), reverse=True)
        return tuple(debtor.ref for debtor in fit)

    def _fits_a_plan(self, debtor, overdue):
        return (
            debtor.habit in (CHRONIC, FAILING)
            and debtor.is_company
            and debtor.country == "FR"
            and bool(debtor.email)
            and len(overdue) >= PLAN_INVOICES
            and not any(invoice.disputed_amount for invoice in overdue)
            and not self.totals[debtor.ref].on_account
        )
