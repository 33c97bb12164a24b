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

    def gets_through(self, arch, button, model, role):
        """Whether the table lets ``role`` through; a button in a list of a form is that list's model's."""
        for parent in button.iterancestors("field"):
            own = self.env[model]._fields.get(parent.get("name"))
            if own is not None and own.comodel_name:
                model = own.comodel_name
                break
        roles = METHODS.get(model, {}).get(button.get("name"))
        return not roles or role in roles.split()  # "": the record's state let nobody through there
