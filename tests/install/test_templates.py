"""The databases that the tests' databases are copied from."""

import fcntl
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import Database

from dev import template
from dev.paths import ROOT, RUN
from dev.sweep import sweep


def test_nobody_can_be_inside_while_it_is_copied():
    """PostgreSQL copies no database that somebody is connected to, and parts of the suite run side by side."""
    with pytest.raises(psycopg2.OperationalError, match="not currently accepting connections"):
        psycopg2.connect(dbname=template.addon())


def test_a_copy_is_open_and_gone_afterwards():
    with template.copied(template.addon(), "copied") as name:
        psycopg2.connect(dbname=name).close()
    assert not template.exists(name)


def test_what_is_there_is_found_while_another_is_made():
    name = template.addon()
    with (RUN / "template.lock").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        ask = [sys.executable, "-c", "from dev import template; print(template.addon())"]
        asked = subprocess.run(ask, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert asked.stdout.strip() == name


def test_no_rows_are_counted_while_tests_run():
    """They are not committed: the server would find none, and read whole tables for each row of another."""
    counted = """SELECT relname FROM pg_class
                  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                    AND NOT COALESCE('autovacuum_enabled=off' = ANY(reloptions), FALSE)"""
    with template.copied(template.tested(template.addon), "counted") as name:
        assert Database(name).query(counted) == []


def test_what_tests_took_back_is_swept_and_nothing_else_is_noted():
    """Rows that are gone are looked at by no index any more; how many there are is believed as before."""
    noted = "SELECT reltuples, relpages FROM pg_class WHERE relname = 'res_partner'"
    left, looked_up = "SELECT pg_relation_size('res_partner')", "SELECT pg_indexes_size('res_partner')"
    with template.copied(template.tested(template.addon), "swept") as name:
        database = Database(name)
        before, [(indexes,)] = (database.query(noted), database.query(left)), database.query(looked_up)
        with closing(psycopg2.connect(dbname=name)) as connection, connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO res_partner (name, type, autopost_bills)
                   SELECT number, 'contact', 'ask' FROM generate_series(1, 20000) number"""
            )
            connection.rollback()
        assert database.query(left) > before[1]
        assert database.query(looked_up)[0][0] > indexes
        sweep(name)
        assert (database.query(noted), database.query(left)) == before
        assert database.query(looked_up)[0][0] <= indexes
