"""Two collectors put the same invoice in two plans at the same time: the database lets one through."""

from contextlib import ExitStack

import psycopg2
from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestTwoTransactions(BaseCase):
    """Real transactions on committed data, taken away afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.created = []
        self.addCleanup(self.clean_up)
        self.plan_ids = self.commit_two_proposed_plans()

    def transaction(self):
        """Open a transaction and return its environment; it ends, rolled back, with the test."""
        stack = ExitStack()
        self.addCleanup(stack.close)
        return api.Environment(stack.enter_context(self.registry.cursor()), SUPERUSER_ID, {})

    def commit_two_proposed_plans(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            receivable, income = self.note(
                env["account.account"].create(
                    [
                        {
                            "name": "Owed",
                            "code": "411TWO",
                            "account_type": "asset_receivable",
                            "reconcile": True,
                        },
                        {"name": "Sold", "code": "700TWO", "account_type": "income"},
                    ]
                )
            )
            journal = self.note(
                env["account.journal"].create({"name": "Two", "code": "TWO", "type": "general"})
            )
            debtor = self.note(env["res.partner"].create({"name": "Two plans", "is_company": True}))
            entry = self.note(
                env["account.move"].create(
                    {
                        "journal_id": journal.id,
                        "line_ids": [
                            Command.create(
                                {"account_id": receivable.id, "partner_id": debtor.id, "debit": 300}
                            ),
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
            return plans.ids

    def note(self, records):
        self.created.append((records._table, tuple(records.ids)))
        return records

    def clean_up(self):
        with self.registry.cursor() as cr:
            # Straight in the database: what was posted and agreed cannot be deleted otherwise.
            for table, ids in reversed(self.created):
                cr.execute(SQL("DELETE FROM %s WHERE id IN %s", SQL.identifier(table), ids))

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
