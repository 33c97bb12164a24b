"""Two real transactions on the same committed data: what a test of what happens between them needs."""

import threading
import time
from contextlib import ExitStack
from unittest.mock import patch

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
        self.registry.clear_cache()

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
