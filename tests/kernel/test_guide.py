"""The French guide speaks of menus, buttons and columns by the names that they bear on the screen."""

import re
from itertools import pairwise
from pathlib import Path

import polib
import pytest
from lxml import etree

from demo.screens import SCREENS

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "payment_plan_recovery"
GUIDE = (ROOT / "docs" / "fr" / "guide.md").read_text(encoding="utf-8")
ENGLISH = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
#: Menus that show no screen.
NO_SCREEN = {"credit_review_download": "gives a file"}
#: What stands between a menu and the one below it.
PATH = "\u203a"
#: Names of Odoo's own.
OF_ODOO = {"Facturation", "Nouveau", "Société", "Tout sélectionner"}
#: Words that are stressed, and no names.
STRESSED = {
    *(
        "chronologie",
        "relance préventive",
        "décider",
        "décédé",
        "frais de retard",
        "lettrer",
        "litige",
        "promesse",
        "réponse",
    ),
    "sous protection",
}
#: The same of the English guide.
OF_ODOO_IN_ENGLISH = {"Invoicing", "Select all"}
STRESSED_IN_ENGLISH = {
    *(
        "bank account",
        "case",
        "debtor's page",
        "deceased",
        "decide",
        "dispute",
        "guardianship",
        "late charges",
        "mandate",
        "match",
        "promise",
        "reply",
    ),
    "move the case to mediation or to litigation",
}
#: Where a name on the screen stands in the catalogue; a help text is not one.
NAMES = (
    *("model:ir.ui.menu,name", "model:ir.actions.act_window,name", "model:ir.actions.server,name"),
    *(
        "model:ir.actions.client,name",
        "model_terms:ir.ui.view,arch_db",
        "model:ir.model.fields,field_description",
    ),
    *("model:ir.model.fields.selection,name", "code:"),
)


def plain(text):
    """Return ``text`` with plain blanks and apostrophes, as neither is seen."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text).replace("\u2019", "'").strip()


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(ADDON / "i18n" / "fr.po"), encoding="utf-8")


@pytest.fixture(scope="module")
def names(catalogue):
    """Every French name on a screen."""
    return {
        plain(entry.msgstr)
        for entry in catalogue
        if any(place.startswith(NAMES) for place, _line in entry.occurrences)
    }


def menus(words, root):
    """The menus as ``words`` name them, below ``root``: {name: {names of the menu above, and of that above it}}."""
    trees = [etree.parse(str(path)) for path in ADDON.glob("[vw]*/**/*.xml")]
    actions = {
        record.get("id"): record.findtext("field[@name='name']")
        for tree in trees
        for record in tree.iterfind(".//record")
    }
    found, above = {}, {}
    for item in (item for tree in trees for item in tree.iterfind(".//menuitem")):
        name = item.get("name") or actions[item.get("action")]
        found[item.get("id")] = words.get(name, name)
        above[item.get("id")] = item.get("parent") or item.getparent().get("id")
    tree = {}
    for menu, name in found.items():
        parent = above[menu]
        higher = {found.get(parent, root), found.get(above.get(parent), root)}
        tree.setdefault(name, set()).update(higher)
    return tree


def said(mark, guide=GUIDE):
    """Return what the guide sets between two ``mark``, on one line."""
    text = re.sub(r"```.*?```|!\[.*?\]\(.*?\)", "", guide, flags=re.DOTALL)
    star = re.escape(mark)
    return [plain(found) for found in re.findall(rf"(?<!\*){star}([^*]+){star}(?!\*)", text)]


def test_every_name_in_the_guide_stands_on_a_screen(names):
    parts = {part for words in said("**") + said("*") for part in map(plain, words.split(PATH))}
    assert len(parts) > 50
    assert parts - names - OF_ODOO - STRESSED == set()


def test_every_name_in_the_english_guide_is_a_name_of_ours(catalogue):
    names = {plain(entry.msgid) for entry in catalogue}
    words = said("**", ENGLISH) + said("*", ENGLISH)
    parts = {part for one in words for part in map(plain, one.split(PATH))}
    assert len(parts) > 50
    assert parts - names - OF_ODOO_IN_ENGLISH == STRESSED_IN_ENGLISH


@pytest.mark.parametrize("guide", [GUIDE, ENGLISH], ids=["French", "English"])
def test_no_sentence_runs_into_the_next_item(guide):
    assert not re.findall(r"\S - \*\*[^*]+", guide)


def test_what_is_stressed_only_is_stressed_still():
    assert not STRESSED - {*said("**")}


@pytest.mark.parametrize("guide", [GUIDE, ENGLISH], ids=["French", "English"])
def test_a_menu_stands_where_the_guide_says(guide, catalogue):
    french = {entry.msgid: plain(entry.msgstr) for entry in catalogue} if guide == GUIDE else {}
    above = menus(french, "Facturation" if french else "Invoicing")
    named = said("**", guide) + said("*", guide)
    paths = [[plain(part) for part in words.split(PATH)] for words in named if PATH in words]
    wrong = [
        (higher, lower)
        for path in paths
        for higher, lower in pairwise(path)
        if lower in above and higher in above and higher not in above[lower]
    ]
    assert paths
    assert not wrong


def test_every_reason_is_explained(catalogue):
    """Why a claim is chased or not: what the engine may say of it stands in the guide's last table."""
    french = {entry.msgid: plain(entry.msgstr) for entry in catalogue}
    sources = [path.read_text(encoding="utf-8") for path in ADDON.glob("models/*/*reason.py")]
    labels = {
        label
        for source in sources
        for label in re.findall(r"def _label\(self\):\s+return self\.env\._\(\"([^\"]+)\"\)", source)
    }
    explained = {plain(name) for name in re.findall(r"^\| ([^|]+) \|", GUIDE, flags=re.MULTILINE)}
    assert len(labels) > 15
    assert {french[label] for label in labels} - explained == set()


def test_every_menu_has_its_picture():
    items = [
        item for path in ADDON.glob("[vw]*/**/*.xml") for item in etree.parse(str(path)).iter("menuitem")
    ]
    opened = {item.get("action").removeprefix("action_") for item in items if item.get("action")}
    assert len(opened) > 50
    assert opened - NO_SCREEN.keys() - {screen.action for screen in SCREENS} == set()


def test_every_button_above_a_debtor_has_its_picture(catalogue):
    """What opens a dialog there; the list of claims and the debtor's own page are other screens of the guide."""
    path = ADDON / "views" / "insight" / "res_partner_views.xml"
    buttons = etree.parse(str(path)).findall(".//record[@id='view_debtor_form']//header/button")
    french = {entry.msgid: entry.msgstr for entry in catalogue}
    elsewhere = {"action_recovery_claims", "action_recovery_as_debtor"}
    names = {french[button.get("string")] for button in buttons if button.get("name") not in elsewhere}
    assert len(names) > 7
    assert names - {button for screen in SCREENS for button in screen.press} == set()


def test_the_pictures_of_the_guide_are_those_that_are_taken():
    shown = re.findall(r"!\[[^\]]+\]\(\.\./images/fr_(\w+)\.png\)", GUIDE)
    assert sorted(shown) == sorted(screen.name for screen in SCREENS)
    assert [name for name in shown if not (ROOT / "docs" / "images" / f"fr_{name}.png").is_file()] == []
