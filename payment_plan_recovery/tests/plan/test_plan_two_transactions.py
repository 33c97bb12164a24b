"""Two collectors put the same invoice in two plans at the same time: the database lets one through."""

import psycopg2
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.two_transactions import TwoTransactions


@tagged("post_install", "-at_install")
class TestPlanTwoTransactions(TwoTransactions):
    def commit_story(self, env):
        """An item of 300 in two plans, both proposed."""
        receivable, income = self.make_accounts(env, "TWO")
        journal = self.note(env["account.journal"].create({"name": "Two", "code": "TWO", "type": "general"}))
        debtor = self.note(env["res.partner"].create({"name": "Two plans", "is_company": True}))
        entry = self.note(
            env["account.move"].create(
                {
                    "journal_id": journal.id,
                    "line_ids": [
                        Command.create({"account_id": receivable.id, "partner_id": debtor.id, "debit": 300}),
                        Command.create({"account_id": income.id, "credit": 300}),
                    ],
                }
            )
        )
        entry.action_post()
        item = entry.line_ids.filtered("debit")
        vals = {"partner_id": debtor.id, "item_ids": [Command.create({"move_line_id": item.id})]}
        plans = self.note(env["recovery.plan"].create([vals, dict(vals)]))
        plans.action_propose()
        self.plan_ids = plans.ids

    def test_one_of_two_activations_goes_through(self):
        first, second = (
            env["recovery.plan"].browse(plan_id)
            for env, plan_id in zip((self.transaction(), self.transaction()), self.plan_ids, strict=True)
        )
        second.action_accept()  # sees the ledger as it was before the first plan came in force
        first.action_accept()
        first.action_activate()
        first.env.cr.commit()
        with self.assertRaises(psycopg2.errors.UniqueViolation) as refused, mute_logger("odoo.sql_db"):
            second.action_activate()
        self.assertEqual(refused.exception.diag.constraint_name, "recovery_plan_item_one_live_plan")
        second.env.cr.rollback()
        # Tried again, as the server does, the one that came second is told why.
        third = self.transaction()["recovery.plan"].browse(self.plan_ids[1])
        with self.assertRaises(UserError) as refused:
            third.action_accept()
        self.assertIn("already in PLAN", str(refused.exception))
