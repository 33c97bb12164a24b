"""Two real transactions on the same committed data: what a test of what happens between them needs."""

import threading
import time
from contextlib import ExitStack, suppress
from unittest.mock import patch

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

#: Seconds in which a transaction comes to where it has to wait, on a machine that does much else.
PATIENCE = 60


class TwoTransactions(BaseCase):
    """Real transactions on committed data, taken away afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.created = []
        with self.registry.cursor() as cr:
            self.rows_before = self.last_rows(cr)
        self.addCleanup(self.check_nothing_stays)
        self.addCleanup(self.clean_up)
        with self.registry.cursor() as cr:
            self.commit_story(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}))

    def commit_story(self, env):
        """Make what the transactions work on; what is to be taken away afterwards is noted."""
        raise NotImplementedError

    def note(self, records):
        """Have ``records`` taken away after the test, what was noted last first; return them."""
        self.created.append((records._table, tuple(records.ids)))
        return records

    def note_survivor(self, env, name):
        """Return a contact for debtors to be merged into: noted first, as what they owe goes before it does."""
        survivor = env["res.partner"].create(
            {"name": name, "email": "survivor@example.com", "is_company": True}
        )
        self.created.insert(0, (survivor._table, tuple(survivor.ids)))
        return survivor

    def make_accounts(self, env, suffix):
        """Return an account of receivables and one of income, noted."""
        return self.note(
            env["account.account"].create(
                [
                    {"name": "Owed", "code": f"411{suffix}", "account_type": "asset_receivable"},
                    {"name": "Sold", "code": f"700{suffix}", "account_type": "income"},
                ]
            )
        )

    def make_sale_journal(self, env, code, income):
        """Return a journal of invoices that are booked on ``income``, noted with its mail alias."""
        journal = self.note(
            env["account.journal"].create(
                {"name": code, "code": code, "type": "sale", "default_account_id": income.id}
            )
        )
        self.created.insert(0, ("mail_alias", tuple(journal.alias_id.ids)))  # goes after its journal
        return journal

    def clean_up(self):
        with self.registry.cursor() as cr:
            # Straight in the database: what was posted and agreed cannot be deleted otherwise.
            self.take_away(cr)
            self.sweep(cr)
        self.registry.clear_cache()

    def last_rows(self, cr):
        """Return {table: the highest id in it}, of all tables in which tests leave rows."""
        cr.execute(
            """
            SELECT table_name
              FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = 'public' AND column_name = 'id' AND table_type = 'BASE TABLE'
               AND data_type = 'integer' AND table_name NOT LIKE 'orm_signaling%'
            """
        )
        highest = [
            SQL("SELECT %s, (SELECT MAX(id) FROM %s)", name, SQL.identifier(name))
            for (name,) in cr.fetchall()
        ]
        cr.execute(SQL(" UNION ALL ").join(highest))
        return {name: last or 0 for name, last in cr.fetchall()}

    def newer_rows(self, cr):
        """Return the tables in which something is since the test began."""
        return [name for name, last in self.last_rows(cr).items() if last > self.rows_before.get(name, 0)]

    def sweep(self, cr):
        """Delete what came along with what was noted: messages, activities, mails, what the jobs are told."""
        left, found = None, self.newer_rows(cr)
        while found and found != left:  # what is named by another row goes after it
            for name in found:
                with suppress(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), cr.savepoint(flush=False):
                    cr.execute(
                        SQL(
                            "DELETE FROM %s WHERE id > %s",
                            SQL.identifier(name),
                            self.rows_before.get(name, 0),
                        )
                    )
            left, found = found, self.newer_rows(cr)

    def check_nothing_stays(self):
        """Other tests read the same database: of one that commits there is nothing in it afterwards."""
        with self.registry.cursor() as cr:
            self.assertEqual(self.newer_rows(cr), [])

    def take_away(self, cr):
        """Delete what was noted."""
        for table, ids in reversed(self.created):
            cr.execute(SQL("DELETE FROM %s WHERE id IN %s", SQL.identifier(table), ids))

    def transaction(self):
        """Open a transaction, its snapshot taken; return its environment. It ends, rolled back, with the test."""
        stack = ExitStack()
        self.addCleanup(stack.close)
        cr = stack.enter_context(self.registry.cursor())
        cr.execute("SELECT 1")  # takes the snapshot
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def at_the_same_time(self, first, second):
        """Commit ``first(env)``, then do ``second(env)`` in a transaction begun before, as the server does.

        It goes on from what was there when it began, and is tried again where the database refuses that; return
        what it raises then, or None.
        """
        one, other = self.transaction(), self.transaction()
        first(one)
        one.cr.commit()
        with mute_logger("odoo.sql_db", "odoo.service.model"), patch("time.sleep"):
            try:
                retrying(lambda: second(other), other)
            except Exception as error:
                return error
        return None

    def waiting(self, work):
        """Run ``work`` in a thread, which has to wait; return the thread and where its error will be."""
        errors = []

        def run():
            try:
                work()
            except Exception as error:
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        end = time.monotonic() + PATIENCE
        while thread.is_alive() and not self.is_waited() and time.monotonic() < end:
            thread.join(0.02)
        self.assertTrue(
            self.is_waited() and thread.is_alive(), "the second has to wait until the first is decided"
        )
        return thread, errors

    def is_waited(self):
        """Whether a transaction waits for another one's end."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = CURRENT_DATABASE() AND wait_event_type = 'Lock'"
            )
            return bool(cr.fetchone())
