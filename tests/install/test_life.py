"""The addon comes, is upgraded, is used, and goes; Odoo's own tables are as they were."""

import re

import pytest

ADDON = "payment_plan_recovery"
WANTED = re.compile(r" (?:WARNING|ERROR|CRITICAL) ")
#: The embedded PostgreSQL has no pg_trgm; Odoo says so once and does without.
EXPECTED = re.compile(r"pg_trgm|unaccent")


@pytest.mark.parametrize("step", ["install", "upgrade", "uninstall"])
def test_odoo_has_nothing_to_complain_about(life, step):
    complaints = [line for line in life.logs[step].splitlines() if WANTED.search(line)]
    assert [line for line in complaints if not EXPECTED.search(line)] == []


def test_installing_adds_and_takes_nothing_away(life):
    assert life.before[0] <= life.installed[0]
    assert "column recovery_plan.state character varying NO" in life.installed[0]
    for table, names in life.before[1].items():
        assert names <= life.installed[1][table], table


def test_installing_leaves_every_ledger_row_alone(life):
    added = {
        table: [row for row in rows if row not in life.before[2][table]]
        for table, rows in life.installed[2].items()
    }
    assert [row for row, _digest in life.before[2]["account_move_line"]] == [
        row for row, _digest in life.installed[2]["account_move_line"]
    ]
    assert added["account_journal"] == []


def test_an_upgrade_without_changes_changes_nothing(life):
    for upgraded, installed in zip(life.upgraded[:2], life.installed[:2], strict=True):
        assert set(upgraded) ^ set(installed) == set()
    assert life.upgraded == life.installed


def test_the_addon_is_in_use(life):
    """A plan in force that holds its items, and a notice."""
    assert life.used.strip() == "active [True, True] 1"


def test_uninstalling_leaves_no_schema_behind(life):
    assert life.after[0] ^ life.before[0] == set()


def test_uninstalling_leaves_no_record_behind(life):
    for table, names in life.after[1].items():
        assert names == life.before[1][table], table


def test_uninstalling_gives_the_ledger_back_as_it_was(life):
    assert life.bound["account_move_line"] != life.before[2]["account_move_line"]
    assert life.after[2] == life.before[2]
