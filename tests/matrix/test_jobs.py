"""Every scheduled job of the addon, with one record that the database refuses to write.

The jobs come from the registry: one without a line in ``FAULTS`` fails. The sister company's record is dealt with
all the same, the bad one is named in the log, and somebody is asked about it once.
"""

import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from freezegun import freeze_time
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from world import World

ADDON = "payment_plan_recovery"
ADDON_LOGGER = f"odoo.addons.{ADDON}"
TODAY = date(2026, 3, 16)


class Fault(NamedTuple):
    """What a job writes, where the database refuses it for one company, and how to tell that it was done."""

    table: str
    #: Model and domain of what is there once the job has dealt with a company.
    model: str
    done: list


FAULTS = {
    "ir_cron_send_notices": Fault("recovery_notice", "recovery.notice", [("mail_id", "!=", False)]),
    "cron_plan_monitor": Fault("recovery_plan", "recovery.plan", [("state", "=", "in_default")]),
    "cron_plan_statements": Fault("recovery_plan", "recovery.plan", [("date_statement", "=", TODAY)]),
    "cron_dunning_daily": Fault("recovery_dunning_run", "recovery.dunning.run", [("automatic", "=", True)]),
    "cron_promise_judge": Fault("recovery_promise", "recovery.promise", [("state", "=", "broken")]),
    "cron_forecast": Fault("recovery_forecast_line", "recovery.forecast.line", [("date", "=", TODAY)]),
    "cron_worklist": Fault("recovery_worklist", "recovery.worklist", []),
    "cron_solvency_check": Fault(
        "recovery_solvency_check", "recovery.solvency.check", [("origin", "=", "renewal")]
    ),
    "cron_charge_renew": Fault("recovery_charge", "recovery.charge", [("date_until", "=", TODAY)]),
    "cron_case_follow": Fault("recovery_case", "recovery.case", [("stage", "=", "closed")]),
    "cron_limitation_renew": Fault("recovery_limitation", "recovery.limitation", []),
}


@tagged("post_install", "-at_install")
class TestJobs(World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.company + cls.sister
        cls.env["res.company"].search([("id", "not in", companies.ids)]).recovery_daily_run = "off"
        companies.write({"recovery_daily_run": "confirm", "recovery_mail_statements": True})
        cls.companies = companies
        cls.act = cls.env(su=True, context={**cls.env.context, "allowed_company_ids": companies.ids})
        with freeze_time(f"{TODAY} 09:00:00"):
            for company in companies:
                cls.make_due(company)
        cls.env.flush_all()

    @classmethod
    def make_due(cls, company):
        """Give every job something to do in ``company`` on TODAY."""
        own = [("company_id", "=", company.id)]
        with freeze_time("2026-01-20 10:00:00"):
            plan = cls.act["recovery.plan"].search(own, limit=1)
            plan.action_propose()
            plan.action_accept(signed_by="Anne Martin", date=date(2026, 1, 20))
            plan.action_activate()
        cls.act["recovery.notice"].search([*own, ("state", "=", "queued")]).next_attempt = TODAY
        cls.act["recovery.promise"].search(own).write({"date_promised": "2026-03-03"})
        check = cls.act["recovery.solvency.check"].search(own, limit=1)
        cls.act.cr.execute(
            "UPDATE recovery_solvency_check SET state = 'approved', date_until = %s WHERE id = %s",
            [TODAY, check.id],
        )
        case = cls.act["recovery.case"].search(own, limit=1)
        cls.receive_all(case)
        for model in ("recovery.forecast.line", "recovery.worklist", "recovery.limitation"):
            cls.act[model].search(own).unlink()

    @classmethod
    def receive_all(cls, case):
        """The debtor pays what the case is about."""
        items = case.line_ids.move_line_id
        cls.act["account.payment.register"].with_context(
            active_model="account.move.line", active_ids=items.ids
        ).create({"payment_date": "2026-03-05"}).action_create_payments()

    def plant(self, table, company):
        """Let the database refuse to write rows of ``company``: what no code can foresee."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.company_id = %(company)s THEN
                        RAISE EXCEPTION 'planted';
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER planted BEFORE INSERT OR UPDATE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse();
                """,
                company=company.id,
                table=SQL.identifier(table),
            )
        )

    def run_job(self, name):
        with freeze_time(f"{TODAY} 10:00:00"), self.enter_registry_test_mode(), mute_logger("odoo.sql_db"):
            self.env.ref(f"{ADDON}.{name}").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def asked(self):
        """What people are asked about the planted failure."""
        return self.env["mail.activity"].search([("note", "like", "planted")])

    def test_every_job_is_tried(self):
        jobs = self.env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", "ir.cron")])
        self.assertEqual(set(jobs.mapped("name")), set(FAULTS))

    def done(self, fault):
        """Companies that the job has dealt with."""
        return self.env[fault.model].sudo().search(fault.done).company_id & self.companies

    def check_job(self, name, fault):
        """One bad record stops nobody, and is asked about once; without it all is done and nobody is asked."""
        with self.subTest("bad record"), self.undone():
            self.plant(fault.table, self.company)
            with self.assertLogs(ADDON_LOGGER, "ERROR") as logs:
                self.run_job(name)
            self.assertEqual(self.done(fault), self.sister, "the sister's is done, and it alone")
            self.assertIn("planted", "".join(logs.output))
            asked = self.asked()
            self.assertEqual(len(asked), 1, f"asked once: {asked.mapped('summary')}")
            self.assertTrue(asked.user_id.active)
            with mute_logger(ADDON_LOGGER):
                self.run_job(name)
            self.assertEqual(len(self.asked()), 1, "what was asked is not asked again")
        self.run_job(name)
        self.assertEqual(self.done(fault), self.companies)
        self.assertFalse(self.asked())

    def test_archived_sequences_are_asked_about_and_stop_nothing_else(self):
        sequences = self.env["ir.sequence"].search([("code", "like", "recovery.")])
        sequences.active = False
        for name in FAULTS:
            with mute_logger(ADDON_LOGGER):
                self.run_job(name)
        asked = self.env["mail.activity"].search([("note", "like", "Take the archived one")])
        for code in ("recovery.notice", "recovery.solvency.check"):
            self.assertTrue(asked.filtered(lambda one, code=code: code in one.note), code)
        self.assertEqual(self.done(FAULTS["cron_charge_renew"]), self.companies)
        sequences.active = True
        self.run_job("cron_solvency_check")
        self.assertEqual(self.done(FAULTS["cron_solvency_check"]), self.companies)

    @contextmanager
    def undone(self):
        """Undo what is done inside."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            self.env.invalidate_all()
            savepoint.close(rollback=True)
            self.env.invalidate_all()


def _add_tests():
    for name, fault in FAULTS.items():

        def test(self, name=name, fault=fault):
            self.check_job(name, fault)

        setattr(TestJobs, f"test_{name}", test)


_add_tests()
