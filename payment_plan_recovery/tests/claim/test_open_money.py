"""Open money in the database: against the kernel on random ledgers, and the stories of the ledger it reads."""

import os
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random

from odoo import Command
from odoo.tests import tagged

from ...tools.open_money import Receipt, lay
from ..dunning.dunning_common import DunningCommon, day
from .open_money_ledger import TODAY, Draw, OpenMoneyWriter

#: Ledgers drawn, and debtors of each. RECOVERY_LEDGERS=2000 draws as many.
LEDGERS = int(os.environ.get("RECOVERY_LEDGERS", "25"))
DEBTORS = 30
SEED = int(os.environ.get("RECOVERY_SEED", "20261020"))


class OpenMoneyCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.USD").active = True
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        cls.sister = cls.make_company("Sister")
        cls.env.user.company_ids |= cls.branch
        companies = cls.company + cls.branch + cls.sister
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": companies.ids})
        cls.company, cls.branch, cls.sister = companies.with_env(cls.env)
        cls.money = cls.env["recovery.open.money"]
        suspense = cls.env["account.account"].create(
            {"name": "Suspense", "code": "471000", "account_type": "asset_current"}
        )
        cls.journals = cls.env["account.journal"].create(
            [
                {"name": "Bank", "code": "BNK", "type": "bank", "company_id": company.id}
                for company in companies
            ]
        )
        cls.journals[0].suspense_account_id = suspense

    @classmethod
    def writer(cls):
        accounts = cls.env["account.account"].search([("company_ids", "in", cls.company.ids)])
        sales = cls.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "in", cls.company.ids)]
        )
        return OpenMoneyWriter(
            cls.env,
            (cls.company + cls.branch + cls.sister).ids,
            {
                "receivable": accounts.filtered(lambda account: account.code == "411000").id,
                "other account": accounts.filtered(lambda account: account.code == "707000").id,
            },
            [{False: sales[:1].id, True: journal.id} for journal in cls.journals],
        )


@tagged("post_install", "-at_install")
class TestOpenMoneyReference(OpenMoneyCommon):
    maxDiff = None

    def test_the_queries_say_what_the_kernel_says(self):
        seen = set()
        for number in range(LEDGERS):
            seed = SEED + number
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                random = Random(seed)  # noqa: S311 drawn again from the seed, not secret
                debtors, items, incoming = self.writer().write(Draw(random).ledger(DEBTORS), DEBTORS)
                for date in (TODAY, TODAY - timedelta(days=20)):
                    self.compare(debtors, items, incoming, date)
                seen |= self.kinds(lay(items, incoming, TODAY), items)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(len(seen), 4, "The ledgers are too tame")

    def kinds(self, laid, items):
        """What came up: refunds and debts covered, some in part."""
        return {(item.paid_out, laid.uncovered(item.key) > 0) for item in items if laid.covered(item.key)}

    def compare(self, debtors, items, incoming, date):
        laid = lay(items, incoming, date)
        for company, creditor in ((self.branch, self.company), (self.sister, self.sister)):
            owed = {item.key: item for item in items if item.owner.creditor == creditor.id}
            for asked in (None, debtors, debtors[::3]):
                mine = {
                    key: item for key, item in owed.items() if asked is None or item.owner.debtor in asked
                }
                self.compare_items(laid, mine, company, date, asked)
                self.compare_totals(laid, mine, creditor, date, asked)

    def rows(self, query):
        """The rows of a query, amounts exact."""
        return [
            [Decimal(str(value)) if isinstance(value, float) else value for value in row]
            for row in self.env.execute_query(query)
        ]

    def compare_items(self, laid, owed, company, date, asked):
        rows = self.rows(self.money._covered_sql(company, date, asked))
        self.assertEqual(
            {key: (covered, uncovered) for key, covered, uncovered in rows},
            {key: (laid.covered(key), laid.uncovered(key)) for key in owed if laid.covered(key)},
        )
        receipts = defaultdict(set)
        for key, *receipt in self.rows(self.money._receipts_sql(company, date, asked)):
            receipts[key].add(Receipt(*receipt))
        self.assertEqual(
            receipts, {key: together(laid.receipts[key]) for key in owed if key in laid.receipts}
        )

    def compare_totals(self, laid, owed, creditor, date, asked):
        expected = defaultdict(lambda: [0, 0])
        for key, item in owed.items():
            if not item.paid_out:
                expected[item.owner[1:]][0] += laid.covered(key)
        for owner, amount in laid.left.items():
            if owner.creditor == creditor.id and (asked is None or owner.debtor in asked):
                expected[owner[1:]][1] += amount
        rows = self.rows(self.money._totals_sql(creditor, date, asked))
        self.assertEqual(
            {(debtor, currency): amounts for debtor, currency, *amounts in rows if any(amounts)},
            {owner: amounts for owner, amounts in expected.items() if any(amounts)},
        )


def together(receipts):
    """Receipts of one item with the parts of each credit added up: its disputed part is an item of its own."""
    totals = defaultdict(int)
    for receipt in receipts:
        totals[receipt.credit, receipt.date] += receipt.amount
    return {Receipt(*credit, amount) for credit, amount in totals.items()}


