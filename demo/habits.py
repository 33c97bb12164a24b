"""How a debtor of each habit answers an invoice: a pure decision, as if time never ended.

``ledger`` cuts what is decided here at its own date and books the rest.
"""

import datetime
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from . import personas
from .catalogue import CENT, DISPUTE_REASONS, with_vat

ONE_DAY = timedelta(days=1)
MONTH_END = 31
ANY_DAY = tuple(range(1, MONTH_END + 1))
PAYMENT_RUNS = ((5, 20), (10, 25), (15, MONTH_END), (MONTH_END,), ANY_DAY)
PUBLIC_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
FULL_CREDIT, PARTIAL_CREDIT = 1, 3  # percent of invoices
ROUND_SUM = Decimal(50)


@dataclass(frozen=True)
class Manner:
    """A habit in figures: days and percentages."""

    delay: tuple  # days after the due date, least and most
    split: int = 0  # percent of invoices paid in two goes
    gap: tuple = (20, 40)  # days between the two
    dispute: int = 0  # percent of invoices disputed


MANNERS = {
    personas.PROMPT: Manner((-5, 0)),
    personas.SLOW: Manner((8, 44), split=12),
    personas.CHRONIC: Manner((35, 85), split=40),
    personas.DISPUTING: Manner((6, 25), dispute=35),
    personas.FAILING: Manner((5, 30), split=20),
    personas.STRATEGIC: Manner((4, 28), split=8, dispute=3),
}


@dataclass(frozen=True)
class Intent:
    """One thing to happen to an invoice. A payment without amount settles what is still open."""

    day: datetime.date
    kind: str  # "full", "partial" or "dispute" for a credit note, "payment"
    amount: Decimal | None = None  # a payment's, VAT included
    untaxed: Decimal | None = None  # a partial credit note's


@dataclass(frozen=True)
class Dispute:
    opened: datetime.date
    closed: datetime.date
    amount: Decimal
    reason: tuple  # French, English


@dataclass(frozen=True)
class Answer:
    intents: tuple = ()
    dispute: Dispute | None = None


@dataclass(frozen=True)
class Payer:
    """What of a debtor decides when money comes."""

    habit: str
    runs: tuple  # days of the month on which transfers leave
    unpaid_from: datetime.date | None = None  # nothing due from this day on is paid


def chance(rng, percent):
    return rng.randrange(100) < percent


def answer(rng, invoice, payer):
    """Everything that will ever happen to ``invoice``, in the order of its days."""
    if payer.unpaid_from and invoice.due_date >= payer.unpaid_from:
        return Answer()
    manner = MANNERS[payer.habit]
    lot = rng.randrange(100)
    if lot < FULL_CREDIT:
        return Answer((Intent(_soon_after(rng, invoice), "full"),))
    if lot < FULL_CREDIT + manner.dispute:
        return _disputed(rng, invoice, payer, manner)
    if lot < FULL_CREDIT + manner.dispute + PARTIAL_CREDIT:
        return _partly_credited(rng, invoice, payer, manner)
    return Answer(_paid(rng, invoice, payer, manner))


def _paid(rng, invoice, payer, manner):
    day = _pay_day(rng, invoice, payer, manner)
    if not chance(rng, manner.split):
        return (Intent(day, "payment"),)
    rest_day = next_run(day + timedelta(days=rng.randint(*manner.gap)), payer.runs)
    return (Intent(day, "payment", _about_half(invoice.total)), Intent(rest_day, "payment"))


def _partly_credited(rng, invoice, payer, manner):
    """A debtor waits for the credit note before paying the rest."""
    credit = Intent(_soon_after(rng, invoice), "partial", untaxed=_part(rng, invoice, 10, 40))
    day = max(_pay_day(rng, invoice, payer, manner), next_run(credit.day, payer.runs))
    return Answer((credit, Intent(day, "payment")))


def _disputed(rng, invoice, payer, manner):
    """The undisputed part is paid as usual; the rest ends in a credit note or in a payment."""
    untaxed = _part(rng, invoice, 15, 60)
    amount = with_vat(untaxed)
    opened = working_day(invoice.due_date - timedelta(days=rng.randint(0, 12)))
    closed = working_day(invoice.due_date + timedelta(days=rng.randint(70, 170)))
    paid = Intent(_pay_day(rng, invoice, payer, manner), "payment", invoice.total - amount)
    if chance(rng, 55):
        end = Intent(closed, "dispute", untaxed=untaxed)
    else:
        end = Intent(next_run(closed, payer.runs), "payment")
    return Answer((paid, end), Dispute(opened, end.day, amount, rng.choice(DISPUTE_REASONS)))


def _pay_day(rng, invoice, payer, manner):
    wanted = invoice.due_date + timedelta(days=rng.randint(*manner.delay))
    if wanted > invoice.due_date:
        return next_run(wanted, payer.runs)
    early = last_run(wanted, payer.runs)
    return early if early > invoice.date else next_run(invoice.date + ONE_DAY, payer.runs)


def _soon_after(rng, invoice):
    return working_day(invoice.date + timedelta(days=rng.randint(3, 15)))


def _part(rng, invoice, least, most):
    """A share of the untaxed amount in whole euros, one at least."""
    share = invoice.untaxed * rng.randint(least, most) / 100
    return max(share.quantize(Decimal(1), ROUND_DOWN), Decimal(1)).quantize(CENT)


def _about_half(amount):
    """About half of ``amount``, as people choose it: in round sums when it is large enough."""
    half = amount / 2
    if half >= 2 * ROUND_SUM:
        return (half // ROUND_SUM * ROUND_SUM).quantize(CENT)
    return half.quantize(CENT, ROUND_DOWN)


@lru_cache(maxsize=4096)
def is_working(day):
    if day.weekday() >= 5 or (day.month, day.day) in PUBLIC_HOLIDAYS:  # noqa: PLR2004 (Saturday)
        return False
    return (day - easter(day.year)).days not in AFTER_EASTER


def working_day(day, step=ONE_DAY):
    while not is_working(day):
        day += step
    return day


def next_run(day, runs):
    return _run(day, runs, ONE_DAY)


def last_run(day, runs):
    return _run(day, runs, -ONE_DAY)


def _run(day, runs, step):
    while not _is_run(day, runs):
        day += step
    return working_day(day, step)


def _is_run(day, runs):
    return day.day in runs or (MONTH_END in runs and day == day + relativedelta(day=MONTH_END))
