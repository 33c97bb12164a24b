"""Rows that another transaction keeps, or changed meanwhile, of a world that was never committed."""

from contextlib import closing, contextmanager
from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tools import SQL

from ...models.common import ir_cron
from ...models.notice import mail_turns

#: What the other transaction keeps, and milliseconds after which somebody who waits for it is said to hang.
KEPT_LOCK, HANGS = 190599, 8_000


@contextmanager
def kept_rows(env, table, condition):
    """Let a transaction of its own keep the rows of ``table`` for which ``condition`` holds of NEW: one that hangs.

    It could not see the rows of a test, so that whoever writes them waits for a lock that it holds; jobs do not wait
    long.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION pg_temp.wait() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF %(condition)s THEN
                    PERFORM pg_advisory_xact_lock_shared(%(lock)s);
                END IF;
                RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER kept BEFORE INSERT OR UPDATE ON %(table)s
            FOR EACH ROW EXECUTE FUNCTION pg_temp.wait();
            SET LOCAL statement_timeout = %(hangs)s;
            """,
            condition=condition,
            lock=KEPT_LOCK,
            table=SQL.identifier(table),
            hangs=HANGS,
        )
    )
    with closing(db_connect(env.cr.dbname).cursor()) as other:
        other.execute(SQL("SELECT pg_advisory_xact_lock(%s)", KEPT_LOCK))
        with patch.object(ir_cron, "PATIENCE", 50), patch.object(mail_turns, "PATIENCE", 50):
            yield


def changed_rows(env, table, condition):
    """Let another transaction have changed the rows of ``table`` for which ``condition`` holds of NEW.

    Whoever writes them first is refused, as the database does it; who begins anew sees what the other one did.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            CREATE TEMP SEQUENCE meanwhile;
            CREATE FUNCTION pg_temp.refuse_once() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                -- what a sequence gave stays given when the rest is rolled back
                IF %(condition)s AND nextval('pg_temp.meanwhile') = 1 THEN
                    RAISE EXCEPTION 'could not serialize access' USING ERRCODE = 'serialization_failure';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER changed BEFORE INSERT OR UPDATE ON %(table)s
            FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse_once();
            """,
            condition=condition,
            table=SQL.identifier(table),
        )
    )
