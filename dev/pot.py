"""The translation template as the addon's code has it now, and the translations brought in line with it.

Without a word it rewrites the files of i18n/; with ``check`` it writes nothing and says what is
missing: words the template lacks or has too many, words without a translation.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polib

from dev import template
from dev.paths import ROOT

FOLDER = ROOT / template.ADDON / "i18n"
TEMPLATE = FOLDER / f"{template.ADDON}.pot"
#: Header lines that change with every export and tell nothing.
CLOCKS = ("POT-Creation-Date", "PO-Revision-Date")


def exported():
    """The template that Odoo extracts from the code and from a database with the addon."""
    name = f"{template.PREFIX}_pot_{os.getpid()}"
    template.clone(template.addon(), name)
    try:
        with TemporaryDirectory() as folder:
            written = Path(folder) / "addon.pot"
            words = ["i18n", "export", "--database", name, "--output", written, template.ADDON]
            subprocess.run([sys.executable, "-m", "odoo", *words], check=True, stderr=subprocess.DEVNULL)
            return polib.pofile(written.read_text(encoding="utf-8"), wrapwidth=78)
    finally:
        template.drop(name)


def refresh():
    """Write the template anew and merge it into every translation."""
    pot = exported()
    for clock in CLOCKS:
        pot.metadata.pop(clock, None)
    pot.save(str(TEMPLATE))
    for path in sorted(FOLDER.glob("*.po")):
        translation = polib.pofile(str(path), wrapwidth=78)
        translation.merge(pot)
        for obsolete in translation.obsolete_entries():
            translation.remove(obsolete)
        translation.save()
        sys.stdout.write(f"{path.name}: {len(_missing(translation))} words to translate\n")


def problems():
    """What keeps the files of i18n/ from being complete, a line each."""
    wanted, have = _words(exported()), _words(polib.pofile(str(TEMPLATE)))
    yield from (f"{TEMPLATE.name} lacks: {word}" for word in sorted(wanted - have))
    yield from (f"{TEMPLATE.name} still has: {word}" for word in sorted(have - wanted))
    for path in sorted(FOLDER.glob("*.po")):
        translation = polib.pofile(str(path))
        yield from (f"{path.name} lacks: {word}" for word in sorted(have - _words(translation)))
        yield from (f"{path.name} does not translate: {entry.msgid}" for entry in _missing(translation))


def _words(catalogue):
    return {entry.msgid for entry in catalogue if not entry.obsolete}


def _missing(translation):
    untranslated = [entry for entry in translation.untranslated_entries() if _has_words(entry.msgid)]
    return [*untranslated, *translation.fuzzy_entries()]


def _has_words(text):
    """Whether anything is left to translate beside placeholders and markup."""
    return bool(re.search(r"[^\W\d_]", re.sub(r"\{\w+\}|<[^>]*>", "", text)))


def main(words):
    """Refresh, or check."""
    if words != ["check"]:
        return refresh()
    found = list(problems())
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
