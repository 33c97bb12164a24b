"""A rest of a cent, or whatever the creditor lets go, makes nobody late with a plan."""

from datetime import date

from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanResidue(PlanCommon):
    """Three instalments of 100, of which 5 may be left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recovery_residue_amount = 5
        cls.bill = cls.invoice(300)
        cls.running = cls.active_plan(cls.bill)

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

    def reasons(self):
        """Why each instalment is reminded or not, on a day on which the first one is late."""
        policy = self.env["recovery.dunning.policy"].create(
            {
                "name": "Instalments",
                "claim_kind": "instalment",
                "company_id": self.company.id,
                "level_ids": [(0, 0, {"name": "Late", "trigger": "due_date", "delay_days": 5})],
            }
        )
        self.debtor.recovery_policy_id = policy
        run = self.env["recovery.dunning.run"].create({"company_id": self.company.id, "date": "2026-02-10"})
        instalments = self.running.instalment_ids.sorted("number")
        found = run.explain(instalments)
        return [found[instalment.id] for instalment in instalments]

    def test_nobody_is_reminded_of_a_rest_below_the_threshold(self):
        self.pay(self.bill, 95.01)
        self.assertEqual(self.reasons(), ["let_go", "not_due", "not_due"])

    def test_of_a_rest_of_the_threshold_one_is_reminded(self):
        self.pay(self.bill, 95)
        self.assertEqual(self.reasons(), ["selected", "not_due", "not_due"])

    def test_nobody_is_reminded_of_a_rest_that_waiting_money_leaves(self):
        self.pay(self.bill, 99.99).line_ids.remove_move_reconcile()
        self.assertEqual(self.reasons(), ["let_go", "not_due", "not_due"])

    def test_of_an_instalment_that_is_small_by_itself_one_is_reminded(self):
        self.running = self.active_plan(self.invoice(9))
        self.assertEqual(self.reasons(), ["selected", "not_due", "not_due"])

    def test_without_a_threshold_a_cent_is_late(self):
        self.company.recovery_residue_amount = 0
        self.pay(self.bill, 99.99)
        self.assertEqual(self.state_on("2026-02-10"), ["in_default"])
