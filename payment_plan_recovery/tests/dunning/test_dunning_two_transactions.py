"""Two people confirm the same run at the same time: one makes its notices, the other is told."""

from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.two_transactions import TwoTransactions


@tagged("post_install", "-at_install")
class TestRunTwoTransactions(TwoTransactions):
    def commit_story(self, env):
        """A debtor with an item of 300 that is late, proposed by a run."""
        today = env.company._recovery_today()
        receivable, income = self.make_accounts(env, "RUN")
        journal = self.make_sale_journal(env, "RUN", income)
        debtor = self.note(
            env["res.partner"].create(
                {
                    "name": "Two runs",
                    "email": "two@example.com",
                    "is_company": True,
                    "property_account_receivable_id": receivable.id,
                }
            )
        )
        self.late_invoice(env, debtor, journal, today)
        run = self.proposal(env, debtor, today)
        self.run_id, self.debtor_id = run.id, debtor.id

    def late_invoice(self, env, debtor, journal, today):
        entry = self.note(
            env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "journal_id": journal.id,
                    "partner_id": debtor.id,
                    "invoice_date": today - timedelta(days=40),
                    "invoice_date_due": today - timedelta(days=10),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 300, "tax_ids": []})],
                }
            )
        )
        entry.action_post()

    def proposal(self, env, debtor, today):
        """A run of a policy for the debtor alone, proposed."""
        level = {
            "name": "Level 1",
            "needs_approval": True,
            "attach_invoices": False,
            "channel_ids": [Command.create({"channel": "email"})],
        }
        policy = self.note(
            env["recovery.dunning.policy"].create(
                {
                    "name": "Two runs",
                    "sequence": -1,
                    "debtor_domain": f"[('id', '=', {debtor.id})]",
                    "level_ids": [Command.create(level)],
                }
            )
        )
        self.note(
            env["recovery.message"].create(
                {
                    "name": "Words",
                    "level_id": policy.level_ids.id,
                    "subject": "Pay",
                    "body": "<p>Pay {total}</p>",
                }
            )
        )
        run = env["recovery.dunning.run"].create({"date": today, "policy_ids": [Command.set(policy.ids)]})
        run.action_propose()
        return self.note(run)

    def take_away(self, cr):
        cr.execute(
            "DELETE FROM mail_message WHERE model = 'recovery.notice'"
            " AND res_id IN (SELECT id FROM recovery_notice WHERE run_id = %s)",
            [self.run_id],
        )
        cr.execute("DELETE FROM recovery_notice WHERE run_id = %s", [self.run_id])
        super().take_away(cr)

    def run_here(self):
        """The run, in a transaction of its own whose snapshot is taken."""
        return self.transaction()["recovery.dunning.run"].browse(self.run_id)

    def notices(self):
        return self.transaction()["recovery.notice"].search_count([("partner_id", "=", self.debtor_id)])

    def confirm_as_the_server_does(self, run):
        with patch("time.sleep"), mute_logger("odoo.sql_db", "odoo.service.model"):
            retrying(run.action_confirm, run.env)

    def test_the_second_is_told_that_a_run_is_at_work(self):
        first, second = self.run_here(), self.run_here()
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "Another dunning run of .* is at work"):
            self.confirm_as_the_server_does(second)
        first.env.cr.commit()
        self.assertEqual(self.notices(), 1)

    def test_the_second_that_has_not_seen_the_first_is_told_that_it_is_finished(self):
        first, second = self.run_here(), self.run_here()
        first.action_confirm()
        first.env.cr.commit()
        with self.assertRaisesRegex(UserError, "is finished and stays as it is"):
            self.confirm_as_the_server_does(second)
        self.assertEqual(self.notices(), 1)

    # The notice it made ------------------------------------------------------------------------

    def confirmed(self):
        """The id of the notice that waits for approval."""
        run = self.run_here()
        run.action_confirm()
        run.env.cr.commit()
        return run.notice_ids.id

    def survivor(self):
        """The id of another contact for the debtor to be merged into."""
        env = self.transaction()
        survivor = self.note_survivor(env, "Survivor")
        env.cr.commit()
        return survivor.id

    def merging(self, survivor):
        return lambda env: env["base.partner.merge.automatic.wizard"]._merge(
            [self.debtor_id, survivor], env["res.partner"].browse(survivor)
        )

    def approving(self, notice):
        return lambda env: env["recovery.notice"].browse(notice).action_approve()

    def notice_here(self, notice):
        return self.transaction()["recovery.notice"].browse(notice)

    def test_a_notice_that_two_approve_is_queued_once(self):
        notice = self.confirmed()
        error = self.at_the_same_time(self.approving(notice), self.approving(notice))
        self.assertIsInstance(error, UserError)
        self.assertIn("Choose notices that are", str(error))
        self.assertEqual(self.notice_here(notice).state, "queued")

    def test_a_notice_that_is_approved_and_withdrawn_at_once_stays_withdrawn(self):
        notice = self.confirmed()
        error = self.at_the_same_time(
            lambda env: env["recovery.notice"].browse(notice).action_cancel(), self.approving(notice)
        )
        self.assertIsInstance(error, UserError)
        self.assertEqual(self.notice_here(notice).state, "cancelled")

    def test_a_letter_that_two_post_left_once_under_the_first_number(self):
        notice = self.confirmed()
        printed = self.notice_here(notice)
        today = printed.company_id._recovery_today()
        printed._bulk_write({"channel": "registered", "state": "to_post", "date": today})
        printed.env.cr.commit()

        def post(number):
            def work(env):
                posting = env["recovery.notice.posting"].create({"notice_ids": [Command.set([notice])]})
                posting.line_ids.tracking_number = number
                posting.action_post()

            return work

        error = self.at_the_same_time(post("1A 111"), post("2B 222"))
        self.assertIsInstance(error, UserError)
        self.assertIn("Choose notices that are: To post", str(error))
        posted = self.notice_here(notice)
        self.assertEqual((posted.state, posted.tracking_number), ("sent", "1A 111"))
        self.assertEqual(str(posted.message_ids.mapped("body")).count("Posted on"), 1)

    def test_a_debtor_that_is_merged_while_its_notice_is_approved_is_written_to_as_the_one_that_stays(self):
        for is_merged_first in (True, False):
            with self.subTest(merged_first=is_merged_first):
                if not is_merged_first:
                    self.take_away_story()
                notice, survivor = self.confirmed(), self.survivor()
                works = [self.merging(survivor), self.approving(notice)]
                self.assertIsNone(self.at_the_same_time(*(works if is_merged_first else reversed(works))))
                kept = self.notice_here(notice)
                self.assertEqual((kept.state, kept.partner_id.id), ("queued", survivor))
                self.assertEqual(kept.line_ids.move_line_id.partner_id.id, survivor)

    def take_away_story(self):
        """Begin anew, with a debtor of its own."""
        with self.registry.cursor() as cr:
            self.take_away(cr)
        self.created.clear()
        with self.registry.cursor() as cr:
            self.commit_story(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    def test_a_debtor_that_is_merged_while_its_mail_is_sent_gets_one_mail(self):
        notice, survivor = self.confirmed(), self.survivor()
        approved = self.notice_here(notice)
        approved.action_approve()
        approved.env.cr.commit()

        def send(env):
            env["recovery.notice"].browse(notice)._send_due("email")

        self.assertIsNone(self.at_the_same_time(send, self.merging(survivor)))
        kept = self.notice_here(notice)
        self.assertEqual((kept.partner_id.id, len(kept.sudo().mail_id)), (survivor, 1))

    def test_a_debtor_that_is_merged_while_a_run_makes_its_notice_has_one(self):
        """Who merges is told to do so again, or it is done; never a notice to a debtor who is no more."""
        survivor = self.survivor()
        confirm = lambda env: env["recovery.dunning.run"].browse(self.run_id).action_confirm()  # noqa: E731
        self.assertIsNone(self.at_the_same_time(confirm, self.merging(survivor)))
        [notice] = self.transaction()["recovery.notice"].search([("run_id", "=", self.run_id)])
        self.assertEqual(notice.partner_id.id, survivor)

    def test_a_run_over_a_debtor_that_was_merged_meanwhile_chases_the_one_that_stays(self):
        survivor = self.survivor()
        confirm = lambda env: env["recovery.dunning.run"].browse(self.run_id).action_confirm()  # noqa: E731
        self.at_the_same_time(self.merging(survivor), confirm)
        notices = self.transaction()["recovery.notice"].search([("run_id", "=", self.run_id)])
        self.assertLessEqual(set(notices.partner_id.ids), {survivor})
