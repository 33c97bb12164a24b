"""A believable receivables ledger: eighteen months of a supplier of professional kitchens.

``generate(seed, date)`` is a pure function of its arguments. Everything in the ledger
happened on or before ``date``; what is open then is what the recovery addon works on.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import groupby, pairwise
from operator import attrgetter
from random import Random

from dateutil.relativedelta import relativedelta

from . import catalogue, habits
from .catalogue import spoken
from .personas import PERSONAS, STRATEGIC
from .records import ZERO, CreditNote, Debtor, Invoice, Ledger, Line, Receipt, Totals

__all__ = ["TERMS", "CreditNote", "Debtor", "Invoice", "Ledger", "Line", "Receipt", "Totals", "generate"]

MONTHS = 18
TERMS = {  # steps from the invoice date to the due date
    "30": (relativedelta(days=30),),
    "45eom": (relativedelta(days=45), relativedelta(day=31)),
    "60": (relativedelta(days=60),),
}
ONE = Decimal("1.00")
STRATEGIC_SCALE = 3  # times what others order
DELIVERIES_AFTER_STOP = timedelta(days=75)  # how long a firm that stopped paying is still supplied
A_WHILE = timedelta(days=20)
FRENCH_SPEAKING = ("FR", "BE", "LU")
PHONES = {  # ranges that regulators keep for fiction; elsewhere no number is safe to invent
    ("FR", True): "+33 1 99 00 {:02} {:02}",
    ("FR", False): "+33 6 39 98 {:02} {:02}",
    ("GB", True): "+44 20 7946 0{}{:02}",
    ("GB", False): "+44 7700 900{}{:02}",
    ("DE", True): "+49 30 23125 {}{:02}",
}
_BASKET_LOTS = tuple(basket for basket in catalogue.BASKETS for _ in range(basket.share))


def generate(seed, date):
    """The ledger of ``seed`` as it stands at ``date``."""
    rng = Random(seed)  # noqa: S311 (an invented ledger, not a secret)
    debtors = tuple(_debtor(index, persona) for index, persona in enumerate(PERSONAS))
    cast = tuple(zip(debtors, PERSONAS, strict=True))
    drafts = [draft for debtor, persona in cast for draft in _invoices(rng, debtor, persona, date)]
    invoices = defaultdict(list)
    for invoice in _numbered("FAC", drafts):
        invoices[invoice.debtor_ref].append(invoice)
    accounts = []
    for index, (debtor, persona) in enumerate(cast):
        account = _Account(date, debtor)
        account.write(rng, persona, _payer(index, persona, date), invoices[debtor.ref])
        accounts.append(account)
    return Ledger(
        seed,
        date,
        debtors,
        tuple(sorted((doc for account in accounts for doc in account.invoices), key=attrgetter("number"))),
        _numbered("RFAC", [note for account in accounts for note in account.credit_notes]),
        _numbered("ENC", [receipt for account in accounts for receipt in account.receipts]),
    )


# -- who ---------------------------------------------------------------------------------


def _debtor(index, persona):
    return Debtor(
        ref=f"CLI{index + 1:04}",
        name=persona.name,
        is_company=persona.is_company,
        lang="fr_FR" if persona.country in FRENCH_SPEAKING else "en_US",
        country=persona.country,
        street=persona.street,
        zip=persona.zip,
        city=persona.city,
        email=_email(persona) if persona.has_email else "",
        phone=_phone(index, persona),
        habit=persona.habit,
        terms=persona.terms,
    )


def _phone(index, persona):
    pattern = PHONES.get((persona.country, persona.is_company), "")
    return pattern.format(index // 10, (index * 37 + 13) % 100)


def _email(persona):
    plain = unicodedata.normalize("NFKD", persona.name).encode("ascii", "ignore").decode().lower()
    if not persona.is_company:
        return f"{_slug(plain, '.')}@courriel.example"
    box = "compta" if persona.country in FRENCH_SPEAKING else "accounts"
    return f"{box}@{_slug(plain, '-')}.example"


def _slug(text, joint):
    return re.sub(r"[^a-z0-9]+", joint, text).strip(joint)


def _payer(index, persona, date):
    runs = habits.PAYMENT_RUNS[index % len(habits.PAYMENT_RUNS)] if persona.is_company else habits.ANY_DAY
    unpaid_from = date - timedelta(days=persona.stops) if persona.stops else None
    return habits.Payer(persona.habit, runs, unpaid_from)


# -- what they buy -----------------------------------------------------------------------


def _invoices(rng, debtor, persona, date):
    for day in _delivery_days(rng, persona, date):
        lines = tuple(_lines(rng, debtor, day))
        yield Invoice("", debtor.ref, day, lines, due_date(day, debtor.terms))


def due_date(day, terms):
    for step in TERMS[terms]:
        day += step
    return day


def _delivery_days(rng, persona, date):
    ends = [date - relativedelta(months=months) for months in range(MONTHS, -1, -1)]
    last = date - timedelta(days=persona.stops) + DELIVERIES_AFTER_STOP if persona.stops else date
    for previous, end in pairwise(ends):
        month = [previous + timedelta(days=days) for days in range(1, (end - previous).days + 1)]
        working = [day for day in month if habits.is_working(day)]
        count = persona.rate // 100 + habits.chance(rng, persona.rate % 100)
        yield from (day for day in sorted(rng.choice(working) for _ in range(count)) if day <= last)


def _lines(rng, debtor, day):
    basket = rng.choice(_BASKET_LOTS) if debtor.is_company else catalogue.HOME_BASKET
    scale = STRATEGIC_SCALE if debtor.habit == STRATEGIC else 1
    for item in rng.sample(basket.items, rng.randint(1, basket.most_lines)):
        steps = rng.randint(1, item.most * scale)
        yield Line(item.label(debtor.lang, day), item.step * steps, item.price)
    for extra in basket.extras:
        yield Line(extra.label(debtor.lang, day), extra.step, extra.price)


# -- what they pay -----------------------------------------------------------------------


class _Account:
    """One debtor's books: what was invoiced, credited and received until the ledger's date."""

    def __init__(self, date, debtor):
        self.date = date
        self.debtor = debtor
        self.invoices = []
        self.credit_notes = []
        self.receipts = []
        self.residuals = {}

    def write(self, rng, persona, payer, invoices):
        events = []
        for invoice in invoices:
            answer = habits.answer(rng, invoice, payer)
            self._invoice(invoice, answer.dispute)
            events += [(intent, invoice) for intent in answer.intents if intent.day <= self.date]
        # On one day credit notes come first: a payment settles what they leave.
        events.sort(key=lambda event: (event[0].day, event[0].kind == "payment", event[1].number))
        for day, happened in groupby(events, key=lambda event: event[0].day):
            self._book(day, list(happened))
        if persona.on_account == "twice":
            self._pay_twice()
        elif persona.on_account == "lump":
            self._pay_lump(rng)

    def _invoice(self, invoice, dispute):
        self.residuals[invoice.number] = invoice.total
        if dispute and dispute.opened <= self.date < dispute.closed:
            reason = spoken(dispute.reason, self.debtor.lang)
            invoice = replace(
                invoice, disputed_amount=dispute.amount, dispute_reason=reason, disputed_on=dispute.opened
            )
        self.invoices.append(invoice)

    def _book(self, day, events):
        """What happened on a day: credit notes one by one, all payments in one transfer."""
        for intent, invoice in events:
            if intent.kind != "payment":
                self._credit(day, intent, invoice)
        applies = tuple(
            (invoice.number, self._take(invoice.number, intent.amount))
            for intent, invoice in events
            if intent.kind == "payment"
        )
        if applies:
            self._receive(day, sum(amount for _number, amount in applies), applies)

    def _credit(self, day, intent, invoice):
        label = spoken(catalogue.CREDIT_LABELS[intent.kind], self.debtor.lang).format(number=invoice.number)
        lines = invoice.lines if intent.kind == "full" else (Line(label, ONE, intent.untaxed),)
        note = CreditNote("", self.debtor.ref, day, lines, invoice.number, label)
        self._take(invoice.number, note.total)
        self.credit_notes.append(note)

    def _take(self, number, amount):
        taken = self.residuals[number] if amount is None else amount
        self.residuals[number] -= taken
        return taken

    def _receive(self, day, amount, applies=(), memo=""):
        memo = memo or " ".join(number for number, _amount in applies)
        self.receipts.append(Receipt("", self.debtor.ref, day, amount, applies, memo))

    def _pay_twice(self):
        """The last transfer that is old enough went out a second time, a week later."""
        settled = [receipt for receipt in self.receipts if receipt.date < self.date - A_WHILE]
        if settled:
            again = settled[-1]
            day = habits.working_day(again.date + timedelta(days=7))
            self._receive(day, again.amount, memo=again.memo)

    def _pay_lump(self, rng):
        """A round sum above everything open, received without a word on what it is for."""
        owed = sum(self.residuals.values(), ZERO)
        if owed:
            day = habits.working_day(self.date - timedelta(days=rng.randint(3, 9)), -habits.ONE_DAY)
            amount = (owed / 100).to_integral_value(ROUND_CEILING) * 100
            self._receive(day, amount.quantize(ZERO), memo=spoken(catalogue.NO_ADVICE, self.debtor.lang))


def _numbered(prefix, documents):
    """Numbered by date, year by year, without gaps, as the law wants it."""
    last = Counter()
    numbered = []
    for document in sorted(documents, key=attrgetter("date", "debtor_ref")):
        year = document.date.year
        last[year] += 1
        numbered.append(replace(document, number=f"{prefix}/{year}/{last[year]:05}"))
    return tuple(numbered)
