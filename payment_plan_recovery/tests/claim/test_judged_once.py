"""The reasons of all claims are judged once by a transaction that only reads, and anew by one that writes."""

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from ..common.two_transactions import TwoTransactions


@tagged("post_install", "-at_install")
class TestJudgedOnce(TwoTransactions):
    def commit_story(self, env):
        """Whatever the database holds is judged."""

    def judged(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["recovery.claim"]._verdicts(env["recovery.claim"]._judging_run(env.company))

    def test_once_while_nothing_is_written(self):
        with self.registry.cursor() as cr:
            first, before = self.judged(cr), cr.sql_log_count
            self.assertIs(self.judged(cr), first)
            self.assertLess(cr.sql_log_count - before, 12, "what a page asks to find out that it is judged")

    def test_anew_once_something_is_written(self):
        with self.registry.cursor() as cr:
            first = self.judged(cr)
            cr.execute("SELECT pg_current_xact_id()")  # what the first write asks for
            self.assertIsNot(self.judged(cr), first)
            cr.rollback()

    def test_anew_by_the_next_transaction(self):
        with self.registry.cursor() as cr:
            first = self.judged(cr)
            cr.rollback()
            self.assertIsNot(self.judged(cr), first)
