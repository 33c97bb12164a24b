"""The translation templates as the addons' code has them now, and the translations brought in line with them.

Without a word it rewrites the files of each i18n/; with ``check`` it writes nothing and says what is
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
from lxml.html import fragment_fromstring
from odoo.tools.translate import TRANSLATED_ATTRS

from dev import template
from dev.paths import ROOT

#: Each addon, and the prepared database it is installed in.
ADDONS = {template.ADDON: template.addon, template.SALE_ADDON: template.sale}
#: Header lines that change with every export and tell nothing.
CLOCKS = ("POT-Creation-Date", "PO-Revision-Date")


def exported(addon):
    """The template that Odoo extracts from the code and from a database with the addon."""
    name = f"{template.PREFIX}_pot_{os.getpid()}"
    template.clone(ADDONS[addon](), name)
    try:
        with TemporaryDirectory() as folder:
            written = Path(folder) / "addon.pot"
            words = ["i18n", "export", "--database", name, "--output", written, addon]
            subprocess.run([sys.executable, "-m", "odoo", *words], check=True, stderr=subprocess.DEVNULL)
            return polib.pofile(written.read_text(encoding="utf-8"), wrapwidth=78)
    finally:
        template.drop(name)


def refresh(addon):
    """Write the template anew and merge it into every translation."""
    pot = exported(addon)
    for clock in CLOCKS:
        pot.metadata.pop(clock, None)
    pot.save(str(_template(addon)))
    for path in _translations(addon):
        translation = polib.pofile(str(path), wrapwidth=78)
        translation.merge(pot)
        for obsolete in translation.obsolete_entries():
            translation.remove(obsolete)
        translation.save()
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(_missing(translation))} words to translate\n")


def problems(addon):
    """What keeps the files of i18n/ from being complete, a line each."""
    path = _template(addon)
    wanted, have = _words(exported(addon)), _words(polib.pofile(str(path)))
    yield from (f"{path.name} lacks: {word}" for word in sorted(wanted - have))
    yield from (f"{path.name} still has: {word}" for word in sorted(have - wanted))
    for path in _translations(addon):
        name, translation = path.relative_to(ROOT), polib.pofile(str(path))
        yield from (f"{name} lacks: {word}" for word in sorted(have - _words(translation)))
        yield from (f"{name} does not translate: {entry.msgid}" for entry in _missing(translation))
        yield from (
            f"{name} changes code within: {entry.msgstr}" for entry in translation if _code_changed(entry)
        )


def _template(addon):
    return ROOT / addon / "i18n" / f"{addon}.pot"


def _translations(addon):
    return sorted((ROOT / addon / "i18n").glob("*.po"))


def _words(catalogue):
    return {entry.msgid for entry in catalogue if not entry.obsolete}


def _missing(translation):
    untranslated = [entry for entry in translation.untranslated_entries() if _has_words(entry.msgid)]
    return [*untranslated, *translation.fuzzy_entries()]


def _code_changed(entry):
    """Whether a translation has other conditions, classes or links than the words it translates."""
    return bool(entry.msgstr) and _code(entry.msgid) != _code(entry.msgstr)


def _code(text):
    """Return the attributes in a text that nobody reads."""
    return sorted(
        (node.tag, name, value)
        for node in fragment_fromstring(text, create_parent=True).iter("*")
        for name, value in node.items()
        if name not in TRANSLATED_ATTRS
    )


def _has_words(text):
    """Whether anything is left to translate beside placeholders and markup; a title or a hint is read too."""
    root = fragment_fromstring(re.sub(r"\{\w+\}", "", text), create_parent=True)
    read = [node.get(name, "") for node in root.iter("*") for name in TRANSLATED_ATTRS]
    return bool(re.search(r"[^\W\d_]", " ".join([*root.itertext(), *read])))


def main(words):
    """Refresh, or check."""
    if words != ["check"]:
        for addon in ADDONS:
            refresh(addon)
        return False
    found = [line for addon in ADDONS for line in problems(addon)]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
