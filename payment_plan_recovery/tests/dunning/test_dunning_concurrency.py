"""Two at once, twice in a row, and how many queries it takes."""

from contextlib import closing

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ...models.dunning.run import LOCK_KEY
from .dunning_common import DunningCommon

DUE5 = {"trigger": "due_date", "delay_days": 5}


@tagged("post_install", "-at_install")
class TestDunningConcurrency(DunningCommon):
    def setUp(self):
        super().setUp()
        self.policy = self.make_policy(DUE5)

    def test_second_run_of_the_company_is_told_at_once(self):
        run = self.make_run(5)
        run.action_propose()
        with closing(self.registry.cursor()) as other:
            other.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_KEY, self.company.id])
            self.assertEqual(other.fetchone(), (False,), "The first run holds the lock of its company")
            other.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_KEY, self.company.id + 1])
            self.assertEqual(other.fetchone(), (True,), "Another company is free")

    def test_run_is_refused_while_another_one_works(self):
        with closing(self.registry.cursor()) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_KEY, self.company.id])
            with self.assertRaisesRegex(UserError, "Another dunning run of Creditor is at work"):
                self.make_run(5).action_propose()
        self.make_run(5).action_propose()

    def test_lock_is_taken_through_the_run(self):
        with closing(self.registry.cursor()) as other:
            run = api.Environment(other, SUPERUSER_ID, {})["recovery.dunning.run"].new(
                {"company_id": self.env.ref("base.main_company").id}
            )
            run._lock()
            mine = self.env["recovery.dunning.run"].new({"company_id": self.env.ref("base.main_company").id})
            with self.assertRaises(UserError):
                mine._lock()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_level_twice(self):
        self.invoice(self.make_debtor())
        run = self.run_on(5)
        line = run.notice_ids.line_ids
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            line.copy()
            self.env.flush_all()
        line.is_live = False
        line.flush_recordset()
        line.copy({"is_live": True})
        self.env.flush_all()

    def test_two_proposals_of_a_date_make_one_notice(self):
        self.invoice(self.make_debtor())
        first, second = self.make_run(5), self.make_run(5)
        first.action_propose()
        second.action_propose()
        first.action_confirm()
        second.action_confirm()
        self.assertEqual((first.notice_count, second.notice_count), (1, 0))
        self.assertIn("left out", "".join(second.message_ids.mapped("body")))

    def test_queries_do_not_grow_with_the_ledger(self):
        counts = []
        for debtors in (2, 20):
            for _number in range(debtors):
                debtor = self.make_debtor()
                self.invoice(debtor)
                self.invoice(debtor)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run = self.make_run(5)
            run.action_propose()
            run.action_confirm()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(run.notice_ids), debtors)
            self.assertEqual(len(run.notice_ids.line_ids), 2 * debtors)
        self.assertLessEqual(counts[1], counts[0] + 2, f"{counts} queries for 2 and 20 debtors")

    def test_explain_takes_few_queries(self):
        debtor = self.make_debtor()
        moves = self.invoice(debtor) + self.invoice(debtor)
        run = self.make_run(5)
        run.explain(self.item(moves[0]))
        # whether money lies open is asked apart: without any, the query that lays it is not planned
        with self.assertQueryCount(7):
            reasons = run.explain(self.item(moves))
        self.assertEqual(set(reasons.values()), {"selected"})
