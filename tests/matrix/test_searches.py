"""Every filter, grouping and field of every search, as a collector's web client asks for them in French."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from english import English
from lists import ListViews, ManyCases
from lxml import etree
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import html2plaintext
from odoo.tools.safe_eval import safe_eval
from world import World

#: What is typed into a field of the search, by the field's type; words otherwise.
TYPED = {"integer": 1, "float": 1.0, "monetary": 1.0, "date": "2026-01-01", "datetime": "2026-01-01"}


@tagged("post_install", "-at_install")
class TestSearches(ManyCases, ListViews, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.english = English()
        cls.user = cls.users["collector"]
        cls.user.lang = "fr_FR"

    def rpc(self, model, method, *arguments, **named):
        named["context"] = {"allowed_company_ids": self.company.ids, "lang": "fr_FR"}
        return call_kw(self.env(user=self.user)[model], method, list(arguments), named)

    def searched(self):
        """Yield (model, search view) of each list that the collector may read."""
        searches = {(action.res_model, action.search_view_id.id) for action in self.windows()}
        for name, view in sorted(searches):
            if self.env[name].with_user(self.user).has_access("read"):
                yield name, etree.fromstring(self.rpc(name, "get_view", view, "search")["arch"])

    def domain_of(self, node):
        return safe_eval(node.get("domain"), {"uid": self.user.id}) if node.get("domain") else []

    def test_each_filter_finds_what_its_count_says(self):
        for model, view in self.searched():
            for node in view.xpath("//filter[@domain]"):
                domain = self.domain_of(node)
                with self.case(model, node.get("name")):
                    found = self.rpc(model, "web_search_read", domain, {"display_name": {}}, limit=80)
                    self.assertEqual(found["length"], self.rpc(model, "search_count", domain))
        self.assertGreater(self.tried, 50)

    def test_each_grouping_holds_all_that_is_listed(self):
        for model, view in self.searched():
            total = self.rpc(model, "search_count", [])
            for node in view.xpath("//filter[contains(@context, 'group_by')]"):
                by = safe_eval(node.get("context"))["group_by"]
                if not self.is_ours(model, by):
                    continue
                if (
                    self.env[model]._fields[by.partition(":")[0]].type in ("date", "datetime")
                    and ":" not in by
                ):
                    by += ":month"  # as the web client does
                with self.case(model, by):
                    groups = self.rpc(model, "web_read_group", [], [by], ["__count"])["groups"]
                    counts = [group["__count"] for group in groups]
                    opened = [self.rpc(model, "search_count", group["__extra_domain"]) for group in groups]
                    self.assertEqual(opened, counts, "a group opens what it counts")
                    if not self.env[model]._fields[by.partition(":")[0]].type.endswith("2many"):
                        self.assertEqual(sum(counts), total)
        self.assertGreater(self.tried, 50)

    def test_each_group_has_a_name(self):
        """What has no choice is a group too: what it is called says what the missing choice means."""
        for model, view in self.searched():
            for node in view.xpath("//filter[contains(@context, 'group_by')]"):
                name = safe_eval(node.get("context"))["group_by"].partition(":")[0]
                field = self.env[model]._fields[name]
                if field.type != "selection" or not self.is_ours(model, name):
                    continue
                told = self.rpc(model, "fields_get", [name])[name]
                # what is worked out always says something, but of what is kept elsewhere
                if told["required"] or (field.compute and name != "hold_kind"):
                    continue
                with self.case(model, name):
                    self.assertTrue(told.get("falsy_value_label"), "what is empty has no name")
                    self.assertFalse(self.english.among([told["falsy_value_label"]]))
        self.assertGreater(self.tried, 4)

    def test_each_field_can_be_looked_into(self):
        for model, view in self.searched():
            for node in view.xpath("//field"):
                field = self.env[model]._fields[node.get("name")]
                if field.type == "selection" or not self.is_ours(model, field.name):
                    continue
                if node.get("filter_domain"):
                    domain = safe_eval(node.get("filter_domain"), {"self": "Debtor"})
                else:
                    domain = [(field.name, node.get("operator") or "ilike", TYPED.get(field.type, "Debtor"))]
                with self.case(model, field.name):
                    self.rpc(model, "web_search_read", domain, {"display_name": {}}, limit=80)

    def test_a_list_with_nothing_in_it_says_in_french_what_belongs_there(self):
        helps = [
            (action.display_name, html2plaintext(action.with_context(lang="fr_FR").help or ""))
            for action in self.windows()
        ]
        self.assertGreater(len(helps), 50)
        self.assertFalse([name for name, told in helps if not told.strip()])
        lines = [line.strip() for _name, told in helps for line in told.splitlines() if line.strip()]
        self.assertFalse(self.english.among(lines))

    def test_names_are_french(self):
        names = {
            (model, node.get("string"))
            for model, view in self.searched()
            for node in view.iter("filter", "field", "group")
            if node.get("string")
        }
        self.assertGreater(len(names), 100)
        self.assertFalse(self.english.among([name for _model, name in names]))
