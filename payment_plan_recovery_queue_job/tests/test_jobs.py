"""The scheduled work as jobs: what is put in line, and that it is looked at again when its turn comes."""

from datetime import date

import psycopg2
from freezegun import freeze_time
from odoo.addons.payment_plan_recovery.models.common.guarded_fields import as_action
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import identity_exact
from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.tests import tagged
from odoo.tools import mute_logger

#: Jobs that fail for another transaction are tried again by the queue.
CONFLICT = psycopg2.errors.SerializationFailure("could not serialize access")
MONITOR = {"model": "recovery.plan", "method": "monitor"}
#: Scheduled jobs and what they put in line: model, method, channel.
LOOPS = {
    "cron_dunning_daily": ("recovery.dunning.daily", "_run_company", "runs"),
    "cron_charge_renew": ("recovery.charge", "_renew_today", "charges"),
    "cron_forecast": ("recovery.forecast.line", "_keep_today", "insight"),
    "cron_kpi_snapshot": ("recovery.kpi.snapshot", "_keep_tonight", "insight"),
    "cron_worklist": ("recovery.worklist", "_refresh", "insight"),
    "cron_limitation_renew": ("recovery.limitation", "_renew_today", "cases"),
    "cron_segment": ("recovery.segment", "_renew", "credit"),
    "cron_incentive": ("recovery.incentive", "_propose_tonight", "credit"),
    "cron_sales_digest": ("recovery.sales.digest", "_send", "insight"),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestJobs(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"recovery_daily_run": "confirm", "recovery_sales_digest": True, "recovery_retention": True}
        )
        cls.system = cls.env(su=True)
        cls.dispatch = cls.system["recovery.dispatch"]

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("base.group_system")

    def cron(self, name):
        """Run a scheduled job's code, and return the jobs it put in line."""
        job = self.system.ref(f"payment_plan_recovery.{name}")
        with trap_jobs() as trap:
            job.ir_actions_server_id.with_context(active_model=job.model_id.model).run()
        return trap

    def perform(self, *what, **more):
        return self.dispatch.with_context(job_uuid="a test's")._perform(*what, **more)

    def queued_notices(self, debtor=None):
        debtor = debtor or self.debtor
        debtor.email = "martin@example.com"
        self.invoice(300, partner_id=debtor.id)
        run = self.env["recovery.dunning.run"].create({"date": "2026-03-02", "company_id": self.company.id})
        run.action_propose()
        run.action_confirm()
        run.notice_ids.filtered(lambda notice: notice.state == "draft").action_approve()
        self.assertEqual(set(run.notice_ids.mapped("state")), {"queued"})
        return run.notice_ids

    def test_what_each_company_wants_is_a_job_of_its_own(self):
        for name, (model, method, channel) in LOOPS.items():
            with self.subTest(name):
                trap = self.cron(name)
                work = {"model": model, "method": method, "of": "res.company", "each": True}
                trap.assert_enqueued_job(
                    self.dispatch._perform,
                    args=(work, self.company.ids, {"date": date(2026, 3, 2)}),
                    kwargs={},
                    properties={
                        "channel": f"root.recovery.{channel}",
                        "description": f"{model}.{method}",
                        "identity_key": identity_exact,
                        "max_retries": 30,
                    },
                )

    def test_the_channels_are_declared(self):
        declared = self.system["queue.job.channel"].search([("complete_name", "like", "root.recovery.")])
        used = {channel for *_what, channel in LOOPS.values()} | {"sending", "letters", "plans"}
        self.assertEqual(set(declared.mapped("name")), used)

    def test_plans_and_promises_go_by_parts(self):
        plan = self.active_plan(self.invoice(300))
        trap = self.cron("cron_plan_monitor")
        [job] = [job for job in trap.enqueued_jobs if plan.id in job.args[1]]
        self.assertEqual(job.args[0]["method"], "monitor")
        self.perform(*job.args)
        self.assertEqual(plan.state, "in_default")
        self.perform(*job.args)
        self.assertEqual(plan.state, "in_default")

    def test_a_check_that_is_due_is_prepared_once(self):
        check = self.env["recovery.solvency.check"].create(
            {"partner_id": self.debtor.id, "company_id": self.company.id, "date": "2025-03-10"}
        )
        check.action_compute()
        as_action(check.sudo()).write({"state": "approved", "date_until": "2026-03-10"})
        trap = self.cron("cron_solvency_check")
        [job] = [job for job in trap.enqueued_jobs if self.debtor.id in job.args[1]]
        work, ids, told = job.args
        self.assertEqual((work["method"], work["of"]), ("_prepare_still_due", "res.partner"))
        self.assertEqual(told, {"company_id": self.company.id, "date": date(2026, 3, 2), "origin": "renewal"})
        self.assertEqual(job.channel, "root.recovery.credit")
        for _time in range(2):
            self.perform(work, ids, told)
            self.assertEqual(len(self.debtor.recovery_check_ids), 2)

    def test_what_is_held_meanwhile_is_not_forgotten(self):
        contacts = self.env["recovery.contact"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "outcome": "Said she was ill",
                    "date": "2015-01-05",
                }
                for partner in (self.debtor, self.debtor.copy({"name": "Another"}))
            ]
        )
        trap = self.cron("cron_retention")
        [job] = [job for job in trap.enqueued_jobs if set(contacts.ids) <= set(job.args[1])]
        self.assertEqual((job.args[0]["method"], job.args[0]["of"]), ("_apply_due", "recovery.contact"))
        self.assertEqual(job.channel, "root.recovery")
        self.invoice(300)  # something is going on again
        self.perform(*job.args)
        self.assertEqual(contacts.exists(), contacts[0])

    def test_a_dispute_that_falls_open_again_is_not_closed(self):
        move = self.invoice(300)
        dispute = self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "move_line_ids": self.item(move).ids,
                "cause": "price",
                "description": "Too dear",
                "date_opened": "2026-01-05",
            }
        )
        self.pay(move, 300)
        trap = self.cron("cron_dispute_settled")
        [job] = [job for job in trap.enqueued_jobs if dispute.id in job.args[1]]
        self.item(move).remove_move_reconcile()
        self.perform(*job.args)
        self.assertEqual(dispute.state, "open")
        self.pay(move, 300)
        self.perform(*job.args)
        self.assertEqual((dispute.state, dispute.outcome), ("closed", "settled"))

    def test_done_twice_a_day_has_one_run(self):
        self.invoice(300)
        work = {"model": "recovery.dunning.daily", "method": "_run_company", "of": "res.company"}
        for _time in range(2):
            self.perform(work, self.company.ids, {"date": date(2026, 3, 2)})
        runs = self.env["recovery.dunning.run"].search(
            [("company_id", "=", self.company.id), ("origin_id", "=", False)]
        )
        self.assertEqual(len(runs), 1)

    def test_a_notice_is_written_by_one_job_and_handed_over_by_another(self):
        notice = self.queued_notices()
        trap = self.cron("ir_cron_send_notices")
        [job] = [job for job in trap.enqueued_jobs if notice.id in job.args[1]]
        self.assertEqual(job.args[0]["method"], "_send_due")
        self.assertEqual(job.channel, "root.recovery.sending")
        with trap_jobs() as trap:
            self.perform(*job.args)
        self.assertTrue(notice.sudo().mail_id)
        trap.assert_enqueued_job(self.dispatch._hand_over, args=(notice.ids,), kwargs={})
        self.assertTrue(trap.enqueued_jobs[0].job_config.allow_commit)

    def test_a_job_tells_the_history_of_its_own_notices_and_what_nobody_told_of_is_a_job(self):
        mine, others = self.queued_notices(), self.queued_notices(self.debtor.copy())
        as_action(mine | others).write({"state": "sent", "date_sent": "2026-03-02 09:00:00"})
        # a job commits what it did; a test takes it back
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_told, **_more: 1.0)
        self.dispatch._hand_over(mine.ids)
        self.assertEqual(set(mine.mapped("logged")), {True})
        self.assertEqual(set(others.mapped("logged")), {False}, "whoever handed them over tells of them")
        trap = self.cron("ir_cron_send_notices")
        trap.assert_enqueued_job(self.dispatch._hand_over, args=(others.ids,), kwargs={})
        self.dispatch._hand_over(others.ids)
        self.assertEqual(set(others.mapped("logged")), {True})
        self.cron("ir_cron_send_notices").assert_jobs_count(0)

    def test_a_notice_that_was_cancelled_meanwhile_is_not_written(self):
        notice = self.queued_notices()
        trap = self.cron("ir_cron_send_notices")
        [job] = [job for job in trap.enqueued_jobs if notice.id in job.args[1]]
        notice.action_cancel()
        with trap_jobs() as trap:
            self.perform(*job.args)
        self.assertEqual((notice.state, bool(notice.sudo().mail_id)), ("cancelled", False))
        trap.assert_jobs_count(0)

    def test_a_record_that_is_gone_is_no_work(self):
        gone = self.plan(self.invoice(10))
        ids = gone.ids
        gone.unlink()
        with self.assertNoLogs("odoo.addons.payment_plan_recovery", "WARNING"):
            self.perform(MONITOR, ids, {"date": date(2026, 3, 2)})

    def test_a_conflict_has_the_job_done_again(self):
        plan = self.active_plan(self.invoice(300))

        def refuse(_self, date):
            raise CONFLICT

        self.patch(self.registry["recovery.plan"], "monitor", refuse)
        with self.assertRaises(RetryableJobError):
            self.perform(MONITOR, plan.ids, {"date": date(2026, 3, 2)})

    def test_one_record_that_fails_stops_no_other_and_is_asked_about(self):
        plans = self.active_plan(self.invoice(300)) | self.active_plan(self.invoice(200))
        monitor = self.registry["recovery.plan"].monitor

        def refuse(records, date):
            if plans[0] in records:
                raise ValueError("Planted")
            return monitor(records, date)

        self.patch(self.registry["recovery.plan"], "monitor", refuse)
        with mute_logger("odoo.addons.payment_plan_recovery.models.common.ir_cron"):
            self.perform(MONITOR, plans.ids, {"date": date(2026, 3, 2)})
        self.assertEqual(plans.mapped("state"), ["active", "in_default"])
        self.assertIn("Planted", "".join(str(note) for note in plans[0].activity_ids.mapped("note")))

    def test_the_same_is_not_done_by_two_at_a_time(self):
        what = [MONITOR, [1], {"date": date(2026, 3, 2)}]
        with self.registry.cursor() as other:
            self.dispatch.with_env(self.env(cr=other))._hold(what)
            with self.registry._db.cursor() as third, self.assertRaises(RetryableJobError) as caught:
                self.dispatch.with_env(self.env(cr=third))._hold(what)
        self.assertTrue(caught.exception.ignore_retry)

    def test_many_dossiers_are_jobs(self):
        case = self.env["recovery.case"].browse(self.invoice(300).action_recovery_case()["res_id"])
        cases = case | case.create({"partner_id": self.debtor.id, "company_id": self.company.id})
        with trap_jobs() as trap:
            cases.action_build_evidence()
        trap.assert_jobs_count(1)
        self.assertEqual(trap.enqueued_jobs[0].channel, "root.recovery.cases")
        case.action_build_evidence()
        self.assertEqual(len(case.dossier_ids), 1)
