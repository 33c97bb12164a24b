"""Money that waits to be matched, poured over the instalments of plans: against plain pouring on random ledgers."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ...tools.allocation import Due, paid_amounts
from ...tools.open_money import lay
from ..claim.open_money_comparison import OpenMoneyComparison
from ..claim.open_money_ledger import TODAY, Draw

#: Ledgers drawn, and debtors of each. RECOVERY_LEDGERS=200 draws as many.
LEDGERS = int(os.environ.get("RECOVERY_LEDGERS", "6"))
DEBTORS = 12
SEED = int(os.environ.get("RECOVERY_SEED", "20261128"))


@tagged("post_install", "-at_install")
class TestPlanOpenMoneyReference(OpenMoneyComparison):
    def test_the_query_says_what_pouring_says(self):
        seen = set()
        for number in range(LEDGERS):
            random = Random(SEED + number)  # noqa: S311 drawn again from the seed, not secret
            with self.subTest(seed=SEED + number), self.env.cr.savepoint() as savepoint:
                partners, items, incoming = self.writer().write_ledger(Draw(random).ledger(DEBTORS), DEBTORS)
                plans, drawn = self.draw_plans(random, items), items
                items = self.in_plans(self.draw_receipts(random, items, plans), plans)
                incoming = self.name_plans(random, incoming, plans)
                for date in (TODAY, TODAY - timedelta(days=20)):
                    self.compare(partners, items, incoming, date)
                    laid = lay(items, incoming, date)
                    earned = {item.key for item in drawn if self.is_earned(item, laid)}
                    seen |= self.compare_plans(plans, partners, laid, earned, date)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(seen, {"covered", "in part", "uncovered", "earned"}, "The plans are too tame")

    def draw_plans(self, random, items):
        """Put some of what debtors owe into plans of one company and currency; nobody is in two."""
        lines = self.env["account.move.line"].browse(item.key for item in items if not item.paid_out)
        chosen = lines.filtered(lambda _line: random.randrange(4))
        plans = self.env["recovery.plan"]
        for (debtor, company, currency), owed in chosen.grouped(
            lambda line: (line.partner_id.commercial_partner_id, line.company_id, line.currency_id)
        ).items():
            plans += plans.create(
                {
                    "partner_id": debtor.id,
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "policy_id": False,
                    "date_start": TODAY - timedelta(days=random.randrange(90)),
                    "instalment_count": random.randint(1, 5),
                    "item_ids": [Command.create({"move_line_id": line.id}) for line in owed],
                }
            )
        plans.action_propose()
        plans.action_accept()
        left_out = plans.filtered(lambda _plan: not random.randrange(8))  # accepted is not in force
        (plans - left_out).action_activate()
        return plans

    def draw_receipts(self, random, items, plans):
        """Have some covered items paid in part, and some owe more again than was covered; the items then."""
        changed = {}
        for covered in plans.item_ids:
            cents = round(covered.amount_covered * 100)
            residual = Decimal(random.choice((cents, cents, random.randint(1, cents), cents + 500))) / 100
            changed[covered.move_line_id.id] = residual
        self.env.cr.execute_values(
            "UPDATE account_move_line SET amount_residual_currency = now.amount"
            " FROM (VALUES %s) now (id, amount) WHERE account_move_line.id = now.id",
            list(changed.items()),
        )
        self.env.invalidate_all()
        self.env["account.move.line"].browse(changed).modified(["amount_residual_currency"])
        self.env.flush_all()
        disputed_all = {item.key for item in items if item.disputed >= item.amount}
        return [
            replace(
                item,
                amount=changed[item.key],
                # of what is paid in part, no money is the price of the rest any more
                discounted=item.discounted if changed[item.key] == item.amount else None,
                disputed=changed[item.key] if item.key in disputed_all else item.disputed,
            )
            if item.key in changed
            else item
            for item in items
        ]

    def in_plans(self, items, plans):
        """The items, those of plans in force with what a payer calls the plan."""
        covered = plans.filtered(lambda plan: plan.state == "active").item_ids
        plan_of = {item.move_line_id.id: item.plan_id for item in covered}
        return [
            replace(item, plan=plan_of[item.key].id, plan_names=frozenset({plan_of[item.key].name}))
            if item.key in plan_of
            else item
            for item in items
        ]

    def name_plans(self, random, incoming, plans):
        """Have half of what came in from debtors with plans name one of them; the credits then."""
        told = []
        for credit in incoming:
            of_debtor = plans.filtered(lambda plan, credit=credit: plan.partner_id.id == credit.owner.debtor)
            if of_debtor and random.randrange(2):
                # by its number, or by the reference of an online payment: a second one has -1 behind
                name = random.choice(of_debtor).name + random.choice(("", "", "-1", "-12"))
                line = self.env["account.move.line"].browse(credit.key)
                self.env.cr.execute("UPDATE account_move_line SET name = %s WHERE id = %s", [name, line.id])
                credit = replace(credit, texts=frozenset(filter(None, (line.ref, name))))  # noqa: PLW2901
            told.append(credit)
        self.env.invalidate_all()
        return told

    def is_earned(self, item, laid):
        """Whether what lies over an item came in time for its discount, and is all that was asked then."""
        receipts = laid.receipts.get(item.key, ())
        in_time = sum(receipt.amount for receipt in receipts if item.has_discount(receipt.date))
        return bool(in_time) and in_time >= item.discounted

    def compare_plans(self, plans, partners, laid, earned, date):
        expected = {}
        for plan in plans.filtered(lambda plan: plan.state == "active"):
            expected.update(self.poured(plan, laid, earned))
        rows = plans.instalment_ids
        for creditor in (self.branch, self.sister):
            mine = rows.filtered(lambda row, creditor=creditor: row.company_id.root_id == creditor.root_id)
            for asked in (None, partners, partners[::3]):
                self.compare_rows(expected, mine, creditor, date, asked)
        self.assertEqual(
            {row.id: Decimal(str(amount)) for row, amount in rows._covered(date).items()},
            {key: covered for key, (covered, _uncovered) in expected.items()},
        )
        return (
            {"covered" if not uncovered else "in part" for _covered, uncovered in expected.values()}
            | {"uncovered" for row in rows if row.id not in expected}
            | {"earned" for item in plans.item_ids if item.is_live and item.move_line_id.id in earned}
        )

    def poured(self, plan, laid, earned):
        """What the plan had received, were money matched and discounts booked: poured over its instalments."""
        received = Decimal(0)
        for item in plan.item_ids:
            agreed = Decimal(str(item.amount_covered))
            key = item.move_line_id.id
            received += max(agreed - (Decimal(0) if key in earned else laid.uncovered(key)), Decimal(0))
        rows = plan.instalment_ids.sorted("number")
        dues = [Due(row, row.date_due, Decimal(str(row.amount))) for row in rows]
        poured = {}
        for row, then in paid_amounts(dues, received).items():
            covered = then - Decimal(str(row.amount_paid))
            if covered:
                poured[row.id] = (covered, Decimal(str(row.amount_residual)) - covered)
        return poured

    def compare_rows(self, expected, rows, company, date, asked):
        of_plans = self.env["recovery.plan.instalment"]._covered_sql
        earned = self.env["recovery.plan"]._earned_items(company, date, asked)
        in_a_step = SQL(
            "WITH money AS MATERIALIZED (%s) SELECT * FROM (%s) covered",
            self.money._covered_sql(company, date, asked),
            of_plans(company, date, asked, SQL("money"), earned),
        )
        for query in (of_plans(company, date, asked, earned=earned), in_a_step):
            self.assertEqual(
                {key: tuple(amounts) for key, *amounts in self.rows(query)},
                {
                    row.id: expected[row.id]
                    for row in rows
                    if row.id in expected and (asked is None or row.partner_id.id in asked)
                },
            )
