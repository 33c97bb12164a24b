"""What each search finds for somebody who works in a branch, in it and its parent, or in a sister company.

Each filter, grouping and field of every search is held against the rows read one by one: what a query finds is what
the records say of themselves.
"""

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lists import ListViews, ManyCases
from lxml import etree
from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import datetime as safe_datetime
from odoo.tools.safe_eval import dateutil, safe_eval
from world import ROLES, World

#: What is typed into a field of the search, by the field's type; words otherwise.
TYPED = {"integer": 1, "float": 1.0, "monetary": 100.0, "date": "2026-01-01", "datetime": "2026-01-01"}
#: What a group is told by that is told as it is kept otherwise.
TOLD_AS = {"many2one": lambda value: value.id, "boolean": bool}


@tagged("post_install", "-at_install")
class TestBranchLists(ManyCases, ListViews, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        defaults, field = cls.env["ir.default"], "property_account_receivable_id"
        account = defaults._get("res.partner", field, company_id=cls.company.id)
        defaults.set("res.partner", field, account, company_id=cls.branch.id)
        cls.fill(cls.branch)
        cls.env.flush_all()
        cls.places = {
            "branch": cls.branch,
            "branch and parent": cls.branch + cls.company,
            "parent": cls.company,
            "sister": cls.sister,
        }
        cls.workers = {
            (role, place): new_test_user(
                cls.env,
                f"{role}_{place.replace(' ', '_')}",
                groups=ROLES[role],
                company_id=companies[:1].id,
                company_ids=[Command.set(companies.ids)],
            )
            for role in ("collector", "manager")
            for place, companies in cls.places.items()
        }

    def setUp(self):
        super().setUp()
        self.found = Counter()

    def each_search(self):
        """Yield (what it is called, model, what its window shows, search view) for every worker."""
        for (role, place), user in self.workers.items():
            context = {"allowed_company_ids": self.places[place].ids, "lang": "en_US"}
            env = self.env(user=user, context=context)
            words = {
                "uid": user.id,
                "active_id": False,
                "allowed_company_ids": self.places[place].ids,
                "context_today": safe_datetime.date.today,
                "datetime": safe_datetime,
                "relativedelta": dateutil.relativedelta.relativedelta,
            }
            for action in self.windows():
                model = env[action.res_model]
                if not model.has_access("read"):
                    continue
                own = safe_eval(action.domain, words) if action.domain else []
                view = etree.fromstring(model.get_view(action.search_view_id.id, "search")["arch"])
                yield (role, place, action.name, model._name), model, own, view, words

    def plainly(self, model, own, domain):
        """The ids of what is listed and says of itself that it is what ``domain`` asks for."""
        listed = model.with_context(active_test="active" not in str(domain)).search(own)
        return set(listed.filtered_domain(domain).ids)

    def rpc(self, model, method, *arguments, **named):
        named["context"] = dict(model.env.context)
        return call_kw(model.browse(), method, list(arguments), named)

    def asked(self, model, own, domain):
        found = self.rpc(model, "web_search_read", [*own, *domain], {"id": {}}, limit=10_000)
        ids = {row["id"] for row in found["records"]}
        self.assertEqual(found["length"], len(ids))
        return ids

    def test_each_filter(self):
        for what, model, own, view, words in self.each_search():
            for node in view.xpath("//filter[@domain]"):
                with self.case(*what, node.get("name")):
                    domain = safe_eval(node.get("domain"), words)
                    found = self.asked(model, own, domain)
                    self.found[node.get("name")] += len(found)
                    self.assertEqual(found, self.plainly(model, own, domain), domain)
        self.assertGreater(self.tried, 400)
        self.assertGreater(len([name for name, rows in self.found.items() if rows]), 40)

    def test_each_field(self):
        for what, model, own, view, _words in self.each_search():
            for node in view.xpath("//field"):
                field = model._fields[node.get("name")]
                if not self.is_ours(model._name, field.name):
                    continue
                typed = TYPED.get(field.type, "Debtor of")
                if field.type == "selection":
                    typed = field.get_values(model.env)[0]
                operator = node.get("operator") or (
                    "=" if field.type in TYPED or field.type in ("selection", "boolean") else "ilike"
                )
                domain = [(field.name, operator, typed)]
                if node.get("filter_domain"):
                    domain = safe_eval(node.get("filter_domain"), {"self": "Debtor of"})
                with self.case(*what, field.name):
                    found, plain = self.asked(model, own, domain), self.plainly(model, own, domain)
                    if field.relational:  # found by more than their names: a document by whom it is for
                        self.assertEqual(plain - found, set(), domain)
                    else:
                        self.assertEqual(found, plain, domain)
        self.assertGreater(self.tried, 200)

    def test_each_grouping(self):
        for what, model, own, view, _words in self.each_search():
            listed = model.search(own)
            for node in view.xpath("//filter[contains(@context, 'group_by')]"):
                by = safe_eval(node.get("context"))["group_by"]
                name, _colon, part = by.partition(":")
                field = model._fields[name]
                if not self.is_ours(model._name, name):
                    continue
                if field.type in ("date", "datetime") and not part:
                    by += ":month"  # as the web client does
                with self.case(*what, by):
                    groups = self.rpc(model, "web_read_group", own, [by], ["__count"])["groups"]
                    opened = [self.asked(model, own, group["__extra_domain"]) for group in groups]
                    self.assertEqual([group["__count"] for group in groups], list(map(len, opened)))
                    if field.type.endswith("2many"):
                        continue
                    self.assertEqual(set().union(*opened), set(listed.ids))
                    if field.type in ("date", "datetime"):
                        continue
                    told = TOLD_AS.get(field.type, lambda value: value or False)
                    plain = Counter(told(record[name]) for record in listed)
                    by_query = {
                        (group[by][0] if isinstance(group[by], (list, tuple)) else group[by]): group[
                            "__count"
                        ]
                        for group in groups
                        if group["__count"]
                    }
                    self.assertEqual(by_query, dict(plain))
        self.assertGreater(self.tried, 200)

    def test_each_name_is_found_by_the_debtor_in_it(self):
        """Whoever types what a cell says finds it; no name breaks the search."""
        told = 0
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not name.startswith("recovery.") or model._abstract or model._transient:
                continue
            sample = self.sample(name, self.company)
            with self.case(name):
                found = self.rpc(model.sudo(), "search", [("display_name", "ilike", "Debtor of")])
                if "Debtor of" in (sample.display_name or ""):
                    told += 1
                    self.assertIn(sample.id, found)
        self.assertGreater(told, 12)
