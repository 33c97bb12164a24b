"""The demonstration's database: made, recognised, and set to where its servers listen."""

import datetime
import json
from contextlib import closing
from dataclasses import asdict, dataclass

import psycopg2

from dev import template

from . import papers, postbox

#: Database and port when nothing else is asked for.
NAME, PORT = "recovery_demo", 8069
MAIL_SERVER = "Postbox of the demonstration"
#: Parameter by which a database of ours is told from one that is somebody's.
MARK = "payment_plan_recovery.demo"


class Stop(SystemExit):
    """The demonstration cannot go on; one line says why."""

    def __init__(self, line):
        super().__init__(f"demo stopped: {line}")


@dataclass
class Mark:
    """What a database of ours holds."""

    ledger: str
    day: str
    seed: int | None
    addon: str  # fingerprint of the addon's files that the database was last upgraded to

    @property
    def date(self):
        return datetime.date.fromisoformat(self.day)


def mark(name):
    """The mark of database ``name``; None when there is no such database. Stops on somebody else's."""
    if not template.exists(name):
        return None
    rows = _query(name, "SELECT to_regclass('ir_config_parameter') IS NOT NULL") == [(True,)] and _query(
        name, "SELECT value FROM ir_config_parameter WHERE key = %s", MARK
    )
    if not rows:
        raise Stop(f"database {name} was not made by make demo; choose another name with RECOVERY_DB")
    return Mark(**json.loads(rows[0][0]))


def prepare(name, source, fresh):
    """Make database ``name``, or make sure that it holds ``source`` and the addon as it is now."""
    held = mark(name)
    wanted = Mark(source.identity, str(source.date), source.seed, template.addon_fingerprint())
    if not held or fresh:
        _make(name, wanted)
    elif (held.ledger, held.day) != (wanted.ledger, wanted.day):
        raise Stop(
            f"database {name} holds {held.ledger} at {held.day}; "
            "FRESH=1 starts afresh, RECOVERY_DB=name takes another database"
        )
    elif held.addon != wanted.addon:
        template.odoo(name, "--update", template.ADDON)
        _write_mark(name, wanted)


def _make(name, wanted):
    unfinished = f"{template.PREFIX}_making_demo"
    template.clone(template.beside(), unfinished)
    _write_mark(unfinished, wanted)
    template.drop(name)
    template.rename(unfinished, name)
    papers.clear()


def _write_mark(name, wanted):
    _set_parameter(name, MARK, json.dumps(asdict(wanted)))


def known_codes():
    """({currency: decimals}, {country name in English or French: code}) that Odoo knows."""
    with template.copied(template.base(), "codes") as name:
        currencies = _query(name, "SELECT name, decimal_places FROM res_currency")
        countries = _query(
            name, "SELECT translated.value, code FROM res_country, jsonb_each_text(name) AS translated"
        )
    return dict(currencies), dict(countries)


def settle(env, address, mail_port):
    """Tell Odoo where it is reached, for the styles of its reports, and where its mails go."""
    servers = env["ir.mail_server"].sudo()
    if not servers.search([("name", "=", MAIL_SERVER)]):
        servers.create({"name": MAIL_SERVER, "smtp_host": postbox.HOST, "smtp_encryption": "none"})
    env.cr.commit()
    redirect(env.cr.dbname, address, mail_port)
    env.registry.clear_all_caches()


def redirect(name, address, mail_port):
    """The same for a database of ours that no server is running on."""
    _query(name, "UPDATE ir_mail_server SET smtp_port = %s WHERE name = %s", mail_port, MAIL_SERVER)
    for parameter in ("report.url", "web.base.url"):
        _set_parameter(name, parameter, address)


def _set_parameter(name, key, value):
    _query(
        name,
        """INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value""",
        key,
        value,
    )


def _query(name, statement, *values):
    with closing(psycopg2.connect(dbname=name)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
