"""What one late item costs by a plain reading of the design, through the kernel."""

from datetime import date, timedelta
from decimal import Decimal

from ...tools.collection_fee import collection_fee
from ...tools.interest import interest
from ...tools.money import round_money

#: Exchange rates to the euro: currency → {first day: rate}.
EXCHANGE = {
    "EUR": {date(2000, 1, 1): Decimal(1)},
    "USD": {date(2021, 1, 1): Decimal("1.21"), date(2024, 6, 1): Decimal("1.08")},
    "GBP": {date(2020, 1, 1): Decimal("0.85"), date(2025, 1, 1): Decimal("0.83")},
    "JPY": {date(2019, 1, 1): Decimal("121.5")},
    "TND": {date(2022, 1, 1): Decimal("3.317")},
}
DECIMALS = {"EUR": 2, "USD": 2, "GBP": 2, "JPY": 0, "TND": 3}
ZERO = Decimal(0)
SATURDAY = 5


class Debt:
    """A story under its rule on a day: when it was due, which notice counts, what was received when."""

    def __init__(self, ledger, story, until):
        self.ledger, self.story, self.until = ledger, story, until
        self.rule = ledger.rule(story)
        self.decimals = DECIMALS[story.currency]
        self.due = story.date_due
        while self.due and self.rule.due_on_working_day and self.due.weekday() >= SATURDAY:
            self.due += timedelta(days=1)
        self.notice, self.fee_notice = (self._told(start) for start in (self.rule.start, self.rule.fee_start))
        self.awaited = self.notice if self.rule.fee_start == "with_interest" else self.fee_notice
        self.start = self._after(self.notice) if self.rule.start != "day_after_due" else self.due
        self.receipts = self._receipts()

    def _told(self, start):
        """The notice (day, last day to pay, which one) that is waited for; None while its days to pay run."""
        story, rule = self.story, self.rule
        if start not in ("formal_notice", "first_notice"):
            return None
        told = [
            (day, channel, key)
            for day, channel, formal, key in story.notices
            if formal or start == "first_notice"
        ]
        if story.given_notice:
            told.append((story.given_notice, "letter", (story.owner[1], story.given_notice)))
        found = []
        for day, channel, key in told:
            wait = timedelta(days=rule.grace_days + (0 if channel == "email" else rule.post_days))
            if day + wait < self.until:
                found.append((day, day + wait, key))
        return min(found, key=lambda notice: notice[:2], default=None)

    def _after(self, notice):
        return notice and self.due and max(notice[0], self.due)

    def _receipts(self):
        """(day, amount): a credit note counts from the due date, what is paid in a notice's days from the notice."""
        receipts = []
        for day, amount, credit in [*self.story.receipts, *self.ledger.laid.get(self.story.id, ())]:
            on = min(day, self.due or day) if credit else day
            if self.start and self.notice and self.start < on <= self.notice[1]:
                on = self.start
            receipts.append((on, amount))
        for day in sorted({day for day, _ in receipts if day <= self.until}):
            paid = [(on, amount) for on, amount in receipts if on <= day]
            rest = self.story.amount - sum(amount for _, amount in paid)
            if 0 < rest < self._residue():
                return [*paid, (day, rest)]  # what comes for it later is no delay
        return receipts

    def _residue(self):
        amount = Decimal(str(self.ledger.company.recovery_residue_amount))
        return round_money(amount * _rate(self.story.currency, self.until), self.decimals)

    def interest(self, fee):
        paid = [(day, amount) for day, amount in self.receipts if day <= self.until]
        settled = sum(amount for _, amount in paid) >= self.story.amount
        rule = self.rule
        apart = self.ledger._apart(self.story) if rule.allocation != "principal_first" else []
        return interest(
            rule._kernel(),
            rule._rate_table(),
            self.story.amount,
            self.due,
            max(day for day, _ in paid) if settled else self.until,
            payments=self.receipts + apart,
            notice_date=self.notice and self.notice[0],
            decimals=self.decimals,
            is_company=self.story.is_company,
            costs=fee if rule.fee_start == "with_interest" else ZERO,
        )

    def unpaid(self):
        """What bears a fixed sum, nothing while it is not due."""
        story, rule = self.story, self.rule
        start = self.start if rule.fee_start == "with_interest" else self._after(self.fee_notice)
        in_scope = rule.scope in ("all", "b2b" if story.is_company else "b2c")
        is_law = not (rule.fee_since and self.due) or self.due >= rule.fee_since
        if not rule.fee_id or not start or start >= self.until or not in_scope or not is_law:
            return ZERO
        last = max(start, self.awaited[1]) if self.awaited else start
        paid = sum(amount for day, amount in self.receipts if day <= last)
        rest = max(story.amount - paid, ZERO)
        least = Decimal(str(rule.fee_rest_min)) * self._fee_exchange()
        return ZERO if paid > 0 and rest < least else rest

    def _fee_exchange(self):
        return _rate(self.story.currency, self.due) / _rate(self.rule.fee_id.currency_id.name, self.due)

    def fee(self, unpaid):
        fee_currency = self.rule.fee_id.currency_id.name
        exchange = self._fee_exchange()
        decimals = DECIMALS[fee_currency]
        fee = collection_fee(
            self.rule.fee_id._kernel(), round_money(unpaid / exchange, decimals), decimals=decimals
        )
        return round_money(fee * exchange, self.decimals)


def _rate(currency, day):
    rates = EXCHANGE[currency]
    known = [first for first in rates if first <= day]
    return rates[max(known) if known else min(rates)]
