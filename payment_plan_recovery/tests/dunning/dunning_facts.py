"""The plain values that the reference model of dunning judges: what is declared, owed and was sent."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# What is declared -------------------------------------------------------------


@dataclass
class Level:
    name: str
    trigger: str
    delay: int
    amount_min: Decimal = Decimal(0)
    share_min: int = 0
    channels: tuple = ("email",)
    only_tag: str | None = None
    only_main_account: bool = False
    #: The debtor filter can no longer be read.
    broken: bool = False
    #: By how many days a forecast may move its day, earlier and later; None where it does not.
    pace: tuple | None = None
    pace_people: bool = False


@dataclass
class Policy:
    name: str
    kind: str = "item"
    do_not_chase: bool = False
    only_tag: str | None = None
    broken: bool = False
    catch_up: bool = False
    by_debtor: bool = True
    interval: int = 0
    levels: list[Level] = field(default_factory=list)
    #: Levels that are reached no more, with the number of ``levels`` that come before each.
    archived: list[tuple[Level, int]] = field(default_factory=list)

    def how_far(self, level):
        """How many levels are done once this one was sent."""
        places = {id(old): before for old, before in self.archived}
        return places[id(level)] if id(level) in places else self.levels.index(level) + 1


@dataclass
class Creditor:
    policies: list[Policy]
    #: What the notices of plans in default go by; no run chooses it.
    cure: Policy
    default_policy: Policy | None = None
    only_main_account: bool = False
    #: What payments leave of an item below this is let go.
    residue: Decimal = Decimal(0)
    contact_max: int = 0
    contact_window: int = 7
    contact_gap: int = 0


# What the ledger and the files hold --------------------------------------------


@dataclass
class Notice:
    level: Level
    policy: Policy = field(repr=False)
    state: str
    day: date
    channel: str = "email"
    live: bool = True


@dataclass
class Claim:
    """An open item, or an instalment."""

    due: date
    amount: Decimal
    company_amount: Decimal
    currency: str = "EUR"
    instalment: bool = False
    in_plan: bool = False
    main_account: bool = True
    no_followup: bool = False
    chosen_policy: Policy | None = None
    chosen_level: Level | None = None
    held: bool = False
    #: By when it is expected to be paid, as was found on a day; ``date.max`` for never.
    expected: date | None = None
    foreseen_on: date | None = None
    of_company: bool = True
    disputed: Decimal = Decimal(0)
    #: What was received on the item and matched with it.
    received: Decimal = Decimal(0)
    notices: list[Notice] = field(default_factory=list)


@dataclass
class Receipt:
    """Money that came in on a day and is matched with nothing; its text may be the number of a claim's invoice."""

    day: date
    amount: Decimal
    currency: str = "EUR"
    names: Claim | None = None


@dataclass
class Debtor:
    tag: str = ""
    is_company: bool = True
    own_policy: Policy | None = None
    #: It is a company of the database.
    is_ours: bool = False
    held: bool = False
    email: bool = True
    phone: bool = False
    postal: bool = False
    #: A contact of the debtor has an e-mail address.
    contact_email: bool = False
    #: That contact represents the debtor: nobody else is written to.
    represented: bool = False
    no_email: bool = False
    no_sms: bool = False
    no_phone: bool = False
    prefers: str | None = None
    claims: list[Claim] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def notices(self):
        """Every notice to the debtor, once each."""
        seen = {id(notice): notice for claim in self.claims for notice in claim.notices}
        return list(seen.values())

    def spare_instalments(self, uncovered):
        """What is disputed in part of what a plan covers is disputed of its last instalments.

        :param uncovered: what no money lies over of each claim, by its place
        """
        places = range(len(self.claims))
        items = [place for place in places if self.claims[place].in_plan and not self.claims[place].held]
        left = sum((min(self.claims[place].disputed, uncovered[place]) for place in items), Decimal(0))
        for place in reversed(places):
            if self.claims[place].instalment:
                self.claims[place].disputed = min(left, uncovered[place])
                left -= self.claims[place].disputed
