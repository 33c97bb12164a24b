"""Which money paid which instalment, to the cent."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ...tools.allocation import Due, Receipt, allocate
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanAllocation(PlanCommon):
    def rows(self, plan):
        allocations = self.env["recovery.plan.allocation"].search([("plan_id", "=", plan.id)])
        return [
            (row.date.isoformat(), row.item_id.move_id, row.instalment_id.number, row.amount)
            for row in allocations.sorted(lambda row: (row.date, row.id))
        ]

    def test_story(self):
        first, second = self.invoice(100), self.invoice(200)
        plan = self.active_plan(first, second)
        self.pay(second, 150, "2026-02-10")
        self.pay(first, 30, "2026-02-05")
        self.pay(second, 50, "2026-03-01")
        self.assertEqual(
            self.rows(plan),
            [
                ("2026-02-05", first, 1, 30),
                ("2026-02-10", second, 1, 70),
                ("2026-02-10", second, 2, 80),
                ("2026-03-01", second, 2, 20),
                ("2026-03-01", second, 3, 30),
            ],
        )

    def test_nothing_from_before_and_nothing_after(self):
        move = self.invoice(400)
        early = self.pay(move, 100)
        plan = self.active_plan(move)
        self.pay(move, 30)
        early.line_ids.remove_move_reconcile()
        self.assertEqual(self.rows(plan), [])  # 30 received, but 100 more owed than was covered
        (self.item(early) + self.item(move)).reconcile()
        # What was reconciled again came in after acceptance: it counts, after the 30.
        self.assertEqual(sum(row[-1] for row in self.rows(plan)), plan.amount_paid)
        plan.action_cancel()
        self.pay(move, 50)
        self.assertEqual(sum(row[-1] for row in self.rows(plan)), plan.amount_paid)

    def test_a_revision_takes_over(self):
        """A payment belongs to the plan or to its revision, never to both."""
        move = self.invoice(300)
        plan = self.active_plan(move)
        self.pay(move, 100)
        revision = self.env["recovery.plan"].browse(plan.action_renegotiate()["res_id"])
        revision.date_start = date(2026, 6, 30)
        revision.action_propose()
        revision.action_accept()
        self.pay(move, 40)
        self.assertEqual(self.rows(revision), [])
        revision.action_activate()
        self.pay(move, 7)
        self.assertEqual([row[-1] for row in self.rows(plan)], [100])
        self.assertEqual(sum(row[-1] for row in self.rows(revision)), 47)

    def test_same_as_the_kernel(self):
        """On random plans and payments the view allocates what the kernel does."""
        chance = random.Random(3)  # noqa: S311
        for _round in range(5):
            moves = [self.invoice(chance.randint(1, 50000) / 100) for _ in range(chance.randint(1, 4))]
            plan = self.active_plan(*moves, instalment_count=chance.randint(1, 6))
            for _payment in range(chance.randint(1, 8)):
                unpaid = [move for move in moves if move.amount_residual]
                if unpaid:
                    move = chance.choice(unpaid)
                    cents = chance.randint(1, round(move.amount_residual * 100))
                    self.pay(move, cents / 100, f"2026-02-{chance.randint(1, 28):02}")
            partials = plan.item_ids.move_line_id.matched_credit_ids.sorted(
                lambda partial: (partial.credit_move_id.date, partial.id)
            )
            expected = allocate(
                [Due(row.id, row.date_due, row.amount) for row in plan.instalment_ids.sorted("number")],
                [Receipt(partial.id, Decimal(str(partial.debit_amount_currency))) for partial in partials],
            ).allocations
            found = self.env["recovery.plan.allocation"].search([("plan_id", "=", plan.id)])
            by_receipt = {partial.credit_move_id: partial.id for partial in partials}
            self.assertEqual(
                sorted(
                    (by_receipt[row.move_line_id], row.instalment_id.id, Decimal(str(row.amount)))
                    for row in found
                ),
                sorted((part.receipt_key, part.instalment_key, part.amount) for part in expected),
            )
            paid = defaultdict(float)
            for row in found:
                paid[row.instalment_id] += row.amount
            for row in plan.instalment_ids:
                self.assertAlmostEqual(paid[row], row.amount_paid, 2)

    def test_rows_keep_their_id(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        self.pay(move, 150, "2026-02-10")
        before = self.env["recovery.plan.allocation"].search([("plan_id", "=", plan.id)]).ids
        self.pay(move, 10, "2026-03-10")
        after = self.env["recovery.plan.allocation"].search([("plan_id", "=", plan.id)]).ids
        self.assertLess(set(before), set(after))
