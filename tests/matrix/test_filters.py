"""Every filter, search field and group-by of the addon's search views, as each role presses it.

None fails, a group holds as many records as its line says, and the groups together as many as the list without them.
"""

import sys
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lists import ListViews
from lxml import etree
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval
from world import World

#: Who opens lists at all; what a role may not read is left out.
LOOKING = ("reader", "invoicing", "accountant", "collector", "manager")
#: What is typed into a search field, by the sort of its field.
TYPED = {
    "integer": 1,
    "float": 1,
    "monetary": 1,
    "date": "2026-01-05",
    "datetime": "2026-01-05",
    "boolean": True,
}
#: Lists in which every filter is tried under every group-by.
COMBINED = ("recovery.claim", "recovery.worklist")


@tagged("post_install", "-at_install")
class TestFilters(ListViews, World):
    def searches(self, role):
        """Yield (model, arch) of each search view that ``role`` sees over records it may read."""
        env = self.env(
            user=self.users[role], context={"allowed_company_ids": self.company.ids, "lang": "fr_FR"}
        )
        data = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        for view in views.filtered(lambda view: view.type == "search").sorted("model"):
            if env[view.model].has_access("read"):
                yield env[view.model], etree.fromstring(env[view.model].get_view(view.id, "search")["arch"])

    def domains(self, model, arch):
        """Yield (name, domain, context) of each filter and search field."""
        known = {"uid": model.env.uid, "allowed_company_ids": self.company.ids}
        for node in arch.iterfind(".//filter"):
            name, context = node.get("name"), safe_eval(node.get("context") or "{}", known)
            if node.get("date"):
                field = node.get("date")
                yield name, [(field, ">=", "2026-01-01"), (field, "<=", "2026-12-31")], context
            elif not context.get("group_by"):
                yield name, safe_eval(node.get("domain") or "[]", known), context
        for node in arch.iterfind(".//field"):
            field, typed = model._fields[node.get("name")], "abc"
            if node.get("invisible") or field.type == "properties":  # Odoo's, of contacts
                continue
            if field.type == "selection":
                typed = field.get_values(model.env)[0]
            typed = TYPED.get(field.type, typed)
            if node.get("filter_domain"):
                domain = safe_eval(node.get("filter_domain"), {"self": typed, "raw_value": typed})
            else:
                plain = "=" if field.type in {*TYPED, "selection"} else "ilike"
                domain = [(field.name, node.get("operator") or plain, typed)]
            yield f"field {field.name}", domain, {}

    def groups(self, model, arch):
        """Return the group-bys of a search view, as the client asks for them: days by month where nothing is said."""
        contexts = (safe_eval(node.get("context") or "{}", {"uid": 0}) for node in arch.iterfind(".//filter"))
        for group in (context["group_by"] for context in contexts if context.get("group_by")):
            field = model._fields[group.partition(":")[0]]
            if field.type == "properties":  # Odoo's, of contacts
                continue
            is_day = ":" not in group and field.type in ("date", "datetime")
            yield f"{group}:month" if is_day else group

    @contextmanager
    def tried(self, *name):
        """Try what somebody presses; what fails is kept under its ``name``, and the others are tried all the same."""
        self.pressed.append(name)
        try:
            with self.env.cr.savepoint(flush=False):
                yield
        except Exception as error:
            self.failed.append(f"{name}: {str(error) or repr(error)}")

    def setUp(self):
        super().setUp()
        self.pressed, self.failed = [], []

    def compare(self, model, domain, group):
        """Compare each group with the records it opens, and all of them with the list; return how many there are."""
        found = model.web_read_group(domain, [group], ["__count"])["groups"]
        told = [line["__count"] for line in found]
        opened = [model.search_count(Domain(domain) & Domain(line["__extra_domain"])) for line in found]
        self.assertEqual(told, opened)
        self.assertEqual(sum(told), model.search_count(domain))
        return len(found)

    def test_every_filter_and_search_field(self):
        for role in LOOKING:
            before = len(self.pressed)
            for model, arch in self.searches(role):
                for name, domain, context in self.domains(model, arch):
                    theirs = model.with_context(**context)
                    with self.tried(role, model._name, name):
                        shown = theirs.web_search_read(domain, {"display_name": {}}, limit=80)
                        self.assertEqual(shown["length"], theirs.search_count(domain))
            self.assertGreater(len(self.pressed) - before, 100, role)
        self.assertFalse(self.failed, "\n".join(self.failed))

    def test_every_group_by(self):
        for role in LOOKING:
            before, filled = len(self.pressed), 0
            for model, arch in self.searches(role):
                for group in self.groups(model, arch):
                    with self.tried(role, model._name, group):
                        filled += bool(self.compare(model, [], group))
            self.assertGreater(len(self.pressed) - before, 60, role)
            self.assertGreater(filled, 30, role)
        self.assertFalse(self.failed, "\n".join(self.failed))

    def test_every_filter_under_every_group_by(self):
        for model, arch in self.searches("collector"):
            if model._name not in COMBINED:
                continue
            self.assertTrue(model.search_count([]))
            for name, domain, context in self.domains(model, arch):
                for group in self.groups(model, arch):
                    with self.tried(model._name, name, group):
                        self.compare(model.with_context(**context), domain, group)
        self.assertGreater(len(self.pressed), 200)
        self.assertFalse(self.failed, "\n".join(self.failed))
