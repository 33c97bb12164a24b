"""What the figures mean, in plain Python: one claim, one act at a time, from dated facts."""

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
    item: int = 0
    company: int = 0

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


class Act(NamedTuple):
    """Something that happened with a debtor, in the books of a company, told by its ``facts``."""

    kind: str  # plan, promise, dispute, hold, notice, interaction or cost
    debtor: int
    company: int
    facts: dict


class Acts:
    """What the figures of acts come to in a period: {code: (numerator, denominator)} in ``found``.

    :param prices: {(message or interaction, channel): [(day, amount)]}, as they were declared
    """

    def __init__(self, prices, first, last):
        self.prices, self.first, self.last = prices, first, last
        self.found = defaultdict(lambda: [0.0, 0.0])
        self.taken = {}

    def told(self, acts, claims, holds):
        """Return the figures of these acts; what they cost is held against what came late on these claims.

        :param holds: disputes that nobody opened, in whichever branch they are kept
        """
        self.taken = {claim.item: claim.taken for claim in claims}
        for act in acts:
            getattr(self, f"_{act.kind}")(**act.facts)
        for claim in claims:
            for _days, amount in claim.late_receipts(self.first, self.last):
                self._add("cost", 0, amount)
            self._disputed(claim, holds)
        return {code: tuple(pair) for code, pair in self.found.items()}

    def _add(self, code, numerator, denominator):
        self.found[code][0] += numerator
        self.found[code][1] += denominator

    def _is_now(self, day):
        return day is not None and self.first <= day <= self.last

    def _plan(self, *, ended, kept, amount, defaulted, rating, rated):
        self._rating(rating, rated)
        if self._is_now(ended):
            self._add("plans_kept", kept, 1)
            self._add("plans_kept_amount", amount * kept, amount)
        if self._is_now(defaulted):
            self._add("cure_rate", kept and ended is not None and ended <= self.last, 1)

    def _promise(self, *, judged, state, amount):
        if self._is_now(judged) and state in ("kept", "partially_kept", "broken"):
            self._add("promises_kept", state == "kept", 1)
            self._add("promises_kept_amount", amount * (state == "kept"), amount)

    def _dispute(self, *, opened, closed, rating, rated):
        self._rating(rating, rated)
        if self._is_now(closed):
            self._add("dispute_days", (closed - opened).days, 1)

    def _rating(self, rating, rated):
        if rating and self._is_now(rated):
            self._add("satisfaction", rating, 1)

    def _hold(self, *, begun, until, items, amount):
        """One for a dispute that nobody opened."""
        if self._is_now(until):
            self._add("dispute_days", (until - begun).days, 1)

    def _disputed(self, claim, holds):
        """Everything a debtor owes, or a whole item, or a part of one; of any branch."""
        closing = claim.owed(self.last)
        if closing <= 0 or claim.due >= self.last:
            return
        running = [
            hold.facts
            for hold in holds
            if hold.debtor == claim.debtor
            and hold.facts["begun"] <= self.last
            and (hold.facts["until"] or self.last) >= self.last
        ]
        about = [hold for hold in running if not hold["items"] or claim.item in hold["items"]]
        whole = any(not hold["amount"] for hold in about)
        part = sum(hold["amount"] for hold in about)
        self._add("disputed", closing if whole else min(part, closing), closing)

    def _notice(self, *, sent, asked, channel, item):
        if self._is_now(sent):
            self._add("cost", self._price("message", channel, sent), 0)
        if self._is_now(sent + timedelta(7)):
            taken = self.taken[item]
            came = sum(money for day, money, is_money in taken if is_money and 1 <= (day - sent).days <= 7)
            self._add("reminders", min(came, asked), asked)

    def _interaction(self, *, day, channel):
        if self._is_now(day):
            self._add("cost", self._price("interaction", channel, day), 0)

    def _cost(self, *, day, amount):
        if self._is_now(day):
            self._add("cost", amount, 0)

    def _price(self, kind, channel, day):
        declared = [one for one in self.prices.get((kind, channel), ()) if one[0] <= day]
        return max(declared)[1] if declared else 0


def at_risk(claims, chances, last):
    """(what is owed times its chance not to be paid within 90 days, what is owed) of claims with a chance."""
    known = [(claim.owed(last), chances[claim.item]) for claim in claims if claim.item in chances]
    return sum(owed * (1 - chance) for owed, chance in known), sum(owed for owed, _chance in known)


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
