"""Ways to pay side by side, and the capacity they are compared with."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .plan_common import PlanCommon

CONFIDENTIAL = "payment_plan_recovery.group_recovery_confidential"
DAY = date(2026, 1, 15)


class OptionCommon(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref(CONFIDENTIAL)

    def capacity(self, amount, **vals):
        return self.env["recovery.capacity"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "date": DAY,
                "basis": "cash_flow",
                "cash_flow": amount,
                "share": 100,
                **vals,
            }
        )

    def options(self, plan):
        """The options by every kind they stand for."""
        plan.action_compare_options(DAY)
        labels = dict(plan.option_ids._fields["kind"]._description_selection(self.env))
        return {
            kind: option
            for option in plan.option_ids
            for kind, label in labels.items()
            if kind == option.kind or label in (option.also or "")
        }


@tagged("post_install", "-at_install")
class TestPlanOption(OptionCommon):
    def test_within_capacity(self):
        """1,200 at 250 a month: 5 instalments at least, 6 with a fifth to spare, 12 at most."""
        self.policy.count_max = 12
        self.capacity(250)
        options = self.options(self.plan(self.invoice(1200), instalment_count=4))
        self.assertEqual(
            {kind: (option.instalment_count, option.amount) for kind, option in options.items()},
            {"shortest": (5, 240), "recommended": (6, 200), "longest": (12, 100), "own": (4, 300)},
        )
        self.assertEqual(options["shortest"].capacity_share, 96)
        self.assertEqual(options["own"].capacity_share, 120)
        self.assertEqual(
            (options["recommended"].date_first, options["recommended"].date_last),
            (self.START, date(2026, 6, 30)),
        )

    def test_cash_earlier_or_later(self):
        """Within 90 days of 15 January: 31 January, 28 February and 31 March."""
        self.policy.count_max = 12
        self.capacity(250)
        options = self.options(self.plan(self.invoice(1200), instalment_count=4))
        self.assertEqual(
            {kind: option.cash_difference for kind, option in options.items()},
            {"shortest": 120, "recommended": 0, "longest": -300, "own": 300},
        )
        self.assertLess(options["shortest"].average_days, options["longest"].average_days)
        # 16, 44, 75 and 105 days
        self.assertEqual(options["own"].average_days, 60)

    def test_without_capacity(self):
        self.policy.write({"count_max": 10, "count_recommended": 5})
        options = self.options(self.plan(self.invoice(1000)))
        self.assertEqual(
            {kind: option.instalment_count for kind, option in options.items()},
            {"shortest": 2, "recommended": 5, "longest": 10, "own": 3},
        )
        self.assertFalse(options["own"].capacity_share)

    def test_expired_assessment_is_not_relied_on(self):
        self.capacity(250, date=date(2025, 1, 1))
        self.assertEqual(self.options(self.plan(self.invoice(1200)))["shortest"].instalment_count, 2)

    def test_capacity_by_the_period(self):
        self.capacity(250)  # 57.69 a week
        options = self.options(self.plan(self.invoice(115.38), period="week"))
        self.assertEqual(options["shortest"].instalment_count, 2)
        options = self.options(self.plan(self.invoice(115.39), period="week"))
        self.assertEqual(options["shortest"].instalment_count, 3)

    def test_capacity_is_not_found_by_trying(self):
        """Totals that grow cent by cent show where a step lies, and every capacity of a step shows the same."""
        shown = set()
        for amount in (250, 271.83, 299.99):
            self.capacity(amount)
            counts = [
                self.options(self.plan(self.invoice(total)))["shortest"].instalment_count
                for total in (250, 271.83, 499.99, 500, 500.01, 543.67, 600)
            ]
            shown.add(tuple(counts))
        self.assertEqual(len(shown), 1)

    def test_longest_is_what_the_policy_allows(self):
        self.policy.write({"months_max": 4, "amount_min": 100})
        self.assertEqual(self.options(self.plan(self.invoice(1000)))["longest"].instalment_count, 5)
        self.assertEqual(self.options(self.plan(self.invoice(300)))["longest"].instalment_count, 3)

    def test_longest_at_the_smallest_amount_exactly(self):
        """99.30 are three instalments of 33.10, a cent less only two."""
        self.policy.amount_min = 33.10
        self.assertEqual(self.options(self.plan(self.invoice(99.30)))["longest"].instalment_count, 3)
        self.assertEqual(self.options(self.plan(self.invoice(99.29)))["longest"].instalment_count, 2)

    def test_longest_counts_the_days(self):
        """Three months from 31 January end on 30 April: thirteen weeks later is too late, a pause takes one."""
        self.policy.months_max = 3
        for terms, count, last in (
            ({}, 4, date(2026, 4, 30)),
            ({"period": "week"}, 13, date(2026, 4, 25)),
            ({"paused_months": "2"}, 3, date(2026, 4, 30)),
        ):
            option = self.options(self.plan(self.invoice(1000), **terms))["longest"]
            self.assertEqual((option.instalment_count, option.date_last), (count, last), terms)
            self.assertFalse(option.exceptions, terms)

    def test_exceptions_are_told(self):
        self.policy.count_max = 2
        options = self.options(self.plan(self.invoice(300)))
        self.assertFalse(options["longest"].exceptions)
        self.assertIn("There are 3 instalments", options["own"].exceptions)

    def test_an_option_that_gives_no_schedule(self):
        plan = self.plan(self.invoice(300), shape="weighted", weights="a, b")
        self.assertIn("not a number", self.options(plan)["own"].problem)
        plan.period = "dates"
        self.assertIn("Write the instalments first", self.options(plan)["own"].problem)

    def test_discount_lowers_the_cost(self):
        options = self.options(self.plan(self.invoice(1200), discount_percent=2))
        self.assertEqual((options["own"].total_cost, options["longest"].total_cost), (1176, 1176))

    def test_each_schedule_once(self):
        """At 100 a month 300 are three instalments, however one comes to them."""
        self.policy.write({"amount_min": 100, "count_recommended": 3})
        plan = self.plan(self.invoice(300))
        plan.action_compare_options(DAY)
        self.assertEqual(
            [(option.kind, option.also) for option in plan.option_ids],
            [("shortest", False), ("recommended", "Longest allowed and As in the terms")],
        )

    def test_chosen_is_what_the_plan_says(self):
        plan = self.plan(self.invoice(1200))
        options = self.options(plan)
        self.assertFalse(any(option.is_chosen for option in plan.option_ids))
        options["recommended"].action_choose()
        self.assertEqual(plan.option_ids.filtered("is_chosen").kind, "recommended")
        plan.rebalance(plan.instalment_ids.sorted("number")[0], amount=1)
        self.assertFalse(plan.option_ids.filtered("is_chosen"))

    def test_schedule_is_shown_before_it_is_chosen(self):
        option = self.options(self.plan(self.invoice(300)))["own"]
        self.assertEqual(option.schedule, [["2026-01-31", 100], ["2026-02-28", 100], ["2026-03-31", 100]])
        self.assertEqual(option.schedule_preview.count("<tr>"), 3)
        self.assertIn("100.00", option.schedule_preview)

    def test_choosing(self):
        plan = self.plan(self.invoice(1200), shape="stepped", step_percent=10)
        options = self.options(plan)
        options["longest"].action_choose()
        self.assertEqual(len(plan.instalment_ids), 24)
        self.assertEqual(plan.shape, "equal")
        self.assertEqual([option.kind for option in plan.option_ids if option.is_chosen], ["longest"])
        plan.action_propose()
        with self.refused("is in state"):
            options["shortest"].action_choose()

    def test_collector_negotiates_within_a_capacity_he_cannot_read(self):
        self.capacity(250)
        collector = self.collector()
        plan = self.plan(self.invoice(1200)).with_user(collector)
        options = self.options(plan)
        self.assertEqual(options["shortest"].instalment_count, 5)
        with self.assertRaises(AccessError):
            self.env["recovery.capacity"].with_user(collector).search([])
        with self.assertRaises(AccessError):
            options["shortest"].read(["capacity_share"])


@tagged("post_install", "-at_install")
class TestCapacity(OptionCommon):
    def test_working(self):
        capacity = self.capacity(0, basis="budget", resources=2000, commitments=1400, share=70)
        self.assertEqual(capacity.amount, 420)
        self.assertRegex(capacity.working, "2,000.00 of resources less .*1,400.00 .* leave .*600.00.*70.00 %")
        capacity.commitments = 2500
        self.assertEqual(capacity.amount, 0)

    def test_from_the_ledger(self):
        """1,200 received in the twelve months before: 100 a month; older and later money does not count."""
        move = self.invoice(5000)
        self.pay(move, 700, "2025-01-16")
        self.pay(move, 500, "2026-01-15")
        self.pay(move, 900, "2025-01-15")
        self.pay(move, 900, "2026-01-16")
        capacity = self.capacity(0)
        capacity.action_from_ledger()
        self.assertEqual((capacity.source, capacity.cash_flow, capacity.amount), ("ledger", 100, 100))

    def test_last_valid_assessment(self):
        first = self.capacity(100, date=date(2025, 12, 1))
        second = self.capacity(200)
        current = lambda day: self.env["recovery.capacity"]._current(self.debtor, self.company, day)  # noqa: E731
        self.assertEqual(current(date(2026, 1, 14)), first)
        self.assertEqual(current(DAY), second)
        self.assertEqual(current(date(2026, 7, 15)), second)
        self.assertFalse(current(date(2026, 7, 16)))

    def test_refusals(self):
        contact = self.env["res.partner"].create({"name": "Anne", "parent_id": self.debtor.id})
        for vals in ({"basis": "budget", "resources": -1}, {"partner_id": contact.id}):
            with self.assertRaises(ValidationError):
                self.capacity(1, **vals)

    def test_confidential(self):
        capacity = self.capacity(100)
        manager = new_test_user(
            self.env,
            "manager",
            groups="payment_plan_recovery.group_recovery_manager",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            capacity.with_user(manager).read(["amount"])
        with self.assertRaises(AccessError):
            capacity.message_post(body=capacity.display_name).with_user(manager).read(["body"])
