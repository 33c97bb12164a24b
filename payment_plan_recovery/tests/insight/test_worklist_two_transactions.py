"""Somebody works on the list while the night, or another who opens it, brings it up to date."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..claim.test_promise_two_transactions import ItemsAtOnce


@tagged("post_install", "-at_install")
class TestWorklistTwoTransactions(ItemsAtOnce):
    def commit_story(self, env):
        """A broken promise of a debtor, on the list of its creditor."""
        super().commit_story(env)
        self.today = env.company._recovery_today()
        env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM recovery_worklist")
        [self.last_id] = env.cr.fetchone()
        days = {number: self.today - timedelta(days=number) for number in (2, 5, 10, 30)}
        env["account.move.line"].browse(self.item_ids)._write({"date_maturity": days[30]})
        promise = env["recovery.promise"].create(
            {
                "partner_id": self.debtor_id,
                "amount": 600,
                "date_given": days[10],
                "date_promised": days[5],
            }
        )
        promise.write({"state": "broken", "date_judged": days[2]})
        self.promise_id = promise.id
        self.refresh(env)

    def take_away(self, cr):
        cr.execute(
            "DELETE FROM recovery_worklist WHERE partner_id = %s OR id > %s", [self.debtor_id, self.last_id]
        )
        super().take_away(cr)

    def refresh(self, env):
        """As the night does it: what another was in the way of is done again."""
        worklist = env["recovery.worklist"]
        error = env["ir.cron"]._recovery_error(
            env.company, lambda company: worklist._refresh(company, self.today)
        )
        self.assertIsNone(error)

    def row(self, env):
        return env["recovery.worklist"].search([("partner_id", "=", self.debtor_id)])

    def settle(self, env):
        """Nothing waits any more."""
        env["recovery.promise"].browse(self.promise_id).write({"state": "cancelled"})
        self.refresh(env)

    def outdate(self):
        """Let the row say what is so no more: the night writes it."""
        env = self.transaction()
        self.row(env).write(
            {"value": 1, "state": "open", "is_taken": False, "user_id": False, "snoozed_until": False}
        )
        env.cr.commit()

    def test_what_is_taken_or_done_meanwhile_stays_so_after_the_night(self):
        until = self.today + timedelta(days=3)

        def done(env):
            self.row(env).action_done()

        def take(env):
            self.row(env).action_take()

        def snooze(env):
            self.row(env).snooze(until, "Will pay on Friday")

        for act, state, taken, day in (
            (done, "done", True, False),
            (take, "open", True, False),
            (snooze, "snoozed", False, until),
        ):
            for first, second in ((act, self.refresh), (self.refresh, act)):
                with self.subTest(first=first.__name__, second=second.__name__):
                    self.outdate()
                    self.assertIsNone(self.at_the_same_time(first, second))
                    [row] = self.row(self.transaction())
                    self.assertEqual((row.state, row.is_taken, row.snoozed_until), (state, taken, day))
                    self.assertGreater(row.value, 1, "the night did its part")

    def test_snoozed_until_the_very_night(self):
        """Who lets it wait longer while the night puts it back on the list: what he said stands."""
        row = self.row(env := self.transaction())
        row.write({"state": "snoozed", "snoozed_until": self.today, "snooze_reason": "Until today"})
        env.cr.commit()
        until = self.today + timedelta(days=9)
        self.assertIsNone(
            self.at_the_same_time(
                self.refresh, lambda env: self.row(env).snooze(until, "Ill, back next week")
            )
        )
        [row] = self.row(self.transaction())
        self.assertEqual((row.state, row.snoozed_until), ("snoozed", until))

    def test_what_left_the_list_in_the_night_is_told(self):
        row_id = self.row(self.transaction()).id
        error = self.at_the_same_time(
            self.settle, lambda env: env["recovery.worklist"].browse(row_id).action_take()
        )
        self.assertIsInstance(error, UserError)
        self.assertIn("they left the list", str(error))

    def test_two_who_open_the_list_at_once_both_see_it(self):
        self.outdate()
        self.assertIsNone(self.at_the_same_time(self.refresh, self.refresh))
        self.assertGreater(self.row(self.transaction()).value, 1)

    def test_who_takes_second_knows_from_whom(self):
        env = self.transaction()
        admin = env.ref("base.user_admin")

        def take(user):
            def work(env):
                answers.append(self.row(env).with_user(user).action_take())

            return work

        answers = []
        self.assertIsNone(self.at_the_same_time(take(admin.id), take(env.uid)))
        self.assertIsNone(answers[0])
        self.assertIn(admin.name, answers[-1]["params"]["message"])
