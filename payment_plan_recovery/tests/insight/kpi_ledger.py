"""Ledgers drawn at random, and their facts read record by record: what the reference model of the figures takes."""

from datetime import date, timedelta

from odoo import Command

from . import kpi_reference as reference
from .kpi_laid import LaidByHand


class DrawnLedger(LaidByHand):
    """For test classes with ``debtors``, a ``foreign`` currency, ``journal_general`` and an account for ``loss``."""

    @classmethod
    def draw_books(cls, rates=()):
        """Five debtors of two countries, a foreign currency, and where what is no money is booked."""
        countries = cls.env["res.country"].search([], limit=2)
        cls.debtors = cls.env["res.partner"].create(
            [
                {
                    "name": f"Debtor {number}",
                    "country_id": countries[number % 2].id,
                    "property_payment_term_id": False,
                }
                for number in range(5)
            ]
        )
        cls.foreign = cls.setup_other_currency("HRK", **({"rates": rates} if rates else {}))
        cls.journal_general = cls.company_data["default_journal_misc"]
        cls.loss = cls.company_data["default_account_expense"]

    @classmethod
    def books(cls, draw):
        """The company in whose books the next invoice lies."""
        return cls.company

    # -- the ledger drawn ----------------------------------------------------------------------

    @classmethod
    def random_ledger(cls, draw):
        moves = cls.env["account.move"].create([cls.invoice_values(draw) for _number in range(30)])
        moves.action_post()
        cls.book_all([booked for move in moves for booked in cls.draw_what_happens(draw, move)])

    @classmethod
    def invoice_values(cls, draw):
        day = date(2025, 10, 1) + timedelta(days=draw.randrange(190))
        return {
            "move_type": "out_invoice",
            "company_id": cls.books(draw).id,
            "partner_id": draw.choice(cls.debtors).id,
            "currency_id": (cls.foreign if draw.random() < 0.2 else cls.currency).id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day + timedelta(days=draw.choice((0, 14, 30, 45))),
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create({"name": "Goods", "price_unit": draw.randrange(1, 50000) / 100, "tax_ids": []})
            ],
        }

    @classmethod
    def draw_what_happens(cls, draw, move):
        """Paid in full, in part, twice, by a credit note, written off, by money nobody matched, or not at all.

        :return: what ``book_all`` takes
        """
        item, fate = cls.item(move), draw.random()
        day = move.invoice_date_due + timedelta(days=draw.randrange(-10, 80))
        day = max(day, move.invoice_date)
        if fate < 0.35:
            return [cls.booked(item, 1, day, "bank", lost=0 if day.day % 3 else 0.3)]
        if fate < 0.55:
            rest = day + timedelta(days=draw.randrange(30))
            return [cls.booked(item, 0.4, day, "bank"), cls.booked(item, 0.3, rest, "bank")]
        if fate < 0.65:
            return [cls.booked(item, 0.5, day, "general")]
        if fate < 0.85:
            share, ref = draw.choice((0.3, 1, 1.2)), move.name if day.day % 3 else False
            lost = 0 if day.day % 2 else 0.1
            return [cls.booked(item, share, day, "bank", matched=False, lost=lost, ref=ref)]
        if fate < 0.95:
            cls.credit(draw, move, day, matched=draw.random() < 0.6)
        return []

    @classmethod
    def credit(cls, draw, move, day, *, matched):
        """A credit note of part of an invoice, matched with it or left."""
        note = cls.env["account.move"].create(
            {
                "move_type": "out_refund",
                "company_id": move.company_id.id,
                "partner_id": move.partner_id.id,
                "currency_id": move.currency_id.id,
                "reversed_entry_id": move.id if day.day % 2 else False,
                "invoice_date": day,
                "date": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Returned",
                            "price_unit": move.currency_id.round(move.amount_total * draw.choice((0.2, 0.5))),
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        note.action_post()
        if matched:
            (cls.item(move) + cls.item(note)).reconcile()

    @classmethod
    def book(cls, item, share, day, kind, **words):
        """Take a share of an item off it by money or a general entry, or leave it unmatched; return the entry."""
        return cls.book_all([cls.booked(item, share, day, kind, **words)])

    @classmethod
    def book_all(cls, booked):
        """Post the entries, and match those that are for an item; return them."""
        entries = cls.env["account.move"].create([values for _item, values in booked])
        entries.action_post()
        pairs = []
        for entry, (item, _values) in zip(entries, booked, strict=True):
            if item:
                received = entry.line_ids.filtered(lambda line, of=item.account_id: line.account_id == of)
                pairs.append(item + received)
        cls.env["account.move.line"]._reconcile_plan(pairs)
        return entries

    @classmethod
    def booked(cls, item, share, day, kind, *, matched=True, lost=0, ref=False):
        """What ``book_all`` takes: (the item that the entry is matched with, the entry's values).

        :param ref: what the payer wrote
        :param lost: the share of it that the entry books as an expense, a fee say, in place of the bank
        """
        amount = item.currency_id.round(abs(item.amount_currency) * share)
        balance = item.company_currency_id.round(abs(item.balance) * share)
        journal = cls.company_data["default_journal_bank"] if kind == "bank" else cls.journal_general
        other = journal.default_account_id if kind == "bank" else cls.loss
        common = {"partner_id": item.partner_id.id, "currency_id": item.currency_id.id}
        fee, fee_balance = (
            item.currency_id.round(amount * lost),
            item.company_currency_id.round(balance * lost),
        )
        spent = {"account_id": cls.loss.id, "balance": fee_balance, "amount_currency": fee}
        sides = [
            {"account_id": other.id, "balance": balance - fee_balance, "amount_currency": amount - fee},
            {"account_id": item.account_id.id, "balance": -balance, "amount_currency": -amount},
            *([spent] if fee_balance else []),
        ]
        values = {
            "journal_id": journal.id,
            "company_id": item.company_id.id,
            "date": day,
            "ref": ref,
            "line_ids": [Command.create({**common, **side}) for side in sides],
        }
        return (item if matched else item.browse()), values

    # -- its facts -----------------------------------------------------------------------------

    def facts(self, debtors, companies, last):
        """The reference's claims and sales, read from the records one by one."""
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "in", debtors.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "in", companies.ids),
            ]
        )
        owed = items.filtered(lambda item: item.balance > 0 and item.journal_id.type == "sale")
        laid = self.laid(debtors, last)
        claims = [
            reference.Claim(
                item.partner_id.id,
                item.date,
                item.date_maturity,
                item.balance,
                tuple(self.matched(item) + self.unmatched(item, laid.get(item.id, ()))),
                item.id,
                item.company_id.id,
            )
            for item in owed
        ]
        sales = [(item.date, item.balance) for item in items if item.move_id.is_invoice()]
        return claims, sales

    def matched(self, item):
        return [
            part
            for partial in item.matched_credit_ids
            for part in self.parted(partial.max_date, partial.amount, partial.credit_move_id)
        ]

    def parted(self, day, amount, credit):
        """What an entry of money booked as an expense never came: (day, amount, whether it is money) of each part."""
        if credit.journal_id.type != "bank":
            return [(day, amount, False)]
        spent = credit.move_id.line_ids.filtered(lambda line: line.account_id == self.loss)
        lost = amount * spent.balance / -credit.balance
        return [(day, amount - lost, True), *([(day, lost, False)] if lost else [])]

    def unmatched(self, item, laid):
        return [
            part
            for credit, day, amount in laid
            for part in self.parted(
                max(day, item.date),
                float(amount) * item.balance / item.amount_currency,
                self.env["account.move.line"].browse(credit),
            )
        ]
