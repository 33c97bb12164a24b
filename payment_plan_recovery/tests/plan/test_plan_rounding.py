"""Plans in currencies whose smallest amount is not their last decimal."""

from datetime import date

from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanRounding(PlanCommon):
    def plan_in(self, rounding, total, **terms):
        currency = self.setup_other_currency("CHF", rounding=rounding, rates=[("2025-01-01", 1)])
        plan = self.plan(self.invoice(total, currency_id=currency.id), **terms)
        plan.generate_instalments()
        plan.action_propose()
        return plan

    def amounts_of(self, plan):
        return plan.instalment_ids.sorted("number").mapped("amount")

    def test_coins_of_five_hundredths(self):
        self.assertEqual(self.amounts_of(self.plan_in(0.05, 100)), [33.35, 33.35, 33.30])

    def test_notes_of_ten(self):
        self.assertEqual(self.amounts_of(self.plan_in(10, 100000)), [33330, 33330, 33340])

    def test_a_unit_of_the_terms_that_is_finer(self):
        self.assertEqual(self.amounts_of(self.plan_in(0.05, 100, rounding_unit=0.01)), [33.35, 33.35, 33.30])

    def test_down_payment_discount_and_an_instalment_that_is_changed(self):
        plan = self.plan_in(
            0.05, 100, down_payment_percent=33, down_payment_date=date(2026, 1, 15), discount_percent=2
        )
        self.assertEqual(self.amounts_of(plan), [33, 22.35, 22.35, 22.30])
        self.assertAlmostEqual(plan.discount_possible, 0.65 + 0.45 + 0.45 + 0.45)
        plan.action_draft()
        plan.rebalance(plan.instalment_ids.sorted("number")[1], amount=20, mode="spread")
        self.assertEqual(self.amounts_of(plan), [33, 20, 23.55, 23.45])

    def test_options(self):
        plan = self.plan_in(10, 100000)
        plan.action_draft()
        plan.action_compare_options()
        for option in plan.option_ids.filtered(lambda option: not option.problem):
            self.assertFalse(option.amount % 10, option.kind)

    def test_a_minimum_below_the_smallest_note(self):
        """A minimum that is nothing in the plan's currency limits nothing."""
        self.policy.amount_min = 0.01
        plan = self.plan_in(10, 80)
        plan.action_draft()
        plan.action_compare_options()
        longest = plan.option_ids.filtered(lambda option: option.kind == "longest")
        self.assertEqual(longest.instalment_count, 8)
