"""The life of the addon in one database, told by Odoo's own command line."""

import configparser
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dev import template
from dev.paths import ODOO_RC, ROOT

HERE = Path(__file__).resolve().parent

#: Odoo's own bookkeeping of what changed when; the addon's visit may show there.
CLOCKS = {"write_date", "write_uid"}
LEDGER = ("account_move", "account_move_line", "account_journal", "res_partner", "res_company", "res_users")


def addons_path(*more, ours=ROOT):
    """Return the folders Odoo's addons are looked for in, ``ours`` in place of this checkout's, and ``more``."""
    settings = configparser.ConfigParser()
    settings.read(ODOO_RC)
    folders = map(Path, settings["options"]["addons_path"].split(","))
    return [ours if folder == ROOT else folder for folder in folders] + list(more)


class Database:
    """One database that is only spoken to from outside, as an administrator would."""

    def __init__(self, name):
        self.name = name
        self.logs = {}

    def odoo(self, step, *words, script=None, addons=None):
        """Run Odoo's command line, over the folders ``addons`` when given; keep its log under ``step``."""
        path = [f"--addons-path={','.join(map(str, addons))}"] if addons else []
        command = [sys.executable, "-m", "odoo", *path, *words]
        done = subprocess.run(
            [*command, "--database", self.name],
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        self.logs[step] = done.stderr
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, statement, *values):
        with closing(psycopg2.connect(dbname=self.name)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def schema(self):
        """Every column, constraint and index, as one set of lines."""
        columns = self.query(
            """SELECT 'column', table_name || '.' || column_name,
                      concat_ws(' ', data_type, is_nullable, column_default)
                 FROM information_schema.columns WHERE table_schema = 'public'"""
        )
        constraints = self.query(
            """SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
                 FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
                  -- Odoo declares it from both of its sides, each with another ON DELETE: the last one set up stands.
                  AND conname <> 'rule_group_rel_group_id_fkey'"""
        )
        indexes = self.query(
            "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
        rest = self.query(
            """SELECT 'relation', relname, relkind::text FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')"""
        )
        return {" ".join(line) for line in columns + constraints + indexes + rest}

    def ledger(self):
        """A fingerprint of every row of Odoo's own tables that the addon touches."""
        return {table: self._fingerprint(table) for table in LEDGER}

    def _fingerprint(self, table):
        columns = self.query(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", table
        )
        kept = ", ".join(f'"{name}"' for (name,) in columns if name not in CLOCKS)
        return self.query(f"SELECT id, md5(ROW({kept})::text) FROM {table} ORDER BY id")  # noqa: S608

    def registered(self):
        """Names of Odoo's own records of models, fields, views, menus, jobs and settings."""
        return {
            table: {name for (name,) in self.query(statement)}
            for table, statement in {
                "ir_model": "SELECT model FROM ir_model",
                "ir_model_fields": "SELECT model || '.' || name FROM ir_model_fields",
                "ir_model_fields_selection": """SELECT f.model || '.' || f.name || '=' || s.value
                    FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id""",
                "ir_model_constraint": "SELECT name FROM ir_model_constraint",
                "ir_model_relation": "SELECT name FROM ir_model_relation",
                "ir_model_access": "SELECT name FROM ir_model_access",
                "ir_attachment": "SELECT res_model FROM ir_attachment WHERE res_model IS NOT NULL",
                "mail_message": "SELECT model FROM mail_message WHERE model IS NOT NULL",
                "mail_activity": "SELECT res_model FROM mail_activity WHERE res_model IS NOT NULL",
                "ir_rule": "SELECT name FROM ir_rule",
                "ir_ui_view": "SELECT name FROM ir_ui_view",
                "ir_ui_menu": "SELECT name->>'en_US' FROM ir_ui_menu",
                "ir_actions": "SELECT type || ' ' || (name->>'en_US') FROM ir_actions",
                "ir_cron": "SELECT cron_name FROM ir_cron",
                "ir_sequence": "SELECT name FROM ir_sequence",
                "ir_config_parameter": "SELECT key FROM ir_config_parameter",
                "ir_asset": "SELECT path FROM ir_asset",
                "ir_default": "SELECT json_value FROM ir_default",
                "report_paperformat": "SELECT name FROM report_paperformat",
                "mail_template": "SELECT name->>'en_US' FROM mail_template",
                "mail_message_subtype": "SELECT name->>'en_US' FROM mail_message_subtype",
                "mail_activity_type": "SELECT name->>'en_US' FROM mail_activity_type",
                "res_groups": "SELECT name->>'en_US' FROM res_groups",
                "res_groups_privilege": "SELECT name->>'en_US' FROM res_groups_privilege",
                # What our models inherit from mail.thread is registered in mail's name, and stays
                # until mail is upgraded; that is so for every addon.
                "ir_model_data": "SELECT name FROM ir_model_data WHERE module = 'payment_plan_recovery'",
            }.items()
        }


@pytest.fixture(scope="session")
def life():
    """The database after its whole story, with what was seen on the way."""
    name = f"{template.PREFIX}_test_install_{os.getpid()}"
    template.clone(template.base(), name)
    try:
        yield _lived(Database(name))
    finally:
        template.drop(name)


def _lived(database):
    addon, once = template.ADDON, ("--stop-after-init", "--no-http", "--log-level=info")
    shell = ("shell", "--no-http", "--log-level=warn")
    database.odoo("ledger", *shell, script=(HERE / "post_ledger.py").read_text())
    database.before = database.schema(), database.registered(), database.ledger()
    database.odoo("install", "server", "--init", addon, *once)
    database.installed = database.schema(), database.registered(), database.ledger()
    database.odoo("upgrade", "server", "--update", addon, *once)
    database.upgraded = database.schema(), database.registered(), database.ledger()
    database.used = database.odoo("use", *shell, script=(HERE / "use_addon.py").read_text())
    database.bound = database.ledger()
    database.odoo("uninstall", "module", "uninstall", addon)
    database.after = database.schema(), database.registered(), database.ledger()
    return database
