"""Work on many plans at once: batched, resumable, with queries per batch and not per plan."""

from contextlib import suppress
from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.common import ir_cron
from ...models.plan import monitor
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanBatch(PlanCommon):
    def active_plans(self, count, **terms):
        moves = self.invoices([(300, "2025-10-31", {})] * count)
        plans = self.env["recovery.plan"].union(*(self.plan(move, **terms) for move in moves))
        plans.action_propose()
        plans.action_accept(date=date(2026, 1, 15))
        plans.action_activate()
        self.env.flush_all()
        return plans

    def queries(self, do):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        do()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_monitor_by_the_batch(self):
        """Each transition takes as many queries for eight plans as for four, cure notices included."""
        sequence = self.env["recovery.notice"]._sequence(self.company)
        for implementation, use_date_range in (
            ("standard", False),
            ("standard", True),
            ("no_gap", False),
            ("no_gap", True),
        ):
            with self.subTest(implementation=implementation, use_date_range=use_date_range):
                sequence.write({"implementation": implementation, "use_date_range": use_date_range})
                self._monitor_by_the_batch(sequence)

    def test_numbers_have_no_gap_whatever_the_plan(self):
        """A plan that scans the numbers once for each notice draws none in vain."""
        sequence = self.env["recovery.notice"]._sequence(self.company)
        sequence.implementation = "standard"
        for setting in ("hashjoin", "mergejoin", "material", "indexscan", "bitmapscan", "memoize"):
            self.env.cr.execute(f"SET LOCAL enable_{setting} = off")
        plans = self.active_plans(3)
        plans.monitor(date(2026, 2, 4))
        plans.monitor(date(2026, 2, 9))
        self.check_numbered_in_order(plans.cure_notice_id, sequence)

    def _monitor_by_the_batch(self, sequence):
        days = ("2026-02-04", "2026-02-09", "2026-02-20")
        spent = {}
        for count in (2, 4, 8):
            plans = self.active_plans(count)
            for day in days:
                spent[count, day] = self.queries(lambda: plans.monitor(date.fromisoformat(day)))  # noqa: B023
                if day == days[1]:
                    plans.cure_notice_id.sudo().write({"state": "sent", "date": day})
            self.assertEqual(set(plans.mapped("state")), {"broken"})
            self.check_numbered_in_order(plans.cure_notice_id, sequence)
        for day in days:
            self.assertLessEqual(spent[8, day], spent[4, day], day)

    def check_numbered_in_order(self, notices, sequence):
        """The notices follow each other in the sequence, and the next one drawn comes after them."""
        names = notices.sorted("id").mapped("name")
        numbers = [int(name.rsplit("/", 1)[1]) for name in [*names, sequence.next_by_id()]]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    def test_completion_by_the_batch(self):
        spent = []
        for count in (2, 4, 8):
            plans = self.active_plans(count)
            self.receive_each([(plan.item_ids.move_line_id, 300, "2026-01-31") for plan in plans])
            spent.append(self.queries(lambda: plans.monitor(date(2026, 2, 1))))  # noqa: B023
            self.assertEqual(set(plans.mapped("state")), {"completed"})
        self.assertLessEqual(spent[2], spent[1])

    def test_quiet_plans_cost_nothing(self):
        plans = self.active_plans(4)
        self.assertFalse(self.env["recovery.plan"]._to_monitor(date(2026, 1, 31)) & plans)

    def test_activation_by_the_batch(self):
        """Activating a plan over ten invoices takes no more queries than over five."""
        spent = []
        for count in (2, 5, 10):
            plan = self.plan(*self.invoices([(30, "2025-10-31", {})] * count))
            plan.action_propose()
            plan.action_accept()
            spent.append(self.queries(plan.action_activate))
        self.assertLessEqual(spent[2], spent[1])

    def test_paid_amounts_by_the_batch(self):
        """Payments of many plans are spread with as many queries as those of a few."""
        spent = []
        for count in (2, 4, 8):
            plans = self.active_plans(count)
            self.receive_each([(plan.item_ids.move_line_id, 150, "2026-01-31") for plan in plans])
            items = plans.item_ids.browse(plans.item_ids.ids)

            def follow_the_ledger(items=items):
                self.env.add_to_compute(items._fields["amount_paid"], items)
                items.modified(["amount_paid"])

            spent.append(self.queries(follow_the_ledger))
            self.assertEqual(set(plans.mapped("amount_paid")), {150})
        self.assertLessEqual(spent[2], spent[1])

    def test_daily_job_is_batched_comes_to_the_end_and_resumes(self):
        """Killed after a batch, the next run goes on where it was; those that stay late keep it from nothing."""
        today = fields.Date.today()
        plans = self.active_plans(5, date_start=fields.Date.add(today, days=30))
        date_due = fields.Date.subtract(today, days=4)
        self.env.cr.execute(
            "UPDATE recovery_plan_instalment SET date_due = %s WHERE plan_id IN %s AND number = 1",
            [date_due, tuple(plans.ids)],
        )
        self.env.invalidate_all()
        cron = type(self.env["ir.cron"])
        progress = []

        def follow_up(killed_after=9):
            def commit_progress(_self, processed=0, *, remaining=None, **_more):
                progress.append((processed, remaining))
                if len(progress) > killed_after:
                    raise KeyboardInterrupt
                return 0  # the job's time is over

            progress.clear()
            with (
                patch.object(monitor, "BATCH_SIZE", 2),
                patch.object(cron, "_commit_progress", commit_progress),
            ):
                self.env["recovery.plan"]._cron_monitor()

        with suppress(KeyboardInterrupt):
            follow_up(killed_after=1)
        self.assertEqual(progress, [(0, 5), (2, None)])
        self.assertEqual(plans.mapped("state").count("late"), 2)
        for _run in range(2):  # nothing happens twice
            follow_up()
            self.assertEqual(progress, [(0, 5), (2, None), (2, None), (1, None)])
            self.assertEqual(plans.mapped("state"), ["late"] * 5)
            self.assertEqual([len(plan.activity_ids) for plan in plans], [1] * 5)

    def test_a_plan_that_fails_does_not_stop_the_others(self):
        """A cure deadline beyond the calendar: one plan cannot fall in default, the two others do."""
        plans = self.active_plans(3, date_start="2020-01-31")
        bad = plans[1]
        self.env.cr.execute("UPDATE recovery_plan SET cure_days = 9999999 WHERE id = %s", [bad.id])
        self.env.invalidate_all()
        for _day in range(2):  # what was asked once is not asked again
            with self.assertLogs(ir_cron.__name__, "WARNING") as logs, self.enter_registry_test_mode():
                self.env.ref("payment_plan_recovery.cron_plan_monitor").sudo().method_direct_trigger()
            plans.invalidate_recordset()
            self.assertEqual(plans.mapped("state"), ["in_default", "active", "in_default"])
            self.assertIn(f"recovery.plan({bad.id},)", logs.output[0])
            self.assertIn("1 of 3 failed", logs.output[-1])
            asked = bad.activity_ids
            self.assertEqual(asked.mapped("summary"), ["The scheduled job could not deal with this"])
            self.assertEqual(asked.user_id, bad.user_id)

    def test_the_scheduled_action(self):
        plan = self.active_plans(1, date_start="2020-01-31")
        with self.enter_registry_test_mode():
            self.env.ref("payment_plan_recovery.cron_plan_monitor").sudo().method_direct_trigger()
        plan.invalidate_recordset()
        self.assertEqual(plan.state, "in_default")
