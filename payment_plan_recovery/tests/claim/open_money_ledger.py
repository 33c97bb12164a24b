"""Ledgers drawn at random and written by a few INSERTs: what is owed, and money that is matched with nothing."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ...tools.open_money import NOTHING, Credit, Item, Owner

TODAY = date(2026, 10, 20)


@dataclass
class Entry:
    """A posted entry with its receivable lines: (due, amount, disputed); below zero what came in."""

    company: int
    debtor: int
    currency: str
    day: date
    lines: list
    money: bool = False  # of a bank's or a cash journal
    reference: str | None = None
    reverses: int | None = None  # which of the entries before
    ref: str | None = None
    label: str | None = None
    on_contact: bool = False
    #: Of each line: the discount's last day and with how much money of then settles it, None without one.
    discounts: list = field(default_factory=list)
    #: It is not there for open money: a draft, matched already, or on another kind of account.
    left_out: str | None = None


@dataclass
class Ledger:
    entries: list = field(default_factory=list)
    #: Debtors that dispute everything, by the company in whose books that is said.
    disputes: dict = field(default_factory=dict)


class Draw:
    """Draws ledgers out of ``random``; companies 0 and 1 (its branch) are one creditor, 2 is another."""

    def __init__(self, random):
        self.random = random

    def ledger(self, debtors):
        ledger = Ledger()
        for debtor in range(debtors):
            if self.chance(8):
                ledger.disputes[debtor] = self.random.randrange(3)
            for _number in range(self.random.randrange(9)):
                ledger.entries.append(self.entry(ledger.entries, debtor))
        return ledger

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def day(self, before=60, after=5):
        return TODAY + timedelta(days=self.random.randint(-before, after))

    def entry(self, earlier, debtor):
        entry = Entry(
            company=self.random.choice((0, 0, 0, 1, 1, 2)),
            debtor=debtor,
            currency=self.random.choice(("EUR", "EUR", "EUR", "USD")),
            day=self.day(),
            lines=[],
            reference=self.random.choice((None, None, "RF1", "RF2")),
            on_contact=self.chance(3),
            left_out=self.random.choice(("draft", "matched", "other account")) if self.chance(12) else None,
        )
        kind = self.random.choice(("owed", "owed", "owed", "in", "in", "note", "out"))
        if kind == "owed":
            entry.lines = [self.owed() for _line in range(self.random.choice((1, 1, 1, 2, 3)))]
            entry.discounts = [self.discount(amount) for _due, amount, _disputed in entry.lines]
        else:
            amount = self.cents() if kind == "out" else -self.received(earlier, debtor)
            entry.lines = [(entry.day, amount, NOTHING)]
            entry.money = kind in ("in", "out")
        if kind in ("in", "note"):
            self.name_an_entry(entry, earlier, kind)
        return entry

    def owed(self):
        amount = self.cents()
        disputed = self.random.choice((NOTHING, NOTHING, NOTHING, amount, self.cents()))
        return (self.day(90, 30), amount, disputed)

    def discount(self, amount):
        """Terms that settle ``amount`` with 98 % of it until a day."""
        return None if self.chance(2) else (self.day(40, 10), round(amount * 98 / 100, 2) or amount)

    def received(self, earlier, debtor):
        """Any amount, or the price of some invoices, less discounts or not."""
        owed = [entry for entry in earlier if entry.debtor == debtor and entry.discounts]
        first = self.random.randrange(len(owed)) if owed else 0
        prices = [
            discount[1] if discount and not self.chance(4) else line[1]
            for entry in owed[first : first + self.random.randint(1, 3)]
            for line, discount in zip(entry.lines, entry.discounts, strict=True)
        ]
        return sum(prices) if prices and not self.chance(3) else self.cents()

    def cents(self):
        return Decimal(self.random.choice((self.random.randint(1, 50000), 10000, 20000))) / 100

    def name_an_entry(self, entry, earlier, kind):
        """What a payer writes: an entry's number, its reference, nearly one, or something else."""
        if not earlier or self.chance(3):
            return
        number = self.random.randrange(max(len(earlier) - 8, 0), len(earlier))
        names = " ".join(number_of(each) for each in range(max(number - 2, 0), number + 1))
        texts = (
            number_of(number),
            earlier[number].reference,
            f"{number_of(number)} ",
            names,
            "thank you",
            "",
        )
        entry.ref, entry.label = self.random.choice(texts), self.random.choice(texts)
        if kind == "note" and not self.chance(3):
            entry.reverses = number


def number_of(index):
    return f"OPEN/{index}"


