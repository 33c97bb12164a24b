"""Evidence changes through actions only: every protected field of every model, tried as every role.

What is tried comes from the registry: the fields say of themselves that they are protected, the models that
only actions make their records.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import FORGED, Client
from odoo import Command
from odoo.tests import tagged
from samples import ELSEWHERE
from world import World

WRITERS = ("invoicing", "accountant", "collector", "manager")


@tagged("post_install", "-at_install")
class TestProtectedFields(Client, World):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        guard = cls.env.registry["recovery.guarded.fields"]
        cls.guarded = sorted(
            name
            for name, model in cls.env.registry.items()
            if issubclass(model, guard) and not model._abstract and name not in ELSEWHERE
        )

    def protected(self, model):
        return {name: self.env[model]._fields[name] for name in self.env[model]._fields_that_are("protected")}

    def test_what_is_evidence_is_guarded(self):
        evidence = {
            *("recovery.notice", "recovery.notice.line", "recovery.dunning.run", "recovery.dunning.run.line"),
            *("recovery.dunning.run.reason", "recovery.contact", "recovery.promise", "recovery.withheld"),
            *("recovery.plan", "recovery.plan.item", "recovery.plan.instalment", "recovery.dossier"),
        }
        self.assertFalse(evidence - {*self.guarded})
        made = {name for name in self.guarded if self.env[name]._by_actions}
        self.assertTrue({"recovery.notice", "recovery.notice.line", "recovery.dunning.run.reason"} <= made)

    def test_nobody_writes_a_protected_field(self):
        for model in self.guarded:
            record = self.sample(model, self.company)
            for name, field in self.protected(model).items():
                values = {name: self.sample_value(field)}
                for role in WRITERS:
                    with self.case(model, name, role):
                        self.assert_refused(role, model, "write", record.ids, values)
                        self.assert_refused(role, model, "write", record.ids, values, context=FORGED)

    def test_nobody_imports_a_protected_field(self):
        for model in self.guarded:
            record = self.sample(model, self.company)
            for name, field in self.protected(model).items():
                if field.type in ("one2many", "many2many", "binary"):
                    continue
                with self.case(model, name):
                    column = f"{name}/.id" if field.type == "many2one" else name
                    row = [str(record.id), str(self.sample_value(field))]
                    self.ask("manager", model, "load", [".id", column], [row])
                    self.assertFalse(self.result["ids"])

    def test_defaults_of_protected_fields_are_those_declared(self):
        for model in self.guarded:
            protected = self.protected(model)
            plain = self.env[model].default_get([*protected])
            asked = {f"default_{name}": self.sample_value(field) for name, field in protected.items()}
            for name, field in protected.items():
                if field.store and field.type in ("char", "integer", "boolean", "selection"):
                    self.env["ir.default"].set(model, name, self.sample_value(field))
            with self.case(model):
                given = self.env[model].with_context(**asked).default_get([*protected])
                drawn = {name for name in given if given[name] != plain.get(name)}
                self.assertEqual(given.keys(), plain.keys())
                for name in drawn:  # by lot, each time anew
                    self.assertNotEqual(given[name], self.sample_value(protected[name]))

    def test_no_record_takes_evidence_along_when_it_is_deleted(self):
        """A deletion that PostgreSQL passes on does not come by the guard."""
        allowed = {
            ("recovery.dunning.run.line", "recovery.dunning.level"),  # a proposal: nothing has gone out
            ("recovery.dunning.run.line", "account.move.line"),
            ("recovery.notice.line", "account.move.line"),  # which refuses itself once the notice went out
            ("recovery.portal.link", "res.partner"),
        }
        for model in self.guarded:
            for field in self.env[model]._fields.values():
                if field.type == "many2one" and field.store and field.ondelete == "cascade":
                    with self.case(model, field.name):
                        kept = field.comodel_name in self.guarded
                        self.assertTrue(kept or (model, field.comodel_name) in allowed)

    def test_nobody_makes_copies_or_deletes_what_only_actions_make(self):
        for model in self.guarded:
            if not self.env[model]._by_actions:
                continue
            record = self.sample(model, self.company)
            for role in WRITERS:
                with self.case(model, role):
                    self.assert_refused(role, model, "create", [{}])
                    self.assert_refused(role, model, "copy", record.ids)
                    self.assert_refused(role, model, "unlink", record.ids)
                    self.assert_refused(role, model, "unlink", record.ids, context=FORGED)

    def test_lines_of_another_model_are_no_way_round(self):
        tried = 0
        for parent, field, model in self.ways():
            child = self.sample(model, self.company)
            owner = self.owner(parent, field, child)
            if not owner:
                continue
            tried += 1
            commands = [
                [Command.update(child.id, {name: self.sample_value(of)})]
                for name, of in self.protected(model).items()
            ]
            if self.env[model]._by_actions:
                commands += [[Command.create({})], [Command.delete(child.id)]]
            for command in commands:
                with self.case(parent, field.name, command):
                    self.assert_refused("manager", parent, "write", owner.ids, {field.name: command})
        self.assertGreater(tried, 10)

    def ways(self):
        """(model, its field of lines, guarded model of the lines)."""
        for parent, registered in self.env.registry.items():
            if registered._abstract or registered._transient:
                continue
            for field in registered._fields.values():
                if field.type == "one2many" and field.comodel_name in self.guarded and field.inverse_name:
                    yield parent, field, field.comodel_name

    def owner(self, parent, field, child):
        """The record of ``parent`` among whose lines ``child`` is."""
        inverse = child._fields.get(field.inverse_name)
        if not inverse or inverse.type != "many2one" or inverse.comodel_name != parent:
            return None
        return child[field.inverse_name]
