"""Two documents that together pass the limit give credit at the same time: one goes through."""

import threading
from contextlib import ExitStack

import psycopg2
from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

#: Seconds after which a transaction that should wait is taken to wait.
PATIENCE = 1.5


class TwoTransactions(BaseCase):
    """Real transactions on committed data, taken away afterwards."""

    model = "account.move"
    done = "posted"

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.created = []
        self.addCleanup(self.clean_up)
        self.document_ids = self.commit_two_drafts()

    def transaction(self):
        """Open a transaction and return its environment; it ends, rolled back, with the test."""
        stack = ExitStack()
        self.addCleanup(stack.close)
        return api.Environment(stack.enter_context(self.registry.cursor()), SUPERUSER_ID, {})

    def commit_two_drafts(self):
        """Two drafts of 600 for a debtor with a limit of 1,000 that blocks."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            receivable, income = self.note(
                env["account.account"].create(
                    [
                        {"name": "Owed", "code": "411GAT", "account_type": "asset_receivable"},
                        {"name": "Sold", "code": "700GAT", "account_type": "income"},
                    ]
                )
            )
            journal = self.note(
                env["account.journal"].create(
                    {"name": "Gate", "code": "GATE", "type": "sale", "default_account_id": income.id}
                )
            )
            self.created.insert(0, ("mail_alias", tuple(journal.alias_id.ids)))  # goes after its journal
            risk_class = self.note(env["recovery.risk.class"].create({"code": "GATE", "name": "Gate"}))
            self.note(
                env["recovery.credit.rule"].create(
                    {"action": "block", "class_ids": [Command.link(risk_class.id)]}
                )
            )
            debtor = self.note(
                env["res.partner"].create(
                    {
                        "name": "Two invoices",
                        "is_company": True,
                        "property_account_receivable_id": receivable.id,
                        "recovery_risk_class": risk_class.id,
                        "credit_limit": 1000,
                    }
                )
            )
            return self.note(self.two_documents(env, debtor, journal)).ids

    def two_documents(self, env, debtor, journal):
        """Two drafts of 600 for ``debtor``, noted with all they need."""
        invoice = {
            "move_type": "out_invoice",
            "journal_id": journal.id,
            "partner_id": debtor.id,
            "invoice_date": "2026-03-01",
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 600, "tax_ids": []})],
        }
        return env["account.move"].create([invoice, dict(invoice)])

    def give_credit(self, document):
        document.action_post()

    def note(self, records):
        self.created.append((records._table, tuple(records.ids)))
        return records

    def clean_up(self):
        with self.registry.cursor() as cr:
            # Straight in the database: what was posted cannot be deleted otherwise.
            for table, ids in reversed(self.created):
                cr.execute(SQL("DELETE FROM %s WHERE id IN %s", SQL.identifier(table), ids))
        self.registry.clear_cache()

    def documents(self):
        """The two documents, each in a transaction of its own whose snapshot is taken."""
        for document_id in self.document_ids:
            document = self.transaction()[self.model].browse(document_id)
            self.assertEqual(document.state, "draft")
            yield document

    def started(self, work):
        """Run ``work`` in a thread; return the thread and where its error will be."""
        errors = []

        def run():
            try:
                work()
            except Exception as error:
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        return thread, errors

    def test_the_second_one_waits_and_is_refused(self):
        first, second = self.documents()
        self.give_credit(first)
        with mute_logger("odoo.sql_db"):
            thread, errors = self.started(lambda: self.give_credit(second))
            thread.join(PATIENCE)
            self.assertTrue(thread.is_alive(), "the second has to wait until the first is decided")
            first.env.cr.commit()
            thread.join()
        self.assertEqual([type(error) for error in errors], [psycopg2.errors.SerializationFailure])
        # Tried again, as the server does, the one that came second is told why.
        again = self.transaction()[self.model].browse(self.document_ids[1])
        with self.assertRaises(UserError) as refused:
            self.give_credit(again)
        self.assertIn("no more credit", str(refused.exception))

    def test_a_stale_snapshot_is_out_of_date_rather_than_believed(self):
        first, second = self.documents()
        self.give_credit(first)
        first.env.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
            self.give_credit(second)

    def test_the_second_one_passes_when_the_first_gives_up(self):
        first, second = self.documents()
        self.give_credit(first)
        thread, errors = self.started(lambda: (self.give_credit(second), second.env.cr.commit()))
        thread.join(PATIENCE)
        self.assertTrue(thread.is_alive())
        first.env.cr.rollback()
        thread.join()
        self.assertEqual(errors, [])
        self.assertEqual(self.transaction()[self.model].browse(self.document_ids[1]).state, self.done)
