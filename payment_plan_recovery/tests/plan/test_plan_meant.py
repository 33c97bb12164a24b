"""Money of exactly an instalment's amount, near its day, that lies on something else: a person says what it is for."""

from datetime import date

from freezegun import freeze_time
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

    def reasons_on(self, day):
        """Why a run of that day chases each instalment or not: {number: reason}."""
        policy = self.env["recovery.dunning.policy"].create(
            {
                "name": "Instalments",
                "claim_kind": "instalment",
                "company_id": self.company.id,
                "level_ids": [
                    Command.create({"name": "Soon", "trigger": "due_date", "delay_days": -25}),
                    Command.create({"name": "Late", "trigger": "due_date", "delay_days": 1}),
                ],
            }
        )
        self.debtor.recovery_policy_id = policy
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": day})
        rows = self.running.instalment_ids.filtered("amount_residual")
        told = run.explain(rows)
        return {row.number: told[row.id] for row in rows if told[row.id] != "not_due"}

    def test_nothing_is_reminded_of_while_somebody_is_asked(self):
        """Not of what is late, though the plan forgives it still, nor of what comes next."""
        self.pay(self.move, 100, "2026-01-30")
        tolerated = date(2026, 2, 3)
        self.assertEqual(self.reasons_on(tolerated), {1: "selected", 2: "selected"})
        self.running.monitor(tolerated)
        self.assertEqual((self.running.state, len(self.asked())), ("active", 1))
        self.assertEqual(self.reasons_on(tolerated), {1: "on_hold", 2: "on_hold", 3: "on_hold"})

    def test_the_answer_ends_the_hold(self):
        for answer in ("not meant", "matched"):
            with self.subTest(answer):
                savepoint = self.env.cr.savepoint()
                entry = self.pay(self.move, 100, "2026-01-30")
                self.running.monitor(LATE)
                hold = self.running.receipt_hold_id
                self.assertEqual((hold.date_from, hold.date_until), (LATE, date(2026, 2, 19)))
                if answer == "matched":
                    self.item(entry).remove_move_reconcile()
                    (self.item(entry) + self.later).reconcile()
                self.asked().action_feedback(feedback="Asked her.")
                self.assertIn(self.running, self.running._to_monitor(date(2026, 2, 6)))
                self.running.monitor(date(2026, 2, 6))
                self.assertEqual((hold.date_until, self.running.receipt_hold_id.ids), (date(2026, 2, 6), []))
                self.assertEqual(self.reasons_on("2026-02-07").get(1), {"not meant": "selected"}.get(answer))
                savepoint.close(rollback=True)

    def test_nobody_answers(self):
        """For two weeks nothing of the plan is asked for; then it is followed up as if it was something else."""
        self.pay(self.move, 100, "2026-01-30")
        self.running.monitor(LATE)
        self.running.monitor(date(2026, 2, 19))
        self.assertEqual(self.running.state, "active")
        self.assertEqual(self.reasons_on("2026-02-19")[1], "on_hold")
        self.running.monitor(date(2026, 2, 20))
        self.assertEqual((self.running.state, len(self.asked())), ("in_default", 1))
        self.assertEqual(self.running.cure_notice_id.state, "queued")
        self.running.monitor(date(2026, 2, 21))
        self.assertEqual(len(self.asked()), 1, "once for each payment")

    def test_a_cure_notice_that_waits_does_not_go(self):
        self.running.monitor(date(2026, 2, 10))
        notice = self.running.cure_notice_id
        self.assertEqual((self.running.state, notice.state), ("in_default", "queued"))
        self.pay(self.move, 100, "2026-02-10")
        self.running.monitor(date(2026, 2, 11))
        notice.sudo()._drop_settled_claims(date(2026, 2, 11))
        self.assertEqual((notice.state, notice.line_ids.drop_reason), ("cancelled", "on_hold"))
        self.running.monitor(date(2026, 2, 12))
        self.assertEqual(self.running.cure_notice_id, notice, "no other one while somebody is asked")
        self.asked().action_feedback(feedback="She meant the older one.")
        self.running.monitor(date(2026, 2, 13))
        self.assertEqual(self.running.cure_notice_id.state, "queued")

    def test_a_plan_that_ends_leaves_no_hold(self):
        self.pay(self.move, 100, "2026-01-30")
        self.running.monitor(LATE)
        hold = self.running.receipt_hold_id
        with freeze_time("2026-02-06 10:00:00"):
            self.running.action_cancel()
        self.assertEqual(hold.date_until, date(2026, 2, 6))
        self.assertFalse(self.running.receipt_hold_id)
