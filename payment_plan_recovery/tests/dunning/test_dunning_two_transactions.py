"""Two people confirm the same run at the same time: one makes its notices, the other is told."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
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
        run = env["recovery.dunning.run"].create({"date": today, "policy_ids": [Command.set(policy.ids)]})
        run.action_propose()
        return self.note(run)

    def take_away(self, cr):
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
