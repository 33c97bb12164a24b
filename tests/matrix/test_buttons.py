"""Who sees a button gets through it: each role's forms and lists, held against ``methods.py``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lxml import etree
from methods import METHODS
from odoo.tests import tagged
from world import ROLES, World

INSIDE = [role for role in ROLES if role != "portal"]
#: What the table's samples refuse and other records do not: an employee may open the order that it asked about.
OTHERS = {("action_open_document", "employee")}


@tagged("post_install", "-at_install")
class TestButtons(World):
    def test_who_sees_a_button_gets_through_it(self):
        views = self.env["ir.ui.view"].search(
            [
                ("model", "in", list(METHODS)),
                ("type", "in", ("form", "list", "kanban")),
                ("model", "=like", "recovery.%"),
            ]
        )
        self.assertGreater(len(views), 50)
        lost = set()
        for role in INSIDE:
            for view in views:
                model = self.env[view.model].with_user(self.users[role])
                if not model.has_access("read"):
                    continue
                arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
                for button in arch.iterfind(".//button[@type='object']"):
                    allowed = (button.get("name"), role) in OTHERS
                    if not allowed and not self.gets_through(arch, button, view.model, role):
                        lost.add((view.xml_id.partition(".")[2], button.get("name"), role))
        self.assertFalse(lost)

    def test_a_row_opens_what_somebody_drew(self):
        """A list within a form whose rows open a form that Odoo makes up shows codes and ids: such rows stay shut."""
        views = self.env["ir.ui.view"]
        made_up = set()
        for view in views.search([("type", "=", "form"), ("model", "=like", "recovery.%")]) | self.env.ref(
            "payment_plan_recovery.view_debtor_form"
        ):
            arch = etree.fromstring(self.env[view.model].sudo().get_view(view.id, view.type)["arch"])
            for node in arch.xpath("//field[list or kanban]"):
                field, shown = self.env[view.model]._fields.get(node.get("name")), node.find("list")
                shown = node.find("kanban") if shown is None else shown
                if field is None or node.find("form") is not None:
                    continue  # a list in a list is its own model's
                shut = any(shown.get(name) for name in ("editable", "no_open", "can_open", "action"))
                if not shut and not views.search_count(
                    [("model", "=", field.comodel_name), ("type", "=", "form")]
                ):
                    made_up.add((view.xml_id.partition(".")[2], node.get("name")))
        self.assertFalse(made_up)

    def gets_through(self, arch, button, model, role):
        """Whether the table lets ``role`` through; a button in a list of a form is that list's model's."""
        for parent in button.iterancestors("field"):
            own = self.env[model]._fields.get(parent.get("name"))
            if own is not None and own.comodel_name:
                model = own.comodel_name
                break
        roles = METHODS.get(model, {}).get(button.get("name"))
        return not roles or role in roles.split()  # "": the record's state let nobody through there
