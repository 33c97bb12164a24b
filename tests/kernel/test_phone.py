"""What is worked through has cards: on a telephone a list of columns is cut off."""

import re
from pathlib import Path

from lxml import etree

ADDON = Path(__file__).resolve().parents[2] / "payment_plan_recovery"
#: Menus whose windows are worked through from day to day; what is declared once, and figures, are looked at on a desk.
DAILY = {
    "menu_recovery_daily",
    "menu_recovery_plans",
    "menu_recovery_credit",
    "menu_recovery_follow_up",
    "menu_cases",
}


def test_every_daily_window_has_cards():
    trees = [etree.parse(str(path)) for path in ADDON.glob("[vw]*/**/*.xml")]
    modes = {
        record.get("id"): record.findtext("field[@name='view_mode']").split(",")
        for tree in trees
        for record in tree.iterfind(".//record[@model='ir.actions.act_window']")
        if record.findtext("field[@name='target']") != "new"
    }
    opened = {
        item.get("action")
        for tree in trees
        for item in tree.iterfind(".//menuitem")
        if (item.get("parent") or item.getparent().get("id")) in DAILY
    }
    windows = opened & modes.keys()
    assert len(windows) > 20
    # a calendar is no help there: a month of seven columns shows the first letters of names
    assert {window for window in windows if "kanban" not in modes[window]} == set()


def test_a_row_has_few_tags():
    """A procedure of twenty-six countries, or a dispute of forty invoices, would be a row as tall as the page."""
    tall = [
        f"{path.name}:{tags.sourceline}"
        for path in ADDON.glob("[vw]*/**/*.xml")
        for tags in etree.parse(str(path)).iterfind(".//field[@widget='many2many_tags']")
        if next(
            (around.tag for around in tags.iterancestors() if around.tag in ("form", "kanban", "list")),
            "form",
        )
        != "form"
    ]
    assert not tall


def test_a_window_that_opens_grouped_opens_ungrouped_on_a_telephone():
    """Thirty debtors are thirty columns there, of which one is seen."""
    trees = [etree.parse(str(path)) for path in ADDON.glob("[vw]*/**/*.xml")]
    groupings = {
        (record.findtext("field[@name='model']"), filtered.get("name"))
        for tree in trees
        for record in tree.iterfind(".//record[@model='ir.ui.view']")
        for filtered in record.iterfind(".//search//filter")
        if "group_by" in filtered.get("context", "")
    }
    cards = {
        record.findtext("field[@name='model']"): record.find(".//kanban").get("js_class")
        for tree in trees
        for record in tree.iterfind(".//record[@model='ir.ui.view']")
        if record.find("field[@name='arch']/kanban") is not None
    }
    opened = {
        record.findtext("field[@name='res_model']")
        for tree in trees
        for record in tree.iterfind(".//record[@model='ir.actions.act_window']")
        for name in re.findall(r"search_default_(\w+)", record.findtext("field[@name='context']") or "")
        if (record.findtext("field[@name='res_model']"), name) in groupings
    }
    assert "recovery.charge" in opened
    assert {model for model in opened & cards.keys() if cards[model] != "recovery_cards"} == set()
