"""An addon of somebody else adds one thing of each kind (docs/extending.md): installed, used, uninstalled."""

import os
import sys
from pathlib import Path

import pypdf
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import Database, addons_path
from test_life import EXPECTED, WANTED

from dev import template
from dev.paths import ROOT

HERE = Path(__file__).resolve().parent
EXAMPLE = "recovery_example"


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The database after the example's whole life, with what was said on the way."""
    database = Database(f"{template.PREFIX}_test_example_{os.getpid()}")
    template.clone(template.addon(), database.name)
    addons = addons_path(ROOT / "tests" / "addons")
    shell = ("shell", "--no-http", "--log-level=warn")
    try:
        database.odoo("install", "server", "--init", EXAMPLE, "--stop-after-init", "--no-http", addons=addons)
        database.folder = tmp_path_factory.mktemp("folder")
        os.environ["FOLDER"] = str(database.folder)
        database.used = database.odoo(
            "use", *shell, script=(HERE / "use_example.py").read_text(), addons=addons
        )
        database.odoo("uninstall", "module", "uninstall", EXAMPLE, addons=addons)
        database.missed = database.odoo("miss", *shell, script=(HERE / "miss_example.py").read_text())
        yield database
    finally:
        template.drop(database.name)


def test_trigger_waits_for_the_end_of_the_month_its_delay_ends_in(example):
    assert "run: 2026-02-27 {'before_court': 1, 'not_due': 2}" in example.used
    assert "run: 2026-02-28 {'before_court': 1, 'selected': 2}" in example.used


def test_reason_is_given_to_the_claim_and_found_by_it(example):
    assert "before a court: Judged" in example.used


def test_channel_lays_the_words_and_the_document_into_the_folder(example):
    assert f"notice: folder sent laid into {example.folder} False" in example.used
    [words] = example.folder.glob("*.html")
    assert words.read_text() == f"<p>See {example.folder}.</p>"
    [printed] = example.folder.glob("*.pdf")
    text = " ".join(pypdf.PdfReader(printed).pages[0].extract_text().split())
    assert "Slip NOT/" in text
    assert "Chased owes 1 items." in text


def test_who_has_no_folder_is_written_to_over_the_next_channel(example):
    assert "other: letter Folder: no folder" in example.used


def test_next_action_stands_on_the_worklist(example):
    assert "worklist: court The debtor's claims are before a court." in example.used


def test_rate_mode_prices_by_the_rate_of_the_day_the_rule_was_checked(example):
    assert "rate: {'11.15'}" in example.used


def test_source_gives_the_value_of_a_criterion(example):
    assert "source: [('Visits', '1')]" in example.used


@pytest.mark.parametrize("step", ["install", "uninstall"])
def test_odoo_has_nothing_to_complain_about_the_example(example, step):
    complaints = [line for line in example.logs[step].splitlines() if WANTED.search(line)]
    assert [line for line in complaints if not EXPECTED.search(line)] == []


def test_what_used_the_example_says_what_is_missing(example):
    assert "run: {'last_level_done': 1, 'policy_error': 1, 'previous_not_sent': 1}" in example.missed
    assert "Its delay counts from “delay_month_end”, which no installed addon knows." in example.missed
    assert "document: No installed addon prints “slip”" in example.missed
    assert "placeholder: No installed addon knows what {folder} stands for" in example.missed
    assert "worklist: recovery.worklist()" in example.missed


def test_after_the_example_claims_are_chased_over_what_is_left(example):
    assert "channels: ['letter']" in example.missed
    assert "kept: folder sent NOT/" in example.missed
    assert "rate: Frozen: the way its rate was found is not installed any more." in example.missed
    assert "source: " in example.missed
    assert "source: False" not in example.missed
