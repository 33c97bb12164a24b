"""The words of the addon that are to be read in French, looked for where they should not be."""

import re
from functools import cache
from pathlib import Path

import polib

CATALOGUE = Path(__file__).resolve().parents[2] / "payment_plan_recovery" / "i18n" / "fr.po"
#: Words of ours that are French words of Odoo's as well, or names.
ALSO_FRENCH = {"Action", "Actions", "Notes", "Description", "Document", "Documents"}
#: Words of ours, at least, by which a sentence is known that has names and sums of the ledger in it.
SENTENCE = 4


class English:
    """The words of the addon that are to be read in French."""

    def __init__(self):
        told = {
            entry.msgid: entry.msgstr
            for entry in polib.pofile(str(CATALOGUE))
            if entry.msgstr and entry.msgstr != entry.msgid
        }
        french = set(told.values()) | ALSO_FRENCH
        self._whole = {" ".join(words.split()) for words in told if words not in french}
        parts = [re.split(r"%\(\w+\)s|%s|%d", words) for words in self._whole]
        sentences = [
            ".+".join(map(re.escape, fixed)) for fixed in parts if len(" ".join(fixed).split()) >= SENTENCE
        ]
        self._sentence = _any(sentences)
        self._is_english = cache(self._is_english)  # most of a screen's words stood on the one before
        self._told = _any(
            ".+".join(map(re.escape, fixed))
            for fixed in parts
            if len(fixed) > 1 and re.search(r"\b[a-zA-Z]{4,}\b", " ".join(fixed))
        )

    def among(self, words):
        """Return those of ``words`` that are English of ours, or hold a sentence of it."""
        return sorted(filter(self._is_english, set(words)))

    def _is_english(self, words):
        return words in self._whole or self._sentence.search(words) is not None

    def told(self, texts):
        """Return those of ``texts`` that are English of ours: short ones too, of which each is one whole."""
        return sorted({*self.among(texts), *filter(self._told.fullmatch, texts)})


def _any(patterns):
    return re.compile("|".join(f"(?:{one})" for one in sorted(patterns, key=len, reverse=True)), re.DOTALL)
