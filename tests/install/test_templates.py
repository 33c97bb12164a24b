"""The databases that the tests' databases are copied from."""

import psycopg2
import pytest

from dev import template


def test_nobody_can_be_inside_while_it_is_copied():
    """PostgreSQL copies no database that somebody is connected to, and parts of the suite run side by side."""
    with pytest.raises(psycopg2.OperationalError, match="not currently accepting connections"):
        psycopg2.connect(dbname=template.addon())


def test_a_copy_is_open_and_gone_afterwards():
    with template.copied(template.addon(), "copied") as name:
        psycopg2.connect(dbname=name).close()
    assert not template.exists(name)