@tagged("post_install", "-at_install")
class TestOpenMoneyStories(OpenMoneyCommon):
    def covered(self, *moves, on=60):
        found = self.money.covered(self.item(moves[0].union(*moves)), day(on))
        return [found.get(self.item(move).id, 0) for move in moves]

    def test_money_without_a_memo_covers_the_oldest(self):
        debtor = self.make_debtor()
        old, young = self.invoice(debtor, 500, due=1), self.invoice(debtor, 400, due=30)
        self.credit(debtor, 700, on=40)
        self.assertEqual(self.covered(old, young, on=60), [500, 200])
        self.assertEqual(self.covered(old, young, on=39), [0, 0])

    def test_a_credit_note_covers_the_invoice_it_reverses(self):
        debtor = self.make_debtor()
        old, young = self.invoice(debtor, 500, due=1), self.invoice(debtor, 400, due=30)
        note = self.invoice(debtor, -300, due=40, reversed_entry_id=young.id)
        self.item(note).remove_move_reconcile()  # Odoo matches them when the note is posted
        self.assertEqual(self.covered(old, young), [0, 300])

    def test_a_memo_that_is_an_invoice_s_number(self):
        debtor = self.make_debtor()
        old, young = self.invoice(debtor, 500, due=1), self.invoice(debtor, 400, due=30)
        credit = self.credit(debtor, 300)
        self.assertEqual(self.covered(old, young), [300, 0])
        credit.move_id.ref = young.name
        self.assertEqual(self.covered(old, young), [0, 300])
        credit.move_id.ref = f"Invoice {young.name}"
        self.assertEqual(self.covered(old, young), [300, 0])

    def test_what_is_received_says_when(self):
        debtor = self.make_debtor()
        invoice = self.invoice(debtor, 500, due=1)
        second, first = self.credit(debtor, 100, on=20), self.credit(debtor, 300, on=10)
        item = self.item(invoice)
        self.assertEqual(
            self.money.receipts(item, day(60)),
            {item.id: [(first.id, day(10), 300), (second.id, day(20), 100)]},
        )

    def test_matched_money_is_not_open(self):
        debtor = self.make_debtor()
        invoice = self.invoice(debtor, 500, due=1)
        self.pay(invoice, 200)
        self.assertEqual(self.covered(invoice), [0])

    def test_of_a_debtor_what_is_left_elsewhere_and_in_the_bank_s_books(self):
        debtor, other = self.make_debtor(), self.make_debtor()
        usd = self.env.ref("base.USD")
        self.invoice(debtor, 1000, currency=usd)
        self.invoice(debtor, 100)
        self.credit(debtor, 600)
        self.wait_in_bank(debtor, 50)
        found = self.money.of_debtors(debtor + other, self.company, day(60))
        self.assertEqual(list(found), [debtor])
        money = found[debtor]
        self.assertEqual(money.covered, {self.currency: 100})
        self.assertEqual(money.left, {self.currency: 500})
        self.assertEqual(money.elsewhere(usd), {self.currency: 500})
        self.assertEqual(money.elsewhere(self.currency), {})
        self.assertEqual(money.suspense, {self.currency: 50})

    def test_a_bank_line_with_a_partner_is_told_and_laid_nowhere(self):
        debtor = self.make_debtor()
        invoice = self.invoice(debtor, 100)
        self.wait_in_bank(debtor, 100)
        self.assertEqual(self.covered(invoice), [0])
        self.assertEqual(
            self.money.of_debtors(debtor, self.branch, day(60))[debtor].suspense, {self.currency: 100}
        )
        self.assertFalse(self.money.of_debtors(debtor, self.sister, day(60)))
        self.assertFalse(self.money.of_debtors(debtor, self.company, day(49)))

    def wait_in_bank(self, debtor, amount):
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journals[0].id,
                "date": day(50),
                "payment_ref": "Transfer",
                "partner_id": debtor.id,
                "amount": amount,
            }
        )

    def test_money_paid_out_takes_what_came_in(self):
        debtor = self.make_debtor()
        invoice = self.invoice(debtor, 1000, due=1)
        self.invoice(debtor, -200, due=20)
        self.assertEqual(self.covered(invoice), [200])
        accounts = self.env["account.account"].search([("company_ids", "in", self.company.ids)])
        receivable, income = (
            accounts.filtered(lambda account, code=code: account.code == code)
            for code in ("411000", "707000")
        )
        self.env["account.move"].create(
            {
                "journal_id": self.journals[0].id,
                "date": day(30),
                "line_ids": [
                    Command.create({"account_id": receivable.id, "debit": 200, "partner_id": debtor.id}),
                    Command.create({"account_id": income.id, "credit": 200}),
                ],
            }
        ).action_post()
        self.assertEqual(self.covered(invoice), [0])

    def test_one_query_whoever_is_asked(self):
        debtors = self.env["res.partner"].concat(*(self.make_debtor() for _number in range(8)))
        items = self.env["account.move.line"].concat(
            *(self.item(self.invoice(debtor, 100)) for debtor in debtors)
        )
        self.credit(debtors[0], 60)
        self.env.flush_all()
        items.partner_id.mapped("commercial_partner_id")
        self.money.covered(items[:1], day(60))  # which companies belong together is remembered
        for asked in (items[:1], items):
            with self.assertQueryCount(1):
                self.money.covered(asked, day(60))
            with self.assertQueryCount(1):
                self.money.of_debtors(asked.partner_id.commercial_partner_id, self.company, day(60))
