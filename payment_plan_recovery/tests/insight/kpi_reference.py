"""What the figures of the ledger mean, in plain Python: one claim at a time, from dated facts."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


class Claim(NamedTuple):
    """An amount owed since ``date``, due on ``due``; ``taken``: (day, amount, whether it was money)."""

    debtor: int
    date: date
    due: date
    amount: float
    taken: tuple

    def owed(self, day):
        """What is left at the end of ``day``."""
        if self.date > day:
            return 0.0
        return max(self.amount - sum(amount for when, amount, _money in self.taken if when <= day), 0.0)

    def taken_between(self, first, last, money):
        return sum(
            amount for day, amount, is_money in self.taken if first <= day <= last and is_money == money
        )

    def recovered(self, first, last):
        """(received, what could be) from the day on which the claim counts as overdue in the period."""
        begins = max(self.due + timedelta(1), first)
        if begins > last:
            return 0, 0
        became = self.owed(begins - timedelta(1)) if self.date < begins else self.amount
        credited = self.taken_between(begins, last, money=False)
        return self.taken_between(begins, last, money=True), max(became - credited, 0)

    def late_receipts(self, first, last):
        """(days late, amount) of the money that came in the period after the due date."""
        for day, amount, is_money in self.taken:
            if is_money and first <= day <= last and day > self.due:
                yield (day - self.due).days, amount


def figures(claims, sales, first, last):
    """Return {code: (numerator, denominator)} of a period.

    :param sales: (day, amount) of invoices, and of credit notes with a negative amount
    """
    found = defaultdict(lambda: [0.0, 0.0])

    def add(code, numerator, denominator):
        found[code][0] += numerator
        found[code][1] += denominator

    month_ago = last - relativedelta(months=1)
    for claim in (one for one in claims if one.date <= last):
        closing, late = claim.owed(last), (last - claim.due).days
        add("overdue", closing if late > 0 else 0, closing)
        add("recovery_rate", *claim.recovered(first, last))
        opening = claim.owed(first - timedelta(1))
        billed = (claim.amount if claim.date >= first else 0) - claim.taken_between(first, last, money=False)
        add("cei", opening + billed - closing, opening + billed - (closing if late <= 0 else 0))
        add("dso_classic", closing, 0)
        add("dso_best", closing if late <= 0 else 0, 0)
        add("days_delinquent", closing if late > 0 else 0, 0)
        before, late_before = claim.owed(month_ago), (month_ago - claim.due).days
        for code, low, high in (
            ("roll_0", -9999, 0),
            ("roll_30", 1, 30),
            ("roll_60", 31, 60),
            ("roll_90", 61, 90),
        ):
            if low <= late_before <= high:
                add(code, min(before, closing) if late > high else 0, before)
        for days, amount in claim.late_receipts(first, last):
            add("time", amount * days, amount)
            add("in_time", 0, amount)
        in_time = claim.taken_between(first, min(last, claim.due), money=True)
        add("in_time", in_time, in_time)
    sold = sum(amount for day, amount in sales if first <= day <= last)
    for code in ("dso_classic", "dso_best", "days_delinquent"):
        found[code][1] = sold
    return {code: tuple(pair) for code, pair in found.items()}


def median_time(claims, first, last):
    """Days after the due date by which half of the money received late had come."""
    late = sorted(receipt for claim in claims for receipt in claim.late_receipts(first, last))
    half, seen = sum(amount for _days, amount in late) / 2, 0.0
    for days, amount in late:
        seen += amount
        if seen >= half:
            return days
    return None


def count_back(owed, sales, last):
    """Days of sales that what is owed exhausts: walked through day by day, a month's sales even over its days."""
    if not sales:
        return None
    by_month = defaultdict(float)
    for day, amount in sales:
        by_month[day.year, day.month] += amount
    days, day = 0.0, last
    while owed > 1e-9 and (day.year, day.month) >= min(by_month):
        month_days = last.day if (day.year, day.month) == (last.year, last.month) else _length(day)
        a_day = max(by_month[day.year, day.month], 0) / month_days
        if a_day and owed < a_day:
            return days + owed / a_day
        owed, days, day = owed - a_day, days + 1, day - timedelta(1)
    return days


def _length(day):
    return ((day.replace(day=1) + relativedelta(months=1)) - timedelta(1)).day
