"""A rest of a cent, or whatever the creditor lets go, makes nobody late with a plan."""

from datetime import date

from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanResidue(PlanCommon):
    """Three instalments of 100, of which 5 may be left."""

    def setUp(self):
        super().setUp()
        self.company.recovery_residue_amount = 5
        self.bill = self.invoice(300)
        self.running = self.active_plan(self.bill)

    def state_on(self, *days):
        states = []
        for day in days:
            self.running.monitor(date.fromisoformat(day))
            states.append(self.running.state)
        return states

    def test_a_rest_below_the_threshold(self):
        self.pay(self.bill, 95.01)
        self.assertEqual(self.state_on("2026-02-10", "2026-02-27"), ["active", "active"])

    def test_a_rest_of_the_threshold_is_late(self):
        self.pay(self.bill, 95)
        self.assertEqual(self.state_on("2026-02-10"), ["in_default"])
        self.pay(self.bill, 0.01)
        self.assertEqual(self.state_on("2026-02-11"), ["active"])

    def test_money_that_waits_to_be_matched_counts(self):
        self.pay(self.bill, 299.99, "2026-03-31").line_ids.remove_move_reconcile()
        self.assertEqual(self.state_on("2026-04-10", "2026-05-10"), ["active", "active"])

    def test_an_instalment_that_is_small_by_itself_is_late(self):
        self.running = self.active_plan(self.invoice(9))
        self.assertEqual(self.running.instalment_ids.mapped("amount"), [3, 3, 3])
        self.assertEqual(self.state_on("2026-02-10"), ["in_default"])

    def test_without_a_threshold_a_cent_is_late(self):
        self.company.recovery_residue_amount = 0
        self.pay(self.bill, 99.99)
        self.assertEqual(self.state_on("2026-02-10"), ["in_default"])
