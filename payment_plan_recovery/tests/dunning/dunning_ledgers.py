"""Random creditors and debtors for comparing the engine with the reference.

Dates crowd around the boundaries of the rules: most claims reach a level on the day, the day before
or the day after.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .dunning_common import DAY0
from .dunning_facts import Claim, Creditor, Debtor, Level, Notice, Policy, Receipt

TODAY = DAY0
TAGS = ("alpha", "beta", "gamma")
#: Company amount of one unit of each currency of a ledger.
RATES = {"EUR": Decimal(1), "USD": Decimal("0.91")}
CHANNELS = ("email", "sms", "letter", "registered", "phone")
DELAYS = (-5, 0, 3, 10, 30)
DELAYS_AFTER_NOTICE = (0, 5, 10)
CENT = Decimal("0.01")
NOTICE_STATES = (
    *["sent"] * 4,
    "draft",
    "approved",
    "queued",
    "to_post",
    "failed",
    "ignored",
    "cancelled",
)
TRIGGERS = ("due_date", "due_date", "month_end", "previous_notice", "previous_notice")


def in_company_currency(amount, currency):
    return (amount * RATES[currency]).quantize(CENT, ROUND_HALF_UP)


class LedgerMaker:
    """Draws a creditor and its debtors with a seeded ``random``."""

    def __init__(self, random):
        self.random = random

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def creditor(self):
        policies = [self.policy(number) for number in range(self.random.randint(1, 5))]
        return Creditor(
            policies=policies,
            cure=Policy("Cure", kind="cure", levels=[Level("Cure", "due_date", 0, channels=("letter",))]),
            default_policy=self.random.choice(policies) if self.chance(40) else None,
            only_main_account=self.chance(15),
            residue=Decimal(self.random.choice((0, 0, 15, 50))),
            contact_max=self.random.choice((0, 0, 1, 2, 3)),
            contact_window=self.random.choice((1, 3, 7)),
            contact_gap=self.random.choice((0, 0, 1, 3)),
        )

    def policy(self, number):
        do_not_chase = self.chance(10)
        levels = [] if do_not_chase or self.chance(4) else self.levels(number)
        return Policy(
            name=f"P{number}",
            kind="instalment" if self.chance(30) else "item",
            do_not_chase=do_not_chase,
            only_tag=self.random.choice((None, None, *TAGS)),
            broken=self.chance(5),
            catch_up=self.chance(35),
            by_debtor=self.chance(50),
            interval=self.random.choice((0, 0, 1, 5, 7)),
            levels=levels,
            archived=[self.archived(number, len(levels))] if levels and self.chance(25) else [],
        )

    def archived(self, policy, levels):
        """A level that is reached no more, and its place among those that are."""
        level = Level(name=f"A{policy:02}", trigger="due_date", delay=self.random.choice(DELAYS))
        return level, self.random.randint(0, levels)

    def levels(self, policy):
        levels = []
        for number in range(self.random.randint(1, 4)):
            trigger = self.random.choice(TRIGGERS) if number else self.random.choice(TRIGGERS[:3])
            levels.append(
                Level(
                    # Names sort in the order in which the records are made: the last tie-break of the budget.
                    name=f"L{policy:02}{number:02}",
                    trigger=trigger,
                    delay=self.random.choice(DELAYS_AFTER_NOTICE if trigger == "previous_notice" else DELAYS),
                    amount_min=Decimal(self.random.choice((0, 0, 0, 50, 100))),
                    share_min=self.random.choice((0, 0, 0, 30, 50)),
                    channels=tuple(self.random.sample(CHANNELS, self.random.randint(1, 3))),
                    only_tag=self.random.choice(TAGS) if self.chance(12) else None,
                    only_main_account=self.chance(10),
                    broken=self.chance(3),
                    pace=(self.random.choice((0, 3)), self.random.choice((0, 1, 5)))
                    if self.chance(20)
                    else None,
                    pace_people=self.chance(30),
                )
            )
        return levels

    def debtor(self, creditor):
        debtor = Debtor(
            tag=self.random.choice(TAGS),
            is_company=self.chance(80),
            own_policy=self.random.choice(creditor.policies) if self.chance(20) else None,
            held=self.chance(8),
            email=self.chance(75),
            phone=self.chance(40),
            postal=self.chance(50),
            contact_email=self.chance(20),
            no_email=self.chance(10),
            no_sms=self.chance(10),
            no_phone=self.chance(10),
            prefers=self.random.choice(CHANNELS) if self.chance(15) else None,
        )
        debtor.claims = [self.claim(creditor) for _number in range(self.random.randint(0, 6))]
        for claim in debtor.claims:
            claim.of_company = debtor.is_company
            self.foresee(claim)
        if self.chance(15):
            self.add_plan(debtor, creditor)
        self.add_notices(debtor, creditor)
        debtor.receipts = self.receipts(debtor)
        return debtor

    def receipts(self, debtor):
        """Unmatched money: for one invoice, for all that is owed but a cent, of tomorrow, or any sum."""
        owed = [claim for claim in debtor.claims if not claim.instalment]
        receipts = []
        for _number in range(self.random.choice((0, 0, 0, 1, 1, 2)) if owed else 0):
            claim = self.random.choice(owed)
            total = sum(other.amount for other in owed if other.currency == claim.currency)
            receipts.append(
                Receipt(
                    day=TODAY + timedelta(days=self.random.choice((0, 0, -1, -20, 1))),
                    amount=self.random.choice(
                        (claim.amount, claim.amount - CENT, total, total - CENT, Decimal(40))
                    ),
                    currency=claim.currency,
                    names=self.random.choice((claim, None, None)),
                )
            )
        return receipts

    def claim(self, creditor):
        currency = "USD" if self.chance(25) else "EUR"
        amount = Decimal(self.random.choice((1000, 2500, 3333, 5000, 9999, 10000, 12345, 30000))) / 100
        claim = Claim(
            due=self.due(creditor),
            amount=amount,
            company_amount=in_company_currency(amount, currency),
            currency=currency,
            main_account=self.chance(85),
            no_followup=self.chance(5),
            held=self.chance(6),
            received=self.random.choice((CENT, amount)) if self.chance(10) else Decimal(0),
        )
        choosable = [policy for policy in creditor.policies if policy.kind == "item" or policy.do_not_chase]
        if choosable and self.chance(12):
            claim.chosen_policy = self.random.choice(choosable)
        levels = [level for policy in creditor.policies for level in policy.levels]
        levels += [level for policy in creditor.policies for level, _place in policy.archived]
        if levels and self.chance(10):
            claim.chosen_level = self.random.choice(levels)
        if self.chance(12):
            claim.disputed = self.random.choice((amount, amount / 2, CENT, amount - CENT)).quantize(CENT)
        return claim

    def foresee(self, claim):
        """A payment that is expected about the day of a level, as of a day that still counts or does not."""
        if self.chance(70):
            days = self.random.choice((-2, -1, 0, 1, 4, 5, 6, 40))
            claim.expected = date.max if self.chance(5) else TODAY + timedelta(days=days)
            claim.foreseen_on = TODAY - timedelta(days=self.random.choice((0, 0, 0, 7, 8, -1)))

    def due(self, creditor):
        """A due date that reaches some level about today."""
        levels = [level for policy in creditor.policies for level in policy.levels]
        delay = self.random.choice(levels).delay if levels else 0
        return TODAY - timedelta(days=delay + self.random.choice((-1, 0, 0, 1, 20, 45, -30)))

    def add_plan(self, debtor, creditor):
        """Some items of one currency in a live plan, instalments in their place."""
        items = [claim for claim in debtor.claims if claim.currency == "EUR"]
        if not items:
            return
        for claim in items:
            claim.in_plan = True
            claim.no_followup = False
        count = self.random.randint(1, 3)
        total = sum(claim.amount for claim in items)
        asked = Notice(
            level=creditor.cure.levels[0],
            policy=creditor.cure,
            state=self.random.choice(("sent", "sent", "to_post", "cancelled")),
            day=TODAY - timedelta(days=self.random.choice((0, 1, 6, 12))),
            channel="letter",
        )
        asked.live = asked.state != "cancelled"
        for _number in range(count):
            amount = (total / count).quantize(CENT)
            debtor.claims.append(
                Claim(
                    due=self.due(creditor),
                    amount=amount,
                    company_amount=amount,
                    instalment=True,
                    received=self.random.choice((CENT, amount)) if self.chance(25) else Decimal(0),
                    notices=[asked] if self.chance(25) else [],
                )
            )

    def add_notices(self, debtor, creditor):
        """What was sent or is on its way: some notices over some claims, a level once for each claim."""
        for _number in range(self.random.choice((0, 0, 1, 1, 2, 3))):
            policies = [policy for policy in creditor.policies if policy.levels]
            if not policies or not debtor.claims:
                return
            policy = self.random.choice(policies)
            level = self.random.choice(policy.levels[:2] + [level for level, _place in policy.archived])
            state = self.random.choice(NOTICE_STATES)
            notice = Notice(
                level=level,
                policy=policy,
                state=state,
                day=TODAY - timedelta(days=self.random.choice((0, 1, 4, 5, 6, 7, 9, 10, 11, 40))),
                channel=self.random.choice(level.channels),
                live=state not in ("ignored", "cancelled"),
            )
            for claim in self.random.sample(debtor.claims, self.random.randint(1, len(debtor.claims))):
                taken = any(other.live and other.level is level for other in claim.notices)
                if not (notice.live and taken):
                    claim.notices.append(notice)
