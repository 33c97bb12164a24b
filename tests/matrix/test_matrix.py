"""Roles, models and methods, each with each, as a client asks for them, held against ``rights.py``.

The cases come from the registry: a model or a public method without a line in the table fails.
``MATRIX=print`` writes what was found to ``out/matrix.py`` instead.
"""

import os
import pprint
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Client
from methods import METHODS
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from rights import MODELS
from samples import ARGUMENTS, COMPANY, ELSEWHERE, NO_COMPANY
from world import ROLES, World

from dev.paths import OUT

ADDON = "odoo.addons.payment_plan_recovery."
OPERATIONS = {"create": "c", "read": "r", "write": "w", "unlink": "d"}
#: Methods that Odoo's own models have, which ours extend: what they may do is Odoo's to say.
ODOO_S = {
    *(
        "create",
        "write",
        "unlink",
        "copy",
        "copy_data",
        "read",
        "search",
        "init",
        "default_get",
        "fields_get",
    ),
    *("name_search", "onchange", "button_draft", "button_cancel", "barcode", "send", "activity_schedule"),
}
PRINT = os.environ.get("MATRIX") == "print"


@tagged("post_install", "-at_install")
class TestMatrix(Client, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = sorted(
            name
            for name, model in cls.env.registry.items()
            if name.startswith("recovery.") and not model._abstract
        )
        cls.methods = {
            name: sorted(found)
            for name, model in cls.env.registry.items()
            # what a wizard does it does with its user's rights, on what that user was let make
            if not model._transient and (found := cls.public_methods(name))
        }

    @classmethod
    def public_methods(cls, name):
        """Public methods of a model that the addon defines, as a client finds them."""
        return {
            method
            for part in cls.env.registry[name].mro()
            if part.__module__.startswith(ADDON)
            for method, value in vars(part).items()
            if not method.startswith("_")
            and callable(value)
            and not isinstance(value, type)
            and not getattr(value, "_api_private", False)
            and method not in ODOO_S
        }

    # -- models ----------------------------------------------------------------------------

    def rights_of(self, model):
        """{role: letters of what it may do}."""
        return {
            role: "".join(
                letter
                for operation, letter in OPERATIONS.items()
                if self.env[model].with_user(user).has_access(operation)
            )
            or "-"
            for role, user in self.users.items()
        }

    def test_every_role_may_do_with_every_model_what_is_declared(self):
        found = {model: self.rights_of(model) for model in self.models}
        if PRINT:
            self.keep("MODELS", found)
            return
        declared = {model: dict(zip(ROLES, rights.split(), strict=True)) for model, rights in MODELS.items()}
        self.assertEqual(found, declared)

    def test_a_portal_user_may_do_nothing(self):
        for model in self.models:
            self.assertEqual(self.rights_of(model)["portal"], "-", model)

    def test_the_world_has_one_of_each(self):
        missing = {model for model in self.kept() if not self.sample(model, self.sister)}
        self.assertEqual(missing, ELSEWHERE)

    def kept(self):
        """Models whose records belong to a company."""
        return [model for model in self.models if not self.env[model]._transient and model not in NO_COMPANY]

    def test_another_company_s_records_are_not_there(self):
        for model in self.kept():
            if model in ELSEWHERE:
                continue
            known = "company_id" in self.env[model]._fields or model in COMPANY
            self.assertTrue(known, f"{model} belongs to no company: say so")
            theirs = self.sample(model, self.sister)
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                if not records.has_access("read"):
                    continue
                with self.case(model, role):
                    self.assertFalse(records.search([("id", "=", theirs.id)]))
                    with self.assertRaises(AccessError), mute_logger("odoo.models"):
                        records.browse(theirs.id).read(["display_name"])

    # -- methods ---------------------------------------------------------------------------

    def test_every_public_method_is_declared(self):
        if PRINT:
            self.keep("METHODS", {model: self.who_may(model) for model in self.methods})
            return
        declared = {model: sorted(methods) for model, methods in METHODS.items()}
        self.assertEqual(self.methods, declared)

    def test_every_role_gets_through_what_it_may_and_changes_nothing_else(self):
        if PRINT:
            return
        for model, methods in METHODS.items():
            for method, who in methods.items():
                for role in ROLES:
                    with self.case(model, method, role):
                        self.check(model, method, role, role in who.split())

    def test_no_role_acts_on_another_company_s_records(self):
        """Whoever works in one company sends the ids of another one's records."""
        self.ask(
            "manager",
            "account.move",
            "action_ask_credit_approval",
            self.sample("account.move", self.company).ids,
        )
        for model, methods in METHODS.items():
            theirs = self.sample(model, self.sister)
            if model == "res.partner" or model in NO_COMPANY or not theirs:
                continue  # a contact is everybody's: what is read of it is its own company's
            for method in methods:
                if getattr(getattr(type(self.env[model]), method), "_api_model", False):
                    continue
                for role in ("accountant", "collector", "manager"):
                    with self.case(model, method, role):
                        arguments = ARGUMENTS.get((model, method), [])
                        _outcome, changed = self.ask(role, model, method, theirs.ids, *arguments)
                        self.assertFalse(changed, "it went through")

    def check(self, model, method, role, allowed):
        outcome, changed = self.call(model, method, role)
        if outcome == "done":
            self.assert_helps(self.result)
        if allowed:
            self.assertNotEqual(outcome, "refused")
        else:
            self.assertFalse(changed, "it went through")
            if role in ("portal", "employee"):
                self.assertEqual(outcome, "refused")

    def assert_helps(self, window):
        """A list of ours that a button opens says what belongs there when nothing does."""
        if not isinstance(window, dict) or window.get("type") != "ir.actions.act_window":
            return
        views = [kind for _view, kind in window.get("views", ())] or window["view_mode"].split(",")
        if window["res_model"].startswith("recovery.") and views[0] != "form":
            self.assertTrue(window.get("help"), "an empty list says nothing")

    def who_may(self, model):
        found = {}
        for method in self.methods[model]:
            outcomes = {role: self.call(model, method, role) for role in ROLES}
            through = [role for role, (outcome, changed) in outcomes.items() if outcome != "refused"]
            found[method] = (
                " ".join(through)
                + "   # "
                + " ".join(
                    f"{role}={outcome}{'!' if changed else ''}"
                    for role, (outcome, changed) in outcomes.items()
                )
            )
        return found

    def call(self, model, method, role):
        """Call as a client of ``role`` would; return ("done" | "refused" | "told", whether rows changed)."""
        arguments = ARGUMENTS.get((model, method), [])
        if not getattr(getattr(type(self.env[model]), method), "_api_model", False):
            arguments = [self.sample(model, self.company).ids, *arguments]
        return self.ask(role, model, method, *arguments)

    def keep(self, name, value):
        OUT.mkdir(exist_ok=True)
        with (OUT / "matrix.py").open("a") as file:
            file.write(f"{name} = {pprint.pformat(value, width=400, sort_dicts=True)}\n\n")
