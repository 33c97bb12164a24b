"""The longest plan of the debtor's risk class, both sides of it, and who approves beyond."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .plan_common import PlanCommon

DAY = date(2026, 1, 15)
MANAGER = "payment_plan_recovery.group_recovery_manager"


@tagged("post_install", "-at_install")
class TestPlanRiskClass(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # sudo: what companies share is written by who works in all of them
        cls.risk_class = (
            cls.env["recovery.risk.class"]
            .sudo()
            .create({"code": "T", "name": "Two months at most", "plan_max_months": 2})
        )
        cls.debtor.recovery_risk_class = cls.risk_class

    def drafted(self, **terms):
        plan = self.plan(self.invoice(300), **terms)
        plan.generate_instalments()
        return plan

    def reasons(self, **terms):
        return self.drafted(**terms)._exceptions(DAY)

    def option(self, kind, **terms):
        plan = self.plan(self.invoice(300), **terms)
        plan.action_compare_options(DAY)
        label = dict(plan.option_ids._fields["kind"]._description_selection(self.env))[kind]
        return plan.option_ids.filtered(lambda option: option.kind == kind or label in (option.also or ""))

    def test_both_sides_of_the_limit(self):
        """Three monthly instalments from 31 January end on 31 March, to the day."""
        self.assertEqual(self.reasons(), [])
        [reason] = self.reasons(instalment_count=4)
        self.assertIn("on 04/30/2026; the debtor's class T allows 2 months, until 03/31/2026", reason)
        plan = self.drafted()
        plan.instalment_ids.sorted("number")[-1].date_due = date(2026, 4, 1)
        self.assertEqual(len(plan._exceptions(DAY)), 1)

    def test_the_down_payment_does_not_open_the_duration(self):
        self.assertEqual(self.reasons(down_payment=30, down_payment_date="2026-01-20"), [])

    def test_no_limit(self):
        self.risk_class.plan_max_months = 0
        self.assertEqual(self.reasons(instalment_count=12), [])
        self.risk_class.plan_max_months = 2
        self.debtor.recovery_risk_class = False
        self.assertEqual(self.reasons(instalment_count=12), [])
        with self.refused("Longest plan .* enter zero or more", ValidationError):
            self.risk_class.plan_max_months = -1

    def test_it_holds_without_a_policy(self):
        self.assertEqual(len(self.reasons(instalment_count=4, policy_id=False)), 1)

    def test_policy_and_class_each_say_their_limit(self):
        self.policy.months_max = 1
        self.assertEqual(len(self.reasons()), 1)
        self.assertEqual(len(self.reasons(instalment_count=4)), 2)

    def test_the_class_is_that_of_the_creditor(self):
        other = self.setup_other_company()["company"]
        stricter = {"code": "U", "name": "One month at most", "plan_max_months": 1}
        # sudo: what companies share is written by who works in all of them
        self.debtor.with_company(other).recovery_risk_class = (
            self.env["recovery.risk.class"].sudo().create(stricter)
        )
        self.assertEqual(self.drafted().with_company(other)._exceptions(DAY), [])
        self.debtor.recovery_risk_class = False
        self.assertEqual(self.drafted(instalment_count=4).with_company(other)._exceptions(DAY), [])

    def test_the_shorter_of_policy_and_class_bounds_the_options(self):
        for policy, risk_class, count in ((0, 2, 3), (1, 2, 2), (2, 3, 3), (3, 2, 3), (3, 0, 4)):
            self.policy.months_max = policy
            self.risk_class.plan_max_months = risk_class
            option = self.option("longest")
            self.assertEqual(option.instalment_count, count, (policy, risk_class))
            self.assertFalse(option.exceptions)

    def test_an_option_beyond_says_so(self):
        self.assertFalse(self.option("own").exceptions)
        self.assertIn("class T allows 2 months", self.option("own", instalment_count=4).exceptions)

    def test_a_longer_plan_is_approved_by_a_manager_before_it_is_activated(self):
        manager = new_test_user(self.env, "manager", groups=MANAGER, company_id=self.company.id)
        author = self.collector()
        plan = self.drafted(instalment_count=4).with_user(author)
        plan.user_id = author
        plan.action_propose()
        self.assertEqual((plan.state, plan.approval_state), ("draft", "waiting"))
        self.assertIn("class T allows 2 months", plan.approval_reasons)
        with self.refused("in state “Draft”"):
            plan.action_accept()
        plan.with_user(manager).action_approve()
        plan.action_accept(date=DAY)
        plan.action_activate()
        self.assertEqual((plan.state, plan.approved_by), ("active", manager))

    def test_a_plan_within_needs_no_approval(self):
        plan = self.drafted().with_user(self.collector())
        plan.action_propose()
        self.assertEqual((plan.state, plan.approval_state), ("proposed", False))
