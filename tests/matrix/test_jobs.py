"""Every scheduled job of the addon, with one record that the database refuses to write, or another transaction keeps.

The jobs come from the registry: one without a line in ``FAULTS`` fails. The sister company's record is dealt with
all the same, the bad one is named in the log, and somebody is asked about it once.
"""

import sys
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent))

from due import TODAY, DueWorld
from faults import FAULTS
from freezegun import freeze_time
from odoo.addons.payment_plan_recovery.tests.common.kept_rows import changed_rows, kept_rows
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

ADDON = "payment_plan_recovery"
ADDON_LOGGER = f"odoo.addons.{ADDON}"
#: Times that a job tells of its progress before it is said never to come to an end.
MOST_CALLS = 60
#: Jobs that make what they keep anew.
RENEWED = {"cron_forecast", "cron_judgement"}


@tagged("post_install", "-at_install")
class TestJobs(DueWorld):
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

    @contextmanager
    def no_time(self):
        """Let the time of each job be over as soon as it has dealt with anything."""
        original, calls = type(self.env["ir.cron"])._commit_progress, []

        def over(cron, *done, **told):
            calls.append(done)
            if len(calls) > MOST_CALLS:
                raise AssertionError("begins anew without end")
            original(cron, *done, **told)
            return 0

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", over):
            yield

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
        with self.subTest("kept record"), self.undone():
            self.check_kept(name, fault)
        with self.subTest("no time"), self.undone(), self.no_time():
            self.run_job(name)  # which calls it again while it says that something is left
            self.assertEqual(self.done(fault), self.companies, "the next call goes on where this one stopped")
        with self.subTest("changed record"), self.undone():
            self.check_changed(name, fault)
        self.run_job(name)
        self.assertEqual(self.done(fault), self.companies)
        self.assertFalse(self.asked())

    def check_changed(self, name, fault):
        """What another transaction changed meanwhile is done anew in the same run, and nobody is asked about it."""
        before = self.env["mail.activity"].search([("summary", "like", "scheduled job could not")])
        changed_rows(self.env, fault.table, SQL("NEW.company_id = %s", self.company.id))
        with mute_logger(ADDON_LOGGER):
            self.run_job(name)
        self.env.cr.execute("SELECT last_value, is_called FROM pg_temp.meanwhile")
        [(last, was_asked)] = self.env.cr.fetchall()
        self.assertTrue(was_asked and last > 1, "it was refused, and written anew")
        self.assertEqual(self.done(fault), self.companies)
        self.assertEqual(
            self.env["mail.activity"].search([("summary", "like", "scheduled job could not")]), before
        )

    def check_kept(self, name, fault):
        """What another transaction keeps stops nothing else, though the job has no time; the next run comes to it."""
        asked = [("note", "like", "Another transaction kept what is needed")]
        before = self.env["mail.activity"].search(asked)
        own = SQL("NEW.company_id = %s", self.company.id)
        with kept_rows(self.env, fault.table, own), mute_logger(ADDON_LOGGER):
            with self.no_time():
                self.run_job(name)
            self.assertEqual(self.done(fault), self.sister, "the sister's is done, and it alone")
            self.assertEqual(len(self.env["mail.activity"].search(asked) - before), 1, "asked once")
            done = self.env[fault.model].sudo().search(fault.done)
        self.run_job(name)
        self.assertEqual(self.done(fault), self.companies, "the next run comes back to it")
        if name not in RENEWED:
            self.assertLessEqual(
                done, self.env[fault.model].sudo().search(fault.done), "nothing is done anew"
            )

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
