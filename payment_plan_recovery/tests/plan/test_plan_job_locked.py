"""A job beside a transaction that keeps one of its records and does not end."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.common import ir_cron
from .test_plan_two_transactions import PlansAtOnce


@tagged("post_install", "-at_install")
class TestPlanJobLocked(PlansAtOnce):
    covers = ((0,), (1,), (2,))

    def commit_story(self, env):
        super().commit_story(env)
        plans = env["recovery.plan"].browse(self.plan_ids)
        plans.action_accept()
        plans.action_activate()
        first = plans.instalment_ids.sorted("date_due")[0]
        self.day = first.date_due + timedelta(days=first.plan_id.policy_id.tolerance_days + 1)

    def take_away(self, cr):
        cr.execute("DELETE FROM mail_activity WHERE summary LIKE %s", ["%scheduled job could not%"])
        super().take_away(cr)

    def job(self, patience=200):
        """Follow the plans up as the scheduled job does, in a transaction of its own; return its environment."""
        env = self.transaction()
        with patch.object(ir_cron, "PATIENCE", patience), mute_logger(ir_cron.__name__, "odoo.sql_db"):
            env["recovery.dispatch"]._dispatch_all(
                "recovery.plan", "monitor", [(self.plan_ids, {"date": self.day})], 100
            )
        env.cr.commit()
        return env

    def kept(self, table, ids):
        """Let a transaction keep a row, as one that hangs does; return it."""
        other = self.transaction()
        other.cr.execute(
            SQL("SELECT id FROM %s WHERE id IN %s FOR UPDATE", SQL.identifier(table), tuple(ids))
        )
        return other

    def states(self):
        return [self.plan(number).state for number in range(3)]

    def asked(self):
        return self.transaction()["mail.activity"].search(
            [("summary", "like", "scheduled job could not"), ("note", "like", "Another transaction kept")]
        )

    def test_one_plan_that_is_kept_stops_no_other_and_is_asked_about(self):
        other = self.kept("recovery_plan", self.plan_ids[1:2])
        self.job()
        self.assertEqual(self.states(), ["late", "active", "late"])
        asked = self.asked()
        self.assertEqual((asked.res_model, asked.res_id), ("recovery.plan", self.plan_ids[1]))
        self.job()
        self.assertEqual(len(self.asked()), 1, "once, while that is open")
        other.cr.rollback()
        self.job()
        self.assertEqual(self.states(), ["late"] * 3, "the next run comes back to it")

    def test_what_is_let_go_in_time_is_only_waited_for(self):
        other = self.kept("recovery_plan", self.plan_ids[1:2])
        thread, errors = self.waiting(lambda: self.job(patience=60_000))
        other.cr.rollback()
        thread.join()
        self.assertEqual((errors, self.states()), ([], ["late"] * 3))
        self.assertFalse(self.asked())
