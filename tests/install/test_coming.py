"""Coming from peers with their real code from PyPI, on a ledger with a history that the peer made itself."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import Database, addons_path

from dev import peers, template

HERE = Path(__file__).resolve().parent
PEERS = (
    "odoo-addon-account-credit-control==19.0.1.0.0.13",
    "odoo-addon-account-financial-risk==19.0.1.0.0.6",
)
MODULES = ("account_credit_control", "account_financial_risk")
FOLDER = "coming_peers"


@pytest.fixture(scope="module")
def told():
    """What was said while the peers' ledger was made and brought in."""
    database = Database(f"{template.PREFIX}_test_coming_{os.getpid()}")
    template.clone(template.addon(), database.name)
    addons = addons_path(peers.fetched(FOLDER, *PEERS))
    try:
        database.odoo(
            "install", "server", "--init", ",".join(MODULES), "--stop-after-init", "--no-http", addons=addons
        )
        script = (HERE / "coming_ledger.py").read_text(encoding="utf-8")
        yield database.odoo("come", "shell", "--no-http", "--log-level=warn", script=script, addons=addons)
    finally:
        template.drop(database.name)


def test_policies_levels_and_choices(told):
    assert "COMING credit_control True 3 time policy" in told
    assert "COMING credit_control True No follow | Not to be chased." in told
    assert "POLICY 3 time policy [('due_date', 10), ('month_end', 30), ('previous_notice', 10)]" in told


def test_history_is_kept_as_sent_and_nobody_gets_the_first_level_again(told):
    assert "COMING credit_control True 2 notices about 2 claims" in told
    assert "NOTICE sent 10 days net True" in told
    [reasons] = [line for line in told.splitlines() if line.startswith("REASONS")]
    assert reasons == "REASONS ['not_due', 'not_due', 'not_due']", "at the first level, two would be selected"


def test_who_was_under_the_company_s_policy_goes_on_under_it(told):
    assert "COMING credit_control True Policy “3 time policy” of 1 claim with a history" in told
    assert "COMING credit_control False “3 time policy” for debtors without a policy of their own" in told
    assert "ANYONE 3 time policy False" in told


def test_a_policy_that_cannot_be_here_says_why_and_stops_nothing(told):
    assert "COMING credit_control False Backwards | “10 days net” is the first level" in told
    assert "COMING credit_control False 1 reminder | Its policy or level did not come." in told


def test_it_comes_once(told):
    again = [line for line in told.splitlines() if line.startswith("AGAIN credit_control")]
    assert again
    assert not [line for line in again if " about " in line or "history" in line]
    assert "AGAIN credit_control True 3 time policy | It came before." in told


def test_a_french_manager_reads_it_in_french(told):
    french = [line for line in told.splitlines() if line.startswith("FRENCH credit_control")]
    assert [line for line in french if "2 relances sur 2 créances" in line], french


def test_limits_are_there_and_what_does_not_come_is_said(told):
    assert "COMING financial_risk True 2 credit limits" in told
    assert "COMING financial_risk False risk_invoice_unpaid_limit of 1 debtor" in told


def test_the_peer_keeps_what_it_has(told):
    assert "LEFT 3 peer's lines untouched" in told
