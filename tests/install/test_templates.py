"""The databases that the tests' databases are copied from."""

import fcntl
import subprocess
import sys

import psycopg2
import pytest

from dev import template
from dev.paths import ROOT, RUN


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
