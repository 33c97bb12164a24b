"""monitor(date): a plan's life told by dates, both sides of each boundary."""

from datetime import date

from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanFollowUp(PlanCommon):
    """100 due on 31 January, 28 February and 31 March; 3 days of tolerance, 5 of grace, 8 to cure."""

    def setUp(self):
        super().setUp()
        self.move = self.invoice(300)
        self.covered = self.active_plan(self.move, end_of_month=True)

    def state_on(self, day):
        self.covered.monitor(date.fromisoformat(day))
        return self.covered.state

    def test_late_once_tolerance_has_passed(self):
        self.assertEqual(self.state_on("2026-02-03"), "active")
        self.assertEqual(self.state_on("2026-02-04"), "late")

    def test_cured_by_payment(self):
        self.assertEqual(self.state_on("2026-02-04"), "late")
        self.pay(self.move, 100)
        self.assertEqual(self.state_on("2026-02-04"), "active")

    def test_default_deadline_breach(self):
        self.assertEqual(self.state_on("2026-02-08"), "late")
        self.assertEqual(self.state_on("2026-02-09"), "in_default")
        self.assertEqual(self.covered.date_cure_deadline, date(2026, 2, 17))
        self.assertEqual(self.state_on("2026-02-17"), "in_default")
        self.assertEqual(self.state_on("2026-02-18"), "broken")
        self.assertEqual(self.covered.date_accelerated, date(2026, 2, 18))
        self.assertEqual(self.item_states(self.covered), [(300, 0, False)])
        self.assertEqual(self.item(self.move).date_maturity, date(2025, 10, 31))

    def test_no_acceleration_without_the_clause(self):
        self.covered.sudo().with_context(tracking_disable=True).action_cancel()
        plan = self.covered = self.active_plan(self.move, end_of_month=True, acceleration_clause=False)
        self.state_on("2026-02-09")
        self.assertEqual(self.state_on("2026-02-18"), "broken")
        self.assertFalse(plan.date_accelerated)

    def test_cured_before_the_deadline(self):
        self.assertEqual(self.state_on("2026-02-09"), "in_default")
        self.pay(self.move, 99)
        self.assertEqual(self.state_on("2026-02-10"), "in_default")
        self.pay(self.move, 1)
        self.assertEqual(self.state_on("2026-02-10"), "active")
        self.assertFalse(self.covered.date_cure_deadline)

    def test_completed(self):
        self.pay(self.move, 300)
        self.assertEqual(self.state_on("2026-02-01"), "completed")
        self.assertFalse(self.item(self.move).no_followup)

    def test_bounced_after_completion(self):
        payment = self.pay(self.move, 300)
        self.assertEqual(self.state_on("2026-02-01"), "completed")
        payment.line_ids.remove_move_reconcile()
        self.assertEqual(self.state_on("2026-02-02"), "active")
        self.assertTrue(self.item(self.move).no_followup)

    def test_monitor_finds_its_plans(self):
        self.env["recovery.plan"].monitor(date(2026, 2, 4))
        self.assertEqual(self.covered.state, "late")

    def test_renegotiated(self):
        self.pay(self.move, 100)
        self.state_on("2026-03-20")
        action = self.covered.action_renegotiate("Lost his main customer")
        revision = self.env["recovery.plan"].browse(action["res_id"])
        self.assertEqual((revision.previous_id, revision.amount_total), (self.covered, 200))
        self.assertEqual(self.covered.action_renegotiate()["res_id"], revision.id)
        revision.instalment_count = 4
        revision.action_propose()
        revision.action_accept()
        self.pay(self.move, 50)
        self.assertEqual((self.covered.state, self.covered.amount_paid), ("in_default", 150))
        revision.action_activate()
        self.assertEqual((self.covered.state, self.covered.amount_paid), ("superseded", 100))
        self.assertEqual((revision.amount_paid, revision.amount_residual), (50, 150))
        self.assertTrue(self.item(self.move).no_followup)
        revision.action_cancel()
        self.assertFalse(self.item(self.move).no_followup)
