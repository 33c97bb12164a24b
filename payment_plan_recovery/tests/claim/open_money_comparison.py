"""Ledgers in the database, laid by the queries and by the kernel."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from ...tools.open_money import Receipt, lay
from ..dunning.dunning_common import DunningCommon
from .open_money_ledger import TODAY, Draw, OpenMoneyWriter


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


class OpenMoneyComparison(OpenMoneyCommon):
    maxDiff = None

    def compare_drawn(self, random, debtors):
        """Draw a ledger, write it, compare the queries with the kernel; the kinds of results that came up."""
        with self.env.cr.savepoint() as savepoint:
            partners, items, incoming = self.writer().write_ledger(Draw(random).ledger(debtors), debtors)
            for date in (TODAY, TODAY - timedelta(days=20)):
                self.compare(partners, items, incoming, date)
            savepoint.rollback()
        self.env.invalidate_all()
        return self.kinds(lay(items, incoming, TODAY), items)

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
