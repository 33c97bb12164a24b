"""Two documents that together pass the limit give credit at the same time: one goes through."""

import psycopg2
from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common.two_transactions import TwoTransactions


class CreditGate(TwoTransactions):
    """What gives credit, one document by each transaction."""

    model = "account.move"
    done = "posted"

    def commit_story(self, env):
        """Two drafts of 600 for a debtor with a limit of 1,000 that blocks."""
        receivable, income = self.make_accounts(env, "GAT")
        journal = self.make_sale_journal(env, "GATE", income)
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
        self.document_ids = self.note(self.two_documents(env, debtor, journal)).ids

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

    def documents(self):
        """The two documents, each in a transaction of its own."""
        for document_id in self.document_ids:
            document = self.transaction()[self.model].browse(document_id)
            self.assertEqual(document.state, "draft")
            yield document

    def test_the_second_one_waits_and_is_refused(self):
        first, second = self.documents()
        self.give_credit(first)
        with mute_logger("odoo.sql_db"):
            thread, errors = self.waiting(lambda: self.give_credit(second))
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
        thread, errors = self.waiting(lambda: (self.give_credit(second), second.env.cr.commit()))
        first.env.cr.rollback()
        thread.join()
        self.assertEqual(errors, [])
        self.assertEqual(self.transaction()[self.model].browse(self.document_ids[1]).state, self.done)
