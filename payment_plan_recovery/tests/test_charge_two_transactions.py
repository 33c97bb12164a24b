"""Two people book the charges of the same invoice at the same time: one bills them, the other finds nothing left."""

import threading
from contextlib import ExitStack

import psycopg2
from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

#: Seconds after which a transaction that should wait is taken to wait.
PATIENCE = 1.5
UNTIL = "2025-09-15"


@tagged("post_install", "-at_install")
class TestChargeTwoTransactions(BaseCase):
    """Real transactions on committed data, taken away afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.created = []
        self.addCleanup(self.clean_up)
        self.late_id = self.commit_a_late_invoice()

    def transaction(self):
        """Open a transaction and return its environment; it ends, rolled back, with the test."""
        stack = ExitStack()
        self.addCleanup(stack.close)
        context = {"tracking_disable": True}
        env = api.Environment(stack.enter_context(self.registry.cursor()), SUPERUSER_ID, context)
        env.cr.execute("SELECT 1")  # takes the snapshot
        return env

    def late(self, env):
        return env["account.move"].browse(self.late_id)

    def commit_a_late_invoice(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            receivable, income = self.note(
                env["account.account"].create(
                    [
                        {"name": "Owed", "code": "411CHA", "account_type": "asset_receivable"},
                        {"name": "Sold", "code": "700CHA", "account_type": "income"},
                    ]
                )
            )
            journal = self.note(
                env["account.journal"].create(
                    {"name": "Late", "code": "LATE", "type": "sale", "default_account_id": income.id}
                )
            )
            self.created.insert(0, ("mail_alias", tuple(journal.alias_id.ids)))  # goes after its journal
            debtor = self.note(
                env["res.partner"].create(
                    {
                        "name": "Billed once",
                        "is_company": True,
                        "country_id": env.ref("base.fr").id,
                        "property_account_receivable_id": receivable.id,
                    }
                )
            )
            self.company_id = env.company.id
            self.journal_before = env.company.recovery_charge_journal_id.id
            env.company.recovery_charge_journal_id = journal
            late = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "journal_id": journal.id,
                    "partner_id": debtor.id,
                    "invoice_date": "2025-03-31",
                    "invoice_date_due": "2025-03-31",
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 1200, "tax_ids": []})],
                }
            )
            late.action_post()
            return late.id

    def note(self, records):
        self.created.append((records._table, tuple(records.ids)))
        return records

    def clean_up(self):
        with self.registry.cursor() as cr:
            # Straight in the database: what was posted and booked cannot be deleted otherwise.
            cr.execute(
                "UPDATE res_company SET recovery_charge_journal_id = %s WHERE id = %s",
                [self.journal_before or None, self.company_id],
            )
            partners = next(ids for table, ids in self.created if table == "res_partner")
            cr.execute("DELETE FROM recovery_charge WHERE partner_id IN %s", [partners])
            cr.execute("DELETE FROM account_move WHERE partner_id IN %s", [partners])
            for table, ids in reversed(self.created):
                cr.execute(SQL("DELETE FROM %s WHERE id IN %s", SQL.identifier(table), ids))
        self.registry.clear_cache()

    def book(self, env):
        self.late(env).action_book_charges(UNTIL)

    def assert_billed_once(self):
        env = self.transaction()
        charges = self.late(env).recovery_charge_ids
        self.assertEqual(sorted(charges.mapped("state")), ["booked", "booked"])
        self.assertEqual(len(charges.invoice_id), 1)
        with self.assertRaises(UserError) as refused:
            self.late(env).action_book_charges(UNTIL)
        self.assertIn("nothing to book", str(refused.exception))

    def test_the_second_one_waits_and_is_refused(self):
        first, second = self.transaction(), self.transaction()
        self.book(first)
        errors = []

        def book_second():
            try:
                self.book(second)
            except psycopg2.Error as error:
                errors.append(error)

        with mute_logger("odoo.sql_db"):
            thread = threading.Thread(target=book_second)
            thread.start()
            self.addCleanup(thread.join)
            thread.join(PATIENCE)
            self.assertTrue(thread.is_alive(), "the second has to wait until the first is decided")
            first.cr.commit()
            thread.join()
        self.assertEqual([type(error) for error in errors], [psycopg2.errors.SerializationFailure])
        self.assert_billed_once()

    def test_a_stale_snapshot_is_refused(self):
        first, second = self.transaction(), self.transaction()
        self.book(first)
        first.cr.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
            self.book(second)
        second.cr.rollback()
        self.assert_billed_once()
