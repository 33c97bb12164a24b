"""What somebody who works in a branch only finds in its lists opens for him, what is the parent's too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lists import ListViews
from lxml import etree
from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from world import ROLES, World

#: Records of each window that are opened.
OPENED = 4


@tagged("post_install", "-at_install")
class TestBranchForms(ListViews, World):
    """The world of the matrix is the parent's; the branch has nothing of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent = cls.company
        cls.company = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.parent.id})
        cls.branch_users = {
            role: new_test_user(
                cls.env,
                f"branch_{role}",
                groups=ROLES[role],
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for role in ("reader", "accountant", "collector", "manager")
        }

    def call(self, user, model, method, *arguments, **named):
        self.env.flush_all()
        self.env.invalidate_all()
        named["context"] = {"allowed_company_ids": self.company.ids}
        return call_kw(self.env(user=user)[model], method, list(arguments), named)

    def fields_of(self, arch, model, told):
        """Return the specification of what the client reads for a view, lists and cards of lines within too."""
        spec = {}
        for node in arch.xpath(".//field"):
            if next(node.iterancestors("field"), arch) is not arch or node.get("name") not in told[model]:
                continue
            within = next((part for part in node if part.tag in ("list", "kanban", "form")), None)
            field = told[model][node.get("name")]
            if within is None or field["relation"] not in told:
                spec[node.get("name")] = {"fields": {"display_name": {}}} if field.get("relation") else {}
            else:
                within.tag = "field"  # so that its own fields are told from those of what it stands in
                spec[node.get("name")] = {"fields": self.fields_of(within, field["relation"], told)}
        return spec

    def opened(self, user, action):
        """Open what ``user`` finds in a window; return how many records."""
        model = action.res_model
        views = self.call(user, model, "get_views", [[False, "list"], [False, "form"]])
        told = {name: about["fields"] for name, about in views["models"].items()}
        archs = {kind: etree.fromstring(views["views"][kind]["arch"]) for kind in ("list", "form")}
        rows = self.call(
            user,
            model,
            "web_search_read",
            [("company_id", "=", self.parent.id)] if "company_id" in self.env[model]._fields else [],
            self.fields_of(archs["list"], model, told),
            limit=OPENED,
        )["records"]
        for row in rows:
            self.call(user, model, "web_read", [row["id"]], self.fields_of(archs["form"], model, told))
        return len(rows)

    def test_whatever_is_listed_opens(self):
        refused, opened = {}, 0
        for role, user in self.branch_users.items():
            for action in self.windows():
                model = self.env[action.res_model].with_user(user)
                if not action.res_model.startswith("recovery.") or not model.has_access("read"):
                    continue
                try:
                    opened += self.opened(user, action)
                except AccessError as error:
                    refused[role, action.name] = str(error)[:300]
        self.assertFalse(refused)
        self.assertGreater(opened, 200)
