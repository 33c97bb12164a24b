"""Money of exactly an instalment's amount, near its day, that lies on something else: a person says what it is for."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .plan_common import PlanCommon

MEANT = "payment_plan_recovery.mail_activity_meant_for_plan"
#: The first instalment was due on 31 January; three days are tolerated.
LATE = date(2026, 2, 5)


@tagged("post_install", "-at_install")
class TestPlanMeant(PlanCommon):
    def setUp(self):
        super().setUp()
        in_two = self.env["account.payment.term"].create(
            {
                "name": "In two",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 40, "nb_days": 15}),
                    Command.create({"value": "percent", "value_amount": 60, "nb_days": 60}),
                ],
            }
        )
        self.move = self.invoice(500, False, invoice_payment_term_id=in_two.id)
        self.first, self.later = self.item(self.move).sorted("date_maturity")
        self.running = self.plan(self.move, item_ids=[Command.create({"move_line_id": self.later.id})])
        self.running.action_propose()
        self.running.action_accept(signed_by="Anne Martin, manager", date=date(2026, 1, 15))
        self.running.action_activate()

    def asked(self):
        return self.running.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(MEANT)
        )

    def receive_unmatched(self, amount, day, memo):
        entry = self.receive(self.first, amount, day)
        self.item(entry).remove_move_reconcile()
        self.item(entry).name = memo
        return entry

    def test_the_older_due_date_of_the_same_invoice_took_it(self):
        self.pay(self.move, 100, "2026-01-30")
        self.assertEqual((self.first.amount_residual, self.running.amount_paid), (100, 0))
        self.running.monitor(LATE)
        self.assertEqual(self.running.state, "active")
        self.assertIn("100.00", self.asked().note)
        self.running.monitor(LATE)
        self.assertEqual(len(self.asked()), 1)

    def test_who_says_that_it_was_for_that_has_a_plan_that_is_late(self):
        self.pay(self.move, 100, "2026-01-30")
        self.running.monitor(LATE)
        self.asked().action_feedback(feedback="She meant the older one.")
        self.running.monitor(LATE)
        self.assertEqual(self.running.state, "late")
        self.assertFalse(self.asked(), "once for each payment")

    def test_matched_with_the_plan_it_is_paid(self):
        entry = self.pay(self.move, 100, "2026-01-30")
        self.running.monitor(LATE)
        self.item(entry).remove_move_reconcile()
        (self.item(entry) + self.later).reconcile()
        self.running.monitor(LATE)
        self.assertEqual((self.running.state, self.running.instalment_ids[0].amount_residual), ("active", 0))
        self.assertFalse(self.asked())

    def test_money_that_waits_and_names_the_invoice(self):
        self.receive_unmatched(100, "2026-01-30", self.move.name)
        self.running.monitor(LATE)
        self.assertEqual((self.running.state, len(self.asked())), ("active", 1))

    def test_money_for_something_else_is_for_that(self):
        for amount, day in ((90, "2026-01-30"), (100, "2025-12-20")):
            self.pay(self.move, amount, day)
        self.pay(self.invoice(100), 100, "2026-01-30")
        self.running.monitor(LATE)
        self.assertEqual(self.running.state, "late", "another sum, another time, or exactly what it paid")
        self.assertFalse(self.asked())
