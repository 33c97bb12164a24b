"""What debtors read in French is set as French is: no line ends before a colon or within its quotation marks."""

import re
from pathlib import Path

import polib
import pytest

ADDON = Path(__file__).resolve().parents[2] / "payment_plan_recovery"
#: An ordinary blank where French has one that no line breaks at.
PARTED = re.compile(r"\S (?=[:;?!»])|« ")
#: What nobody reads: tags, and what a template computes.
UNREAD = re.compile(r"<[^>]*>|\{\{.*?\}\}")
#: Words of messages, of clauses and of mails.
WORDS = (
    *("model:recovery.message,subject:", "model:recovery.message,sms:", "model_terms:recovery.clause,body:"),
    *(f"model_terms:recovery.message,{part}:" for part in ("body", "letter", "closing")),
    *("model:mail.template,subject:", "model_terms:mail.template,body_html:"),
)
#: Pages and papers.
TEMPLATE = "model_terms:ir.ui.view,arch_db:"


def parted(words):
    """Return where a line may end in ``words`` as none does in French."""
    return [found.group() for found in PARTED.finditer(UNREAD.sub("", words))]


@pytest.fixture(scope="module")
def templates():
    """The names of all templates, which no window of the client is."""
    sources = "".join(path.read_text(encoding="utf-8") for path in ADDON.rglob("*.xml"))
    return {f"{ADDON.name}.{name}" for name in re.findall(r'<template\s[^>]*?\bid="([\w.]+)"', sources)}


def test_a_line_ends_nowhere_else():
    """What is found, and what is not."""
    assert parted("Objet : 3 ; « oui »\u00a0?") == ["t ", "3 ", "« ", "i "]
    assert not parted('<b style="a : b">Objet\u00a0: «\u00a0oui\u202f»</b> {{ a : b }} 12:30 ...')


def test_what_debtors_read_is_set_as_french(templates):
    """Every sentence of messages, clauses, mails, pages and papers."""
    wrong = []
    for entry in polib.pofile(str(ADDON / "i18n" / "fr.po"), encoding="utf-8"):
        places = [place for place, _line in entry.occurrences]
        read = [
            place for place in places if place.startswith(WORDS) or place.removeprefix(TEMPLATE) in templates
        ]
        if read and parted(entry.msgstr):
            wrong.append(f"{read[0]}: {entry.msgstr}")
    assert not wrong, "\n".join(wrong)
