"""A discount for early payment that is earned on what a plan covers: the agreement is kept by what was paid."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanEarned(PlanCommon):
    """1,000 of 10 January, 2 % less until 20 January, in three instalments from 31 January."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = less_2_percent(cls.env)
        cls.bill = cls.discounted()
        cls.running = cls.active_plan(cls.bill)

    @classmethod
    def discounted(cls, amount=1000):
        issued = {"invoice_date": "2026-01-10", "date": "2026-01-10"}
        return cls.invoice(amount, False, invoice_payment_term_id=cls.terms.id, **issued)

    def money(self, amount, day, *, is_matched=True):
        entry = self.pay(self.bill, amount, day)
        if not is_matched:
            entry.line_ids.remove_move_reconcile()
        return entry

    def state_on(self, *days):
        states = []
        for day in days:
            self.running.monitor(date.fromisoformat(day))
            states.append(self.running.state)
        return states

    LATE = ("2026-02-10", "2026-04-10", "2026-06-30")

    def test_980_in_time_no_cure_notice_matched_or_not(self):
        for is_matched in (True, False):
            with self.subTest(is_matched=is_matched), self.env.cr.savepoint() as savepoint:
                self.money(980, "2026-01-20", is_matched=is_matched)
                self.assertEqual(self.state_on(*self.LATE), ["active"] * 3)
                self.assertFalse(self.running.cure_notice_id)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_day_late_or_a_cent_less_the_rest_is_late(self):
        for amount, day in ((980, "2026-01-21"), (979.99, "2026-01-20")):
            with self.subTest(amount=amount), self.env.cr.savepoint() as savepoint:
                self.money(amount, day)
                self.assertEqual(self.state_on("2026-03-31", "2026-04-10"), ["active", "in_default"])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_payment_that_comes_back_takes_the_discount_along(self):
        entry = self.money(980, "2026-01-20")
        self.assertEqual(self.state_on("2026-04-10"), ["active"])
        entry.line_ids.remove_move_reconcile()
        entry.button_draft()
        self.assertEqual(self.state_on("2026-04-11"), ["in_default"])

    def test_a_person_books_it_and_the_plan_is_kept(self):
        self.money(980, "2026-01-20")
        self.assertEqual(self.running.with_user(self.collector()).amount_early_discount, 20)
        self.assertEqual(self.running.amount_waiting, 20)
        self.assertEqual(self.state_on("2026-04-10"), ["active"])
        self.assertIn("20.00", self.running.activity_ids.note)
        self.assertIn("book the discount", self.running.activity_ids.note)
        self.receive(
            self.item(self.bill), 20, "2026-04-11", journal=self.company_data["default_journal_misc"]
        )
        self.assertEqual(self.state_on("2026-04-11"), ["completed"])
        self.assertFalse(self.running.activity_ids)
        given_up, credited = self.running._ended_otherwise([("id", "=", self.running.id)])
        self.assertFalse(given_up | credited, "a plan kept: what was not paid in money is the discount")

    def test_no_reminder_no_payment_asks_for_it(self):
        policy = self.env["recovery.dunning.policy"].create(
            {
                "name": "Instalments",
                "claim_kind": "instalment",
                "company_id": self.company.id,
                "level_ids": [Command.create({"name": "Late", "trigger": "due_date", "delay_days": 5})],
            }
        )
        self.debtor.recovery_policy_id = policy
        self.money(980, "2026-01-20")
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": "2026-04-10"})
        last = self.running.instalment_ids.sorted("number")[-1]
        self.assertEqual(run.explain(last)[last.id], "offset_by_credit")
        self.assertEqual(self.running._portal_amounts(), {"next": 0, "late": 0, "all": 0})
        self.assertEqual(
            self.env["recovery.claim"]._overdue(self.debtor, self.company, date(2026, 4, 10)), {}
        )

    def test_of_a_plan_over_more_the_discount_pays_what_comes_next_as_it_will_once_booked(self):
        """500 beside the 1,000: three of 500; 980 pay the first and all but 20 of the second, the discount those."""
        day, other = date(2026, 3, 10), self.invoice(500, "2026-03-01")
        self.running.action_cancel()
        self.running = self.active_plan(self.bill, other)
        for is_matched in (True, False):
            with self.subTest(is_matched=is_matched), self.env.cr.savepoint() as savepoint:
                self.money(980, "2026-01-20", is_matched=is_matched)
                self.assertEqual(self.state_on(day.isoformat()), ["active"])
                overdue = self.env["recovery.claim"]._overdue(self.debtor, self.company, day)
                self.assertEqual(overdue, {}, "the last one is not due yet, and all of it is still to come")
                later = self.env["recovery.claim"]._overdue(self.debtor, self.company, date(2026, 4, 1))
                self.assertEqual(later, {self.debtor.id: (date(2026, 3, 31), 500.0)})
                savepoint.rollback()
                self.env.invalidate_all()
        self.money(979.99, "2026-01-20")
        overdue = self.env["recovery.claim"]._overdue(self.debtor, self.company, day)
        self.assertEqual(overdue, {self.debtor.id: (date(2026, 2, 28), 20.01)})

    def test_a_small_rest_behind_the_discount_is_let_go_with_it(self):
        """500 beside the 1,000, in three of 500: 980 and 498 leave 22 of the last one, of which 20 are discount."""
        day, other = date(2026, 4, 10), self.invoice(500, "2026-03-01")
        self.running.action_cancel()
        self.running = self.active_plan(self.bill, other)
        self.money(980, "2026-01-20")
        self.pay(other, 498, "2026-03-31")
        last = self.running.instalment_ids.sorted("number")[-1]
        claim = self.env["recovery.claim"].search([("instalment_id", "=", last.id)])
        overdue = self.env["recovery.claim"]._overdue
        for threshold, asked in ((2, 2), (2.01, 0)):
            with self.subTest(threshold=threshold):
                self.company.recovery_residue_amount = threshold
                self.assertEqual(claim._let_go(day)[claim.id], 22 - asked)
                for kinds in ((), ("dispute",)):
                    late = {self.debtor.id: (date(2026, 3, 31), asked)} if asked else {}
                    self.assertEqual(overdue(self.debtor, self.company, day, kinds), late)
                self.assertEqual(self.state_on("2026-04-10"), ["in_default" if asked else "active"])

    def test_the_price_of_all_that_a_plan_covers_earns_each_discount(self):
        """1,000 and 500 less 2 % each: 1,470 in time, whether they name the plan or nothing; no cent or day less."""
        self.running.action_cancel()
        self.running = self.active_plan(self.bill, self.discounted(500))
        for amount, day, ref, is_kept in (
            (1470, "2026-01-20", False, True),
            (1470, "2026-01-20", self.running.name, True),
            (1469.99, "2026-01-20", self.running.name, False),
            (1470, "2026-01-21", False, False),
        ):
            with self.subTest(amount=amount, day=day, ref=ref), self.env.cr.savepoint() as savepoint:
                entry = self.money(amount, day, is_matched=False)
                entry.ref = ref
                self.assertEqual(
                    self.state_on("2026-04-10"),
                    ["active" if is_kept else "in_default"],
                    "matched with nothing",
                )
                earned = self.running.amount_early_discount
                self.assertEqual(earned, 30 if is_kept else earned)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_price_of_some_in_the_plan_and_some_beside_it_is_no_price(self):
        """What lies in the plan and what does not is paid by transfers of their own: 1,470 for both is poured."""
        other = self.discounted(500)
        entry = self.money(1470, "2026-01-20", is_matched=False)
        items = self.item(self.bill, other)
        covered = self.env["recovery.open.money"].covered(items, date(2026, 4, 10))
        self.assertEqual([float(covered[item.id]) for item in items], [1000, 470])
        entry.ref = f"{other.name} {self.bill.name}"
        covered = self.env["recovery.open.money"].covered(items, date(2026, 4, 10))
        self.assertEqual([float(covered[item.id]) for item in items], [1000, 470])

    def test_a_notice_says_discount_of_what_is_one_and_received_of_what_came(self):
        """1,000 less 2 % and 500 in four of 375: 980 leave 145 of the third, the discount takes 20 of them."""
        other = self.invoice(500, "2026-03-01")
        self.running.action_cancel()
        self.running = self.active_plan(self.bill, other, instalment_count=4)
        self.debtor.recovery_policy_id = self.env["recovery.dunning.policy"].create(
            {
                "name": "Instalments",
                "claim_kind": "instalment",
                "company_id": self.company.id,
                "level_ids": [Command.create({"name": "Late", "trigger": "due_date", "delay_days": 1})],
            }
        )
        self.money(980, "2026-01-20")
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": "2026-04-02"})
        run.action_propose()
        run.action_confirm()
        content = run.notice_ids._contents()[run.notice_ids.id]
        self.assertEqual((content.totals, content.balances), ({self.currency: 145}, {self.currency: 125}))
        self.assertEqual((content.credits, content.let_go), ({}, {self.currency: 20}))
