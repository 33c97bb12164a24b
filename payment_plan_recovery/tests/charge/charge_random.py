"""Random ledgers of late items, written by SQL, and what each costs by a plain reading of the design.

The expected figures are computed from the story itself through the kernel: nothing of the statements that
read the ledger is used.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ...tools.collection_fee import collection_fee
from ...tools.errors import KernelError
from ...tools.interest import interest
from ...tools.money import round_money
from ...tools.open_money import Credit, Item, Owner, lay

FIRST_DUE, LAST_DUE = date(2019, 5, 1), date(2026, 10, 31)
PARIS = ZoneInfo("Europe/Paris")
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


@dataclass
class Story:
    """An item as it was lived."""

    amount: Decimal
    currency: str
    date_due: date | None
    country: str
    is_company: bool
    clause: object = None
    clause_on_term: bool = False
    number: int = 0  # of the invoice
    receipts: list = field(default_factory=list)  # (day, amount, is credit note)
    notices: list = field(default_factory=list)  # (day, channel, is formal)
    given_notice: date | None = None
    waivers: list = field(default_factory=list)  # (day, amount)
    booked: list = field(default_factory=list)  # (amount booked, invoiced, [(day, amount, is credit note)])
    debtor: int = 0  # of the country's companies, or individuals
    id: int = 0
    move: int = 0
    booked_ids: list = field(default_factory=list)  # of the items of the charges' invoices

    @property
    def owner(self):
        """Whose money lies together."""
        return Owner(None, (self.country, self.is_company, self.debtor), self.currency)

    @property
    def issued(self):
        return (self.date_due or FIRST_DUE) - timedelta(days=30)


@dataclass
class Money:
    """Money of the debtor of a story that is matched with nothing: received, or paid out again (a refund)."""

    of: Story
    day: date
    amount: Decimal
    kind: str  # payment, credit note, refund
    reverses: Story | None = None  # whose invoice a credit note gives back
    names: Story | None = None  # whose invoice's number a payer writes
    id: int = 0


class RandomLedger:
    """Stories drawn from a seed. ``rules`` are contract clauses the stories choose from."""

    def __init__(self, env, seed, size, clauses):
        self.env = env
        self.seed = seed
        self.draw = random.Random(seed)  # noqa: S311 a ledger to compare, no secret
        self.clauses = clauses
        self.stories = []
        while len(self.stories) < size:
            self.stories += self._invoice(len(self.stories))
        self.money_open = [self._money() for _ in range(size // 5)]

    def name(self, story):
        """The number of a story's invoice."""
        return f"LATE/{self.seed}/{story.number}"

    def day(self, first, last):
        return first + timedelta(days=self.draw.randrange((last - first).days + 1))

    def money(self, highest, currency):
        lowest = Decimal(1).scaleb(-DECIMALS[currency])
        return round_money(
            max(lowest, highest * Decimal(self.draw.randrange(1, 10**6)) / 10**6), DECIMALS[currency]
        )

    def _invoice(self, number):
        """One invoice of one to three due dates, or an entry without any."""
        draw = self.draw
        currency = draw.choices(list(EXCHANGE), [12, 2, 2, 1, 1])[0]
        shared = {
            "currency": currency,
            "country": draw.choice(["fr", "fr", "be", "de", "nl", "uk", "ch", "es", "us", ""]),
            "is_company": draw.random() < 0.7,
            "clause": draw.choice(self.clauses) if draw.random() < 0.4 else None,
            "clause_on_term": draw.random() < 0.5,
            "number": number,
            "debtor": draw.randrange(3),
            "given_notice": self.day(FIRST_DUE, LAST_DUE) if draw.random() < 0.15 else None,
        }
        dues = [self.day(FIRST_DUE, LAST_DUE) for _ in range(draw.choice([1, 1, 1, 1, 2, 3]))]
        if draw.random() < 0.02:
            dues = [None]
        highest = Decimal(draw.choice([100, 1000, 20000, 300000]))
        return [
            self._item(Story(self.money(highest, currency), date_due=due, **shared))
            for due in sorted(dues, key=str)
        ]

    def _item(self, story):
        draw, first = self.draw, story.date_due or FIRST_DUE
        left = story.amount
        for _ in range(draw.choice([0, 0, 0, 1, 1, 2, 4])):
            part = left if draw.random() < 0.4 else min(left, self.money(left, story.currency))
            if part:
                day = self.day(first - timedelta(days=30), first + timedelta(days=900))
                story.receipts.append((day, part, draw.random() < 0.2))
                left -= part
        for _ in range(draw.choice([0, 0, 0, 1, 2])):
            day = self.day(first - timedelta(days=10), first + timedelta(days=300))
            story.notices.append((day, draw.choice(["email", "letter", "registered"]), draw.random() < 0.5))
        if draw.random() < 0.1:
            day = self.day(first, first + timedelta(days=400))
            story.waivers.append((day, self.money(story.amount / 20, story.currency)))
        if draw.random() < 0.15:
            self._book(story, first)
        return story

    def _book(self, story, first):
        booked = self.money(story.amount / 10, story.currency)
        invoiced = booked * self.draw.choice([1, 3])
        left, paid = invoiced, []
        for _ in range(self.draw.choice([0, 1, 2])):
            part = min(left, self.money(left, story.currency))
            if part:
                day = self.day(first + timedelta(days=30), first + timedelta(days=600))
                paid.append((day, part, self.draw.random() < 0.3))
                left -= part
        story.booked.append((booked, invoiced, paid))

    def _money(self):
        """Money that nobody matched yet, of the debtor of any story."""
        draw, story = self.draw, self.draw.choice(self.stories)
        due = story.date_due or FIRST_DUE
        amount = story.amount if draw.random() < 0.3 else self.money(story.amount * 2, story.currency)
        day = self.day(due - timedelta(days=40), due + timedelta(days=900))
        kind = draw.choice(["payment", "payment", "payment", "credit note", "refund"])
        reverses = story if kind == "credit note" and draw.random() < 0.5 else None
        names = story if kind != "refund" and draw.random() < 0.3 else None
        return Money(story, day, amount, kind, reverses, names)

    def _laid(self, until):
        """Where the money lies that nobody matched: {item id: [(day, amount, is credit note)]}."""
        items, incoming, notes, partly = [], [], {}, {}
        for story in self.stories:
            open_amount = story.amount - sum(amount for _, amount, _ in story.receipts)
            names = frozenset([self.name(story)])
            owed = [(story.id, open_amount, story.date_due or story.issued, story.move, names)]
            for id_, (_, invoiced, paid) in zip(story.booked_ids, story.booked, strict=True):
                left = invoiced - sum(amount for _, amount, _ in paid)
                owed.append((id_, left, story.issued, None, frozenset()))
            items += [
                Item(id_, story.owner, story.issued, due, amount, entry=move or id_, names=called)
                for id_, amount, due, move, called in owed
                if amount
            ]
        for money in self.money_open:
            owner = money.of.owner
            if money.kind == "refund":
                items.append(Item(money.id, owner, money.day, money.day, money.amount, paid_out=True))
                continue
            texts = frozenset([self.name(money.names)] if money.names else [])
            notes[money.id] = money.kind == "credit note"
            reverses = money.reverses and money.reverses.move
            incoming.append(Credit(money.id, owner, money.day, money.amount, reverses, texts))
        for item_id, receipts in lay(items, incoming, until).receipts.items():
            partly[item_id] = [(receipt.date, receipt.amount, notes[receipt.credit]) for receipt in receipts]
        return partly

    # What each item costs ----------------------------------------------------------------

    def expected(self, until):
        """Return ({item id: (rule id, interest, fixed sum, extrapolated)}, ids of items left unpriced)."""
        figures, unpriced, charged = {}, set(), set()
        self.laid = self._laid(until)
        for story in sorted(self.stories, key=lambda story: (story.date_due or date.max, story.id)):
            rule = self._rule(story)
            if not rule:
                continue
            receipts, notice = self._receipts(story), self._notice(story, rule.start, rule, until)
            fee = self._fee(story, rule, receipts, notice, until)
            if fee and rule.fee_id.kind == "per_invoice":
                fee = ZERO if story.number in charged else fee
                charged.add(story.number)
            try:
                result = self._interest(story, rule, receipts, notice, until, fee)
            except KernelError:
                unpriced.add(story.id)
                figures[story.id] = (rule.id, ZERO, fee, False)
            else:
                figures[story.id] = (rule.id, result.total, fee, result.rate_extrapolated)
        return figures, unpriced

    def _rule(self, story):
        if story.clause:
            return story.clause
        country = story.country or "fr"
        for rule in self.env["recovery.interest.rule"].search([("is_contract", "=", False)]):
            countries = [code.lower() for code in rule.country_ids.mapped("code")]
            code = {"uk": "gb"}.get(country, country)
            if rule.scope in ("all", "b2b" if story.is_company else "b2c") and (
                not countries or code in countries
            ):
                return rule
        return None

    def _receipts(self, story):
        return [
            (min(day, story.date_due or day) if credit else day, amount)
            for day, amount, credit in [*story.receipts, *self.laid.get(story.id, ())]
        ]

    def _interest(self, story, rule, receipts, notice, until, fee):
        paid = [(day, amount) for day, amount in receipts if day <= until]
        settled = sum(amount for _, amount in paid) >= story.amount
        apart = self._apart(story) if rule.allocation == "interest_first" else []
        return interest(
            rule._kernel(),
            rule._rate_table(),
            story.amount,
            story.date_due,
            max(day for day, _ in paid) if settled else until,
            payments=receipts + apart,
            notice_date=notice,
            decimals=DECIMALS[story.currency],
            is_company=story.is_company,
            costs=fee if rule.fee_start == "with_interest" else ZERO,
        )

    def _notice(self, story, start, rule, until):
        if start not in ("formal_notice", "first_notice"):
            return None
        told = [(day, channel) for day, channel, formal in story.notices if formal or start == "first_notice"]
        if story.given_notice:
            told.append((story.given_notice, "letter"))
        days = []
        for day, channel in told:
            wait = rule.grace_days + (0 if channel == "email" else rule.post_days)
            if day + timedelta(days=wait) < until:
                days.append(day)
        return min(days, default=None)

    def _fee(self, story, rule, receipts, notice, until):
        due, in_scope = story.date_due, rule.scope in ("all", "b2b" if story.is_company else "b2c")
        if rule.fee_start == "with_interest":
            start = due if rule.start == "day_after_due" else notice and due and max(notice, due)
        else:
            notice = self._notice(story, rule.fee_start, rule, until)
            start = notice and due and max(notice, due)
        if not start or start >= until or not in_scope or not rule.fee_id:
            return ZERO
        unpaid = story.amount - sum(amount for day, amount in receipts if day <= start)
        if unpaid <= 0:
            return ZERO
        fee_currency = rule.fee_id.currency_id.name
        exchange = _rate(story.currency, due) / _rate(fee_currency, due)
        decimals = DECIMALS[fee_currency]
        fee = collection_fee(
            rule.fee_id._kernel(), round_money(unpaid / exchange, decimals), decimals=decimals
        )
        return round_money(fee * exchange, DECIMALS[story.currency])

    def _apart(self, story):
        """What settled charges apart from the item: payments of their invoices, pro rata, and waivers."""
        apart, decimals = list(story.waivers), DECIMALS[story.currency]
        for id_, (booked, invoiced, matched) in zip(story.booked_ids, story.booked, strict=True):
            paid = [*matched, *self.laid.get(id_, ())]
            owed = invoiced - sum(amount for _, amount, credit in paid if credit)
            by_day, so_far = {}, ZERO
            for day, amount, credit in paid:
                by_day[day] = by_day.get(day, ZERO) + (ZERO if credit else amount)
            for day in sorted(by_day):
                if owed > 0:
                    shares = (
                        round_money(booked * money / owed, decimals)
                        for money in (so_far + by_day[day], so_far)
                    )
                    after, before = shares
                    apart.append((day, after - before))
                so_far += by_day[day]
        return apart


def _rate(currency, day):
    rates = EXCHANGE[currency]
    known = [first for first in rates if first <= day]
    return rates[max(known) if known else min(rates)]
