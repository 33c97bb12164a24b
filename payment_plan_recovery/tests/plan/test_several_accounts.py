"""A debtor on two receivable accounts, 411 and 416: one debtor, one debt, books of their own."""

from datetime import date, timedelta

from odoo import Command
from odoo.tests import tagged

from .plan_common import PlanCommon

DAY = date(2026, 3, 10)


@tagged("post_install", "-at_install")
class TestSeveralAccounts(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usual = cls.debtor.property_account_receivable_id
        cls.doubtful = cls.usual.copy({"name": "Doubtful", "code": "416777"})
        cls.first = cls.invoice(300, "2025-10-31")
        cls.debtor.property_account_receivable_id = cls.doubtful
        cls.second = cls.invoice(300, "2025-11-30")
        cls.debtor.property_account_receivable_id = cls.usual

    def money(self, amount, account, day="2026-01-15"):
        """Book money on an account of the debtor, and match it with nothing."""
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": self.debtor.id, "credit": amount}
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data["default_journal_bank"].default_account_id.id,
                            "debit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return entry

    def overdue(self, day=DAY):
        return self.env["recovery.claim"]._overdue(self.debtor, self.company, day).get(self.debtor.id)

    def reasons(self, day=DAY):
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": day})
        claims = self.env["recovery.claim"].search([("partner_id", "=", self.debtor.id)])
        told = run.explain(claims)
        return {claim.move_id: told[claim.id] for claim in claims}

    def test_they_are_on_the_two(self):
        self.assertEqual(self.item(self.first, self.second).account_id, self.usual | self.doubtful)

    def test_money_covers_the_oldest_whichever_account_it_is_on(self):
        policy = self.env["recovery.dunning.policy"].create(
            {
                "name": "All",
                "company_id": self.company.id,
                "level_ids": [Command.create({"name": "Late", "trigger": "due_date", "delay_days": 5})],
            }
        )
        self.debtor.recovery_policy_id = policy
        self.assertEqual(self.overdue(), (date(2025, 10, 31), 600))
        self.money(300, self.doubtful)
        self.assertEqual(self.overdue(), (date(2025, 11, 30), 300))
        self.assertEqual(self.reasons(), {self.first: "offset_by_credit", self.second: "selected"})
        content = self.debtor._recovery_content(self.company, DAY)
        self.assertEqual(
            (content.totals, content.balances),
            ({self.currency: 600}, {self.currency: 300}),
            "the ledger's, and to pay",
        )
        self.assertEqual(self.debtor.recovery_exposure, 300)
        self.money(300, self.usual)
        self.assertIsNone(self.overdue())
        self.assertEqual(set(self.reasons().values()), {"offset_by_credit"})

    def test_accounts_that_are_not_chased_still_count_what_came_in(self):
        self.company.recovery_account_ids = self.usual
        self.assertEqual(self.reasons()[self.second], "do_not_chase")
        self.money(300, self.doubtful)
        self.assertEqual(self.reasons()[self.first], "offset_by_credit")

    def test_a_plan_over_both_is_paid_on_either(self):
        plan = self.active_plan(self.first, self.second)
        self.receive(self.item(self.second), 200, "2026-01-31")
        self.assertEqual(self.amounts(plan)[0], ("2026-01-31", 200, 200))
        self.money(200, self.usual, "2026-02-28")
        plan.monitor(date(2026, 3, 10))
        self.assertEqual((plan.state, plan.amount_waiting), ("active", 200))
        self.assertIsNone(self.overdue())
        self.assertEqual(self.overdue(date(2026, 4, 1)), (date(2026, 3, 31), 200))

    def test_its_discount_pays_what_remains_on_each(self):
        """294 and 294 came; the 12 of the discount are 6 on each, matched there."""
        for paid in ((294, 294), (300, 288), (288, 300)):
            with self.subTest(paid), self.env.cr.savepoint() as savepoint:
                plan = self.active_plan(self.first, self.second, end_of_month=True, discount_percent=2)
                for move, amount in zip((self.first, self.second), paid, strict=True):
                    self.receive(self.item(move), amount, "2026-01-31")
                plan.monitor(date(2026, 1, 31))
                self.assertEqual((plan.state, plan.amount_residual), ("completed", 0))
                self.assertEqual(sum(plan.discount_move_ids.mapped("amount_total")), 12)
                self.assertEqual(set(plan.discount_move_ids.mapped("payment_state")), {"paid"})
                self.assertTrue(all(self.item(self.first, self.second).mapped("reconciled")))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_lost_discount_is_taken_back_on_each(self):
        plan = self.active_plan(self.first, self.second, end_of_month=True, discount_percent=2)
        entries = [self.receive(self.item(move), 294, "2026-01-31") for move in (self.first, self.second)]
        plan.monitor(date(2026, 1, 31))
        for entry in entries:
            entry.line_ids.remove_move_reconcile()
            entry.button_draft()
        plan._take_discount_back(date(2026, 2, 5))
        self.assertEqual(sum(self.item(self.first, self.second).mapped("amount_residual")), 600)

    def test_the_portal_pays_one_account_at_a_time(self):
        amount, items = self.debtor._portal_payable(self.company)
        self.assertEqual((amount, items), (300, self.item(self.first)))
        self.money(300, self.doubtful, self.company._recovery_today() - timedelta(days=1))
        amount, items = self.debtor._portal_payable(self.company)
        self.assertEqual((amount, items), (300, self.item(self.second)))

    def test_a_promise_of_both_is_kept_on_either(self):
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "amount": 600,
                "date_given": "2026-01-10",
                "date_promised": "2026-01-20",
                "move_line_ids": [Command.set(self.item(self.first, self.second).ids)],
            }
        )
        for move in (self.first, self.second):
            self.receive(self.item(move), 300, "2026-01-20")
        promise._judge(date(2026, 2, 10))
        self.assertEqual(promise.state, "kept")