class OpenMoneyWriter:
    """Writes ledgers for the companies (creditor, its branch, another creditor) of a test."""

    def __init__(self, env, companies, accounts, journals):
        self.env = env
        self.companies = companies
        #: {"receivable": id, "other account": id}
        self.accounts = accounts
        #: by company: {False: a journal of sales, True: one of money}
        self.journals = journals
        self.currencies = {code: env.ref(f"base.{code}").id for code in ("EUR", "USD")}

    def insert(self, table, rows):
        """Insert dicts of the same keys, return the new ids in order."""
        if not rows:
            return []
        columns = list(rows[0])
        # Table and columns are names written in this file.
        query = f"INSERT INTO {table} ({', '.join(columns)}) VALUES %s RETURNING id"  # noqa: S608
        template = "(" + ", ".join(["%s"] * len(columns)) + ")"
        values = [tuple(row[column] for column in columns) for row in rows]
        result = self.env.cr.execute_values(query, values, template=template, fetch=True, page_size=len(rows))
        return [row[0] for row in result]

    def write_ledger(self, ledger, debtors):
        """Write the ledger of so many debtors; return (debtor ids, items, credits) as the kernel knows them."""
        partners, contacts = self.write_partners(debtors)
        self.moves = self.write_moves(ledger.entries)
        lines = [(index, entry, line) for index, entry in enumerate(ledger.entries) for line in entry.lines]
        discounts = [discount for entry in ledger.entries for discount in entry.discounts or [None]]
        ids = self.write_lines(lines, discounts, partners, contacts)
        self.write_disputes(ledger, lines, ids, partners)
        self.env.invalidate_all()
        items, incoming = [], []
        for key, (index, entry, (due, amount, disputed)), discount in zip(ids, lines, discounts, strict=True):
            if entry.left_out:
                continue
            creditor = self.companies[0 if entry.company == 1 else entry.company]
            owner = Owner(creditor, partners[entry.debtor], self.currencies[entry.currency])
            if amount < 0:
                reverses = None if entry.reverses is None else self.moves[entry.reverses]
                texts = frozenset(filter(None, (entry.ref, entry.label)))
                incoming.append(Credit(key, owner, entry.day, -amount, reverses, texts))
                continue
            by_debtor = ledger.disputes.get(entry.debtor)
            all_disputed = by_debtor is not None and (by_debtor == 2) == (entry.company == 2)
            more = {
                "disputed": amount if all_disputed else disputed,
                "entry": self.moves[index],
                "names": frozenset(filter(None, (number_of(index), entry.reference))),
                "paid_out": entry.money,
                "discount_until": discount and discount[0],
                "discounted": discount and discount[1],
            }
            items.append(Item(key, owner, entry.day, due, amount, **more))
        return partners, items, incoming

    def write_partners(self, debtors):
        common = {"active": True, "type": "contact", "autopost_bills": "ask"}
        partners = self.insert("res_partner", [{"name": "Debtor", **common} for _debtor in range(debtors)])
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [partners]
        )
        contacts = self.insert(
            "res_partner",
            [
                {"name": "Contact", "parent_id": partner, "commercial_partner_id": partner, **common}
                for partner in partners
            ],
        )
        return partners, contacts

    def write_moves(self, entries):
        moves = self.insert(
            "account_move",
            [
                {
                    "name": number_of(index),
                    "payment_reference": entry.reference,
                    "ref": entry.ref,
                    "journal_id": self.journals[entry.company][entry.money],
                    "company_id": self.companies[entry.company],
                    "currency_id": self.currencies[entry.currency],
                    "state": "draft" if entry.left_out == "draft" else "posted",
                    "move_type": "entry",
                    "auto_post": "no",
                    "date": entry.day,
                }
                for index, entry in enumerate(entries)
            ],
        )
        reversals = [
            (moves[index], moves[entry.reverses])
            for index, entry in enumerate(entries)
            if entry.reverses is not None
        ]
        if reversals:
            self.env.cr.execute_values(
                "UPDATE account_move SET reversed_entry_id = said.reversed FROM (VALUES %s) said (id, reversed)"
                " WHERE account_move.id = said.id",
                reversals,
            )
        return moves

    def write_lines(self, lines, discounts, partners, contacts):
        return self.insert(
            "account_move_line",
            [
                {
                    "move_id": self.moves[index],
                    "parent_state": "draft" if entry.left_out == "draft" else "posted",
                    "journal_id": self.journals[entry.company][entry.money],
                    "company_id": self.companies[entry.company],
                    "company_currency_id": self.currencies["EUR"],
                    "currency_id": self.currencies[entry.currency],
                    "account_id": self.accounts[
                        "other account" if entry.left_out == "other account" else "receivable"
                    ],
                    "partner_id": (contacts if entry.on_contact else partners)[entry.debtor],
                    "ref": entry.ref,
                    "name": entry.label,
                    "date": entry.day,
                    "date_maturity": due,
                    "display_type": "payment_term",
                    "balance": amount,
                    "amount_currency": amount,
                    "debit": max(amount, 0),
                    "credit": max(-amount, 0),
                    "amount_residual": amount,
                    "amount_residual_currency": amount,
                    "reconciled": entry.left_out == "matched",
                    "discount_date": discount and discount[0],
                    "discount_amount_currency": discount and discount[1],
                }
                for (index, entry, (due, amount, _disputed)), discount in zip(lines, discounts, strict=True)
            ],
        )

    def write_disputes(self, ledger, lines, ids, partners):
        """Disputes of items and of debtors; beside each one that has ended, and a hold that is no dispute."""
        held = [
            (
                key,
                self.hold(partners[entry.debtor], entry.company, NOTHING if disputed == amount else disputed),
            )
            for key, (_index, entry, (_due, amount, disputed)) in zip(ids, lines, strict=True)
            if disputed
        ]
        noise = [
            (key, {**hold, **other})
            for key, hold in held
            for other in (
                {"kind": "manual", "amount": NOTHING},
                {"date_until": TODAY - timedelta(days=21), "amount": NOTHING},
            )
        ]
        holds = self.insert("recovery_hold", [hold for _key, hold in held + noise])
        if holds:
            self.env.cr.execute_values(
                "INSERT INTO account_move_line_recovery_hold_rel (recovery_hold_id, account_move_line_id)"
                " VALUES %s",
                [(hold, key) for hold, (key, _values) in zip(holds, held + noise, strict=True)],
            )
        self.insert(
            "recovery_hold",
            [self.hold(partners[debtor], company, NOTHING) for debtor, company in ledger.disputes.items()],
        )

    def hold(self, partner, company, amount):
        return {
            "partner_id": partner,
            "company_id": self.companies[company],
            "kind": "dispute",
            "date_from": TODAY - timedelta(days=100),
            "date_until": TODAY + timedelta(days=100),
            "reason": "Random",
            "amount": amount,
        }
