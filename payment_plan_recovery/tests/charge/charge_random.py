"""Random ledgers of late items, written by SQL, and what each costs by a plain reading of the design.

The expected figures are computed from the story itself through the kernel: nothing of the statements that
read the ledger is used.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ...tools.errors import KernelError
from ...tools.money import round_money
from ...tools.open_money import Credit, Item, Owner, lay
from .charge_debt import DECIMALS, EXCHANGE, ZERO, Debt

FIRST_DUE, LAST_DUE = date(2019, 5, 1), date(2026, 10, 31)


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
    notices: list = field(default_factory=list)  # (day, channel, is formal, which notice)
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

    def __init__(self, company, seed, size, clauses):
        self.env, self.company = company.env, company
        self.seed = seed
        self.draw = random.Random(seed)  # noqa: S311 a ledger to compare, no secret
        self.clauses = clauses
        self.stories, self.notices = [], 0
        while len(self.stories) < size:
            self.stories += self._invoice(len(self.stories))
        self._tell_together()
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
            story.notices.append((day, *self._notice()))
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

    def _notice(self):
        self.notices += 1
        channel = self.draw.choice(["email", "letter", "registered"])
        return channel, self.draw.random() < 0.5, self.notices

    def _tell_together(self):
        """Notices about several claims of a debtor."""
        debtors = {}
        for story in self.stories:
            debtors.setdefault(story.owner[1], []).append(story)
        for stories in debtors.values():
            told = self.draw.sample(stories, min(len(stories), 4))
            day = self.day(FIRST_DUE, LAST_DUE)
            notice = self._notice()
            for story in told:
                story.notices.append((day, *notice))

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
        figures, unpriced = {}, set()
        self.laid = self._laid(until)
        debts = [Debt(self, story, until) for story in self.stories if self.rule(story)]
        fees = self._fees(debts)
        for debt in debts:
            story, fee = debt.story, fees.get(debt.story.id, ZERO)
            try:
                result = debt.interest(fee)
            except KernelError:
                unpriced.add(story.id)
                figures[story.id] = (debt.rule.id, ZERO, fee, False)
            else:
                figures[story.id] = (debt.rule.id, result.total, fee, result.rate_extrapolated)
        return figures, unpriced

    def rule(self, story):
        if story.clause:
            return story.clause
        country = story.country or "fr"
        if story.is_company and self.company.recovery_charge_law == "creditor":
            country = "fr"
        for rule in self.env["recovery.interest.rule"].search([("is_contract", "=", False)]):
            countries = [code.lower() for code in rule.country_ids.mapped("code")]
            code = {"uk": "gb"}.get(country, country)
            if rule.scope in ("all", "b2b" if story.is_company else "b2c") and (
                not countries or code in countries
            ):
                return rule
        return None

    def _fees(self, debts):
        """The fixed sums by item: one for an invoice, one for the claims of a notice, or one for each."""
        fees, charged, together = {}, set(), {}
        for debt in sorted(debts, key=lambda debt: (debt.due or date.max, debt.story.id)):
            unpaid, rule, story = debt.unpaid(), debt.rule, debt.story
            if not unpaid or not rule.fee_id:
                continue
            if rule.fee_basis == "notice":
                key = (debt.awaited[2], rule, story.currency)
                together.setdefault(key, []).append((debt, unpaid))
            elif rule.fee_id.kind != "per_invoice" or story.number not in charged:
                charged |= {story.number} if rule.fee_id.kind == "per_invoice" else set()
                fees[story.id] = debt.fee(unpaid)
        for told in together.values():
            told.sort(key=lambda share: share[0].story.id)
            total = sum(unpaid for _, unpaid in told)
            fee, decimals = told[0][0].fee(total), DECIMALS[told[0][0].story.currency]
            shares = [(fee * unpaid / total, debt.story.id) for debt, unpaid in told]
            # rounded down; the units left go to those that this cut most
            unit = Decimal(1).scaleb(-decimals)
            parts = {id_: share // unit * unit for share, id_ in shares}
            left = int((fee - sum(parts.values())) / unit)
            for share, id_ in sorted(shares, key=lambda share: -(share[0] % unit))[:left]:  # noqa: B007
                parts[id_] += unit
            fees |= parts
        return fees

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
