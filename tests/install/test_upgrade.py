"""A database of the addon as it was before its files lay in rooms is upgraded: nothing is lost, no id changes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import Database, addons_path
from kept import ADDON, Kept
from test_life import EXPECTED, WANTED

from dev import template
from dev.paths import ROOT

HERE = Path(__file__).resolve().parent
#: The last commit before the rooms.
OLD = "01cb13f"
#: External ids that do not come along, and why.
GONE = {
    "constraint_recovery_dunning_level_waits_after_notice": "triggers are classes now: Python checks the delay",
    **dict.fromkeys(
        (
            "res_config_settings_view_form_charge",
            "res_config_settings_view_form_plan",
            "res_config_settings_view_form_sending",
            "res_config_settings_view_form_solvency",
            "view_dunning_level_form_charge",
            "view_dunning_level_form_sending",
            "view_partner_form_contact",
            "view_partner_form_withheld",
            "view_plan_form_charge",
            "view_plan_form_message",
        ),
        "views that inherited a view of ours, folded into it",
    ),
}
#: Record rules of the addon: whom they hold for, what for, and whose records they are about.
RULES = """
    SELECT known.name, model.model, rule.active, rule.perm_read, rule.perm_write, rule.perm_create, rule.perm_unlink,
           REGEXP_REPLACE(rule.domain_force, '\\s+', '', 'g'),
           ARRAY(SELECT named.module || '.' || named.name
                   FROM rule_group_rel held
                   JOIN ir_model_data named ON named.model = 'res.groups' AND named.res_id = held.group_id
                  WHERE held.rule_group_id = rule.id ORDER BY 1)
      FROM ir_rule rule
      JOIN ir_model_data known ON known.model = 'ir.rule' AND known.res_id = rule.id
      JOIN ir_model model ON model.id = rule.model_id
     WHERE known.module = %s
     ORDER BY known.name
"""
#: Holds for these are ended and go on as cases; what asked to review them is done.
BECOME_CASES = {"mediation", "litigation"}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The database after its upgrade, with what was seen before and after."""
    old = tmp_path_factory.mktemp("old")
    unpack(old)
    database = Database(f"{template.PREFIX}_test_upgrade_{os.getpid()}")
    template.clone(template.base(), database.name)
    try:
        yield _upgraded(database, addons_path(ours=old))
    finally:
        template.drop(database.name)


def unpack(folder):
    """Lay the addon as it was into ``folder``."""
    command = ["git", "archive", OLD, ADDON]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        pytest.fail(
            f"The upgrade starts from commit {OLD}, which is not here. Fetch the history: git fetch --unshallow",
            pytrace=False,
        )
    subprocess.run(["tar", "--extract", "--directory", folder], input=packed.stdout, check=True)


def _upgraded(database, old):
    once = ("--stop-after-init", "--no-http", "--log-level=info")
    shell = ("shell", "--no-http", "--log-level=warn")

    def script(*names):
        return "env.invalidate_all()\n".join((HERE / name).read_text() for name in names)

    database.odoo("install", "server", "--init", ADDON, *once, addons=old)
    told = database.odoo("fill", *shell, script=script("fill_old.py", "tell_claims.py"), addons=old)
    database.claims = [claims_of(told)]
    database.old = Kept(database.name)
    database.odoo("upgrade", "server", "--update", ADDON, *once)
    database.new = Kept(database.name)
    database.used = database.odoo("use", *shell, script=script("tell_claims.py", "use_upgraded.py"))
    database.claims.append(claims_of(database.used))
    return database


def claims_of(told):
    """The line of what was told that has every claim."""
    [line] = [line for line in told.splitlines() if line.startswith("claims: ")]
    return line


def test_odoo_has_nothing_to_complain_about_an_upgrade(upgraded):
    complaints = [line for line in upgraded.logs["upgrade"].splitlines() if WANTED.search(line)]
    assert [line for line in complaints if not EXPECTED.search(line)] == []


def test_an_upgrade_starts_from_a_filled_database(upgraded):
    """Otherwise nothing could be lost."""
    empty = {table for table, rows in upgraded.old.rows.items() if not rows}
    kept = {
        "plan",
        "plan_item",
        "plan_instalment",
        "plan_option",
        "plan_policy",
        "hold",
        "promise",
        "contact",
    }
    kept |= {
        "notice",
        "notice_line",
        "dunning_run",
        "dunning_run_line",
        "charge",
        "solvency_check",
        "withheld",
    }
    kept |= {"capacity", "guarantee"}
    assert not {f"recovery_{name}" for name in kept} & empty
    plans = {row["state"] for row in upgraded.old.rows["recovery_plan"].values()}
    assert plans == {"draft", "proposed", "accepted", "active", "cancelled"}
    holds = {row["kind"] for row in upgraded.old.rows["recovery_hold"].values()}
    assert holds == {"dispute", "manual", "negotiation", "promise", *BECOME_CASES}


