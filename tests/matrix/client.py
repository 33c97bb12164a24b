"""A client of each role: what it sends arrives as a request's call does, and what it changed is counted and undone."""

from contextlib import contextmanager

import psycopg2
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tools import mute_logger

QUIET = ("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
#: PostgreSQL's own tables have lower numbers.
FIRST_OF_OURS = 16384
#: Names of context that a client may try, besides defaults.
FORGED = {"recovery_acting": True, "_force_unlink": True, "su": True, "active_test": False}


class Client:
    """Mixed into a test case with a world: see ``World``."""

    def setUp(self):
        super().setUp()
        self.failed = []
        self.addCleanup(lambda: self.assertFalse(self.failed, "\n".join(self.failed)))

    @contextmanager
    def case(self, *what):
        """One of many cases: when it fails, the others are tried all the same."""
        try:
            yield
        except AssertionError as error:
            self.failed.append(f"{' '.join(map(str, what))}: {str(error)[:300]}")

    def ask(self, role, model, method, *arguments, context=None, **named):
        """Call as a client of ``role`` would, and undo it.

        :return: ("done" | "refused" | "told:<error>", whether rows changed)
        """
        env = self.env(user=self.users[role])
        named["context"] = {"allowed_company_ids": self.company.ids, **(context or {})}
        self.env.flush_all()
        before = self.rows_changed()
        outcome, changed = "done", False
        with mute_logger(*QUIET):
            try:
                with self.env.cr.savepoint() as savepoint:
                    try:
                        self.result = call_kw(env[model], method, list(arguments), named)
                        env.flush_all()
                        changed = self.rows_changed() != before
                    finally:
                        savepoint.rollback()
            except AccessError:
                outcome = "refused"
            except (UserError, ValueError, TypeError, KeyError, psycopg2.IntegrityError) as error:
                outcome = f"told:{type(error).__name__}"
        self.env.invalidate_all()
        return outcome, changed and outcome == "done"

    def rows_changed(self):
        """Rows written in this transaction so far, whichever table.

        As ``pg_stat_xact_user_tables`` tells it, which also counts for each table what was read through its indexes.
        """
        self.env.cr.execute(
            """SELECT SUM(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                          + pg_stat_get_xact_tuples_deleted(oid))
                 FROM pg_class WHERE relkind IN ('r', 'm', 'p') AND oid >= %s
                  AND relname NOT IN ('ir_logging', 'res_users_log')""",
            [FIRST_OF_OURS],
        )
        return self.env.cr.fetchone()[0]

    def assert_refused(self, role, model, method, *arguments, **named):
        """A client of ``role`` gets an error, and nothing changes."""
        outcome, changed = self.ask(role, model, method, *arguments, **named)
        self.assertFalse(changed, f"{role} changed {model} by {method}{arguments}")
        self.assertNotEqual(outcome, "done", f"{role} got through {model}.{method}{arguments}")

    def sample_value(self, field):
        """Some value that ``field`` could take, none of them what it has."""
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        if field.type in ("one2many", "many2many"):
            return [Command.clear()]
        return {
            "char": "Invented",
            "text": "Invented",
            "html": "Invented",
            "boolean": True,
            "integer": 7,
            "float": 7.5,
            "monetary": 7.5,
            "many2one": 1,
            "binary": "Zm9yZ2Vk",
            "date": "2020-02-02",
            "datetime": "2020-02-02 02:02:02",
            "many2one_reference": 1,
            "json": [["invented", "2020-02-02", "2020-02-03"]],
        }[field.type]
