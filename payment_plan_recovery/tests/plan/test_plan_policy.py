"""Limits of a policy, both sides of each, and who approves beyond them."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .plan_common import PlanCommon

MANAGER = "payment_plan_recovery.group_recovery_manager"


@tagged("post_install", "-at_install")
class TestPlanPolicy(PlanCommon):
    def reasons(self, day="2026-01-15", total=300, **terms):
        plan = self.plan(self.invoice(total), **terms)
        plan.generate_instalments()
        return plan._exceptions(date.fromisoformat(day))

    def assert_limit(self, within, outside, message):
        self.assertEqual(within, [])
        self.assertEqual(len(outside), 1)
        self.assertRegex(outside[0], message)

    def test_a_down_payment_above_an_amount(self):
        self.policy.write({"down_payment_min": 10, "down_payment_from": 1000, "down_payment_recommended": 30})
        self.company.recovery_plan_policy_id = self.policy
        for total, percent in ((999.99, 0), (1000, 30)):
            self.invoice(total)
            wizard = self.env["recovery.plan.negotiation"].create({"partner_id": self.debtor.id})
            plan = self.env["recovery.plan"].browse(wizard.action_draft_plan()["res_id"])
            self.assertEqual((plan.amount_total, plan.down_payment_percent), (total, percent))
            self.assertFalse(plan.policy_exceptions)
            plan.write({"down_payment_percent": 0, "down_payment_date": False})
            plan.generate_instalments()
            self.assertEqual("down payment" in (plan.policy_exceptions or ""), bool(percent))
            plan.action_propose() if not percent else None
            plan.action_accept() if not percent else None

    def test_instalments_move_as_the_policy_says(self):
        self.policy.business_days = "following"
        plan = self.plan(self.invoice(300), end_of_month=True)
        plan.generate_instalments()
        days = [row.date_due.isoformat() for row in plan.instalment_ids.sorted("number")]
        self.assertEqual(days, ["2026-02-02", "2026-03-02", "2026-03-31"])
        plan.business_days = "none"
        self.assertEqual(plan.business_days, "none")

    def test_shipped_policy(self):
        policy = self.env.ref("payment_plan_recovery.plan_policy_standard")
        self.assertEqual(
            (policy.months_max, policy.count_max, policy.amount_min, policy.business_days),
            (6, 6, 50, "following"),
        )
        self.assertEqual(
            (policy.down_payment_min, policy.down_payment_recommended, policy.down_payment_from),
            (10, 30, 10000),
        )

    def test_smallest_instalment(self):
        self.policy.amount_min = 100
        self.assert_limit(self.reasons(), self.reasons(total=299.99), "smallest instalment is .*99.99")

    def test_number(self):
        self.policy.count_max = 3
        self.assert_limit(self.reasons(), self.reasons(instalment_count=4), "There are 4 instalments")

    def test_duration(self):
        self.policy.months_max = 2
        self.assert_limit(
            self.reasons(), self.reasons(instalment_count=4), "allows 2 months, until 03/31/2026"
        )

    def test_down_payment(self):
        self.policy.down_payment_min = 10
        self.assert_limit(
            self.reasons(down_payment=30, down_payment_date="2026-01-20"),
            self.reasons(down_payment=29.99, down_payment_date="2026-01-20"),
            "wants 10.00 % of the total",
        )

    def test_ceiling(self):
        self.policy.approval_ceiling = 300
        self.assert_limit(self.reasons(), self.reasons(total=300.01), "above .*300.00 a manager approves")

    def test_ceiling_is_in_company_currency(self):
        dollar = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self.policy.approval_ceiling = 300
        for total, expected in ((600, 0), (600.02, 1)):
            plan = self.plan(self.invoice(total, currency_id=dollar.id))
            plan.generate_instalments()
            self.assertEqual(len(plan._exceptions(date(2026, 1, 15))), expected)

    def test_after_a_broken_plan(self):
        self.policy.broken_months = 6
        broken = self.active_plan(self.invoice(10))
        broken._become_broken(date(2025, 7, 15))
        self.assertEqual(broken.date_closed, date(2025, 7, 15))
        self.assert_limit(
            self.reasons("2026-01-15"), self.reasons("2026-01-14"), "broke a plan on 07/15/2025"
        )

    def test_every_reason_is_listed(self):
        self.policy.write({"count_max": 2, "approval_ceiling": 100, "amount_min": 150})
        self.assertEqual(len(self.reasons()), 3)

    def test_limits_are_not_negative(self):
        for name in ("count_max", "amount_min", "tolerance_days", "broken_months"):
            with self.refused("enter zero or more", ValidationError):
                self.policy[name] = -1
        with self.refused("100 %", ValidationError):
            self.policy.down_payment_min = 101

    def test_policy_of_the_company(self):
        standard = self.env["recovery.plan.policy"]._default_for(self.company)
        self.assertTrue(standard)
        self.company.recovery_plan_policy_id = self.policy
        self.assertEqual(self.env["recovery.plan"].new({}).policy_id, self.policy)


@tagged("post_install", "-at_install")
class TestPlanApproval(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.count_max = 2
        cls.manager = new_test_user(cls.env, "manager", groups=MANAGER, company_id=cls.company.id)
        cls.author = cls.collector()
        cls.plan_outside = cls.plan(cls.invoice(300)).with_user(cls.author)
        cls.plan_outside.user_id = cls.author

    def test_waits_and_is_approved(self):
        plan = self.plan_outside
        plan.action_propose()
        self.assertEqual((plan.state, plan.approval_state), ("draft", "waiting"))
        self.assertIn("There are 3 instalments", plan.approval_reasons)
        activity = plan.sudo().activity_ids
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id.has_group(MANAGER))
        with self.refused("manager of Recovery approves", AccessError):
            plan.action_approve()
        plan.with_user(self.manager).action_approve()
        self.assertEqual(
            (plan.state, plan.approval_state, plan.approved_by), ("proposed", "approved", self.manager)
        )
        self.assertFalse(plan.sudo().activity_ids)
        plan.action_accept()

    def test_what_no_longer_adds_up_is_not_offered_by_being_approved(self):
        plan = self.plan_outside
        plan.action_propose()
        self.pay(plan.item_ids.move_line_id.move_id, 100)
        with self.refused("The instalments make"):
            plan.with_user(self.manager).action_approve()
        self.assertEqual((plan.state, plan.approval_state), ("draft", "waiting"))

    def test_what_was_given_up_while_it_waited_is_not_approved(self):
        plan = self.plan_outside
        plan.action_propose()
        plan.action_cancel()
        self.assertFalse(plan.sudo().activity_ids, "nobody is asked to any more")
        with self.refused("does not wait for approval"):
            plan.with_user(self.manager).action_approve()
        self.assertEqual(plan.state, "cancelled")
        plan.action_reopen()
        plan.action_propose()
        self.assertEqual((plan.state, plan.approval_state), ("draft", "waiting"))

    def test_refused_with_a_reason(self):
        plan = self.plan_outside
        plan.action_propose()
        judge = plan.with_user(self.manager)
        with self.refused("Say why"):
            judge.action_refuse(" ")
        wizard = self.env["recovery.plan.refusal"].with_user(self.manager)
        wizard.create({"plan_id": plan.id, "reason": "Ask for a down payment"}).action_refuse()
        self.assertEqual((plan.state, plan.approval_state), ("draft", "refused"))
        self.assertIn("Ask for a down payment", plan.sudo().message_ids[0].body)
        self.assertEqual(plan.sudo().activity_ids.user_id, self.author)
        with self.refused("does not wait"):
            judge.action_approve()
        plan.instalment_count = 2
        plan.generate_instalments()
        plan.action_propose()
        self.assertEqual((plan.state, plan.approval_state), ("proposed", False))

    def test_approval_is_for_these_terms_only(self):
        plan = self.plan_outside
        plan.action_propose()
        plan.instalment_count = 4
        self.assertFalse(plan.approval_state)
        self.assertFalse(plan.sudo().activity_ids)
        plan.generate_instalments()
        plan.action_propose()
        plan.with_user(self.manager).action_approve()
        plan.action_draft()
        plan.instalment_count = 5
        plan.generate_instalments()
        plan.action_propose()
        self.assertEqual((plan.state, plan.approval_state), ("draft", "waiting"))

    def test_a_manager_s_own_plan_needs_someone_else(self):
        new_test_user(self.env, "second", groups=MANAGER, company_id=self.company.id)
        plan = self.plan(self.invoice(300)).with_user(self.manager)
        plan.user_id = self.manager
        plan.action_propose()
        self.assertEqual(plan.approval_state, "waiting")
        self.assertNotEqual(plan.sudo().activity_ids.user_id, self.manager)
        with self.refused("is your own"):
            plan.action_approve()

    def test_nobody_to_approve(self):
        (self.manager | self.env.user).sudo().group_ids -= self.env.ref(MANAGER)
        with self.refused("nobody else may approve"):
            self.plan_outside.action_propose()
        self.assertFalse(self.plan_outside.approval_state)

    def test_approval_is_not_written_by_clients(self):
        with self.assertRaises(AccessError):
            self.plan_outside.approval_state = "approved"