def test_an_upgrade_keeps_every_table_and_column(upgraded):
    for table, rows in upgraded.old.rows.items():
        columns = set().union(*rows.values())
        assert columns <= set().union(*upgraded.new.rows[table].values()), table


def test_an_upgrade_keeps_every_row_as_it_was(upgraded):
    changed = [
        (table, key, name, value, upgraded.new.rows[table].get(key, {}).get(name))
        for table, rows in upgraded.old.rows.items()
        for key, row in rows.items()
        for name, value in row.items()
        if (table, key) not in upgraded.old.shipped
        and upgraded.new.rows[table].get(key, {}).get(name, "lost") != value
        and not _becomes_case(upgraded.old, table, row, name)
        # Shipped rules learn in which order part payments count.
        and (table, name) != ("recovery_interest_rule", "allocation")
        and not _is_to_verify(upgraded.new.rows[table].get(key, {}), table, name)
        and not _can_be_translated_now(value, upgraded.new.rows[table].get(key, {}).get(name))
    ]
    assert changed == []


def _is_to_verify(new, table, name):
    """Whether a shipped rule learnt more than was compared with its source: it says so, and not when it was."""
    return (table, name) == ("recovery_interest_rule", "checked_on") and new.get("to_verify") == "true"


def _can_be_translated_now(value, new):
    """Whether the same words are kept by language, as the source they are translated from."""
    return str(new).startswith('{"en_US": ') and json.loads(new)["en_US"] == value


def _becomes_case(old, table, row, name):
    """Whether a value changed because a hold goes on as a case."""
    if table == "recovery_hold":
        return row["kind"] in BECOME_CASES and name == "date_until"
    holds = old.rows["recovery_hold"]
    about_hold = table == "mail_activity" and int(row["id"]) in old.hold_reviews
    return about_hold and holds[old.hold_reviews[int(row["id"])]]["kind"] in BECOME_CASES


def test_an_upgrade_keeps_every_shipped_record(upgraded):
    lost = {
        (table, key) for table, key in upgraded.old.shipped if key in upgraded.old.rows.get(table, {})
    } - {(table, key) for table, rows in upgraded.new.rows.items() for key in rows}
    assert lost == set()


def test_an_upgrade_keeps_every_external_id(upgraded):
    new = upgraded.new.external_ids
    changed = {name for name, record in upgraded.old.external_ids.items() if new.get(name, record) != record}
    gone = upgraded.old.external_ids.keys() - new.keys()
    assert changed == set()
    assert {name for name in gone if not _is_computed_now(name, new)} == set(GONE)


def _is_computed_now(name, external_ids):
    """Whether ``name`` was a value of a selection that is computed now: Odoo lists none of its values."""
    field = re.match(r"selection__\w+?__\w+?__", name)
    return field and not any(other.startswith(field.group()) for other in external_ids)


def test_an_upgrade_brings_the_record_rules_up_to_date(upgraded):
    """They are not overwritten (noupdate): what changed since has its step of the migration, or is not in force."""
    here = {name: rule for name, *rule in upgraded.query(RULES, ADDON)}
    with template.copied(template.addon(), "rules") as name:
        fresh = {name: rule for name, *rule in Database(name).query(RULES, ADDON)}
    assert {name: here.get(name) for name in fresh} == fresh
    assert here.keys() == fresh.keys()


def test_an_upgrade_keeps_the_ids_of_models_and_fields(upgraded):
    for kind in ("models", "fields"):
        old, new = getattr(upgraded.old, kind), getattr(upgraded.new, kind)
        assert {name: new.get(name) for name in old} == old


def test_an_upgrade_judges_every_claim_as_before(upgraded):
    before, after = upgraded.claims
    assert {"on_hold", "previous_not_sent", "not_due"} <= set(re.findall(r'"(\w+)"', before))
    assert after == before


def test_after_an_upgrade_the_work_goes_on(upgraded):
    assert "unknown values: []" in upgraded.used
    assert "discounts: [('cancelled', True)]" in upgraded.used
    assert "confirmed: confirmed 1" in upgraded.used
    assert "judged: {'in_plan': 2, 'not_due': 4, 'on_hold': 7, 'previous_not_sent': 13}" in upgraded.used
    assert "cases: ['litigation', 'mediation']" in upgraded.used
