"""Who finds out what from the addon's fields on Odoo's records: by reading, searching, sorting, grouping, exporting."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Client
from odoo.tests import tagged
from world import World

ADDON = "payment_plan_recovery"
#: Odoo's own field that a risk class is written to.
DERIVED = {"res.partner": ("trust", "credit_limit")}
#: What every employee may know of a contact: how it wants to be written to, and that nothing is to be delivered.
FOR_EMPLOYEES = {
    "recovery_channel",
    "recovery_no_email",
    "recovery_no_phone",
    "recovery_no_portal",
    "recovery_no_sms",
    "recovery_stop_deliveries",
}


def ours(env, model):
    """Fields that the addon adds to ``model``, or writes what it knows into."""
    return [
        field
        for field in env[model]._fields.values()
        if any(module.startswith(ADDON) for module in field._modules) or field.name in DERIVED.get(model, ())
    ]


@tagged("post_install", "-at_install")
class TestFields(Client, World):
    def ours(self, model):
        return ours(self.env, model)

    def conditions(self, field):
        """Domains that would tell something of ``field``."""
        yield [(field.name, "!=", False)]
        yield [(field.name, "=", False)]
        if field.type in ("monetary", "float", "integer"):
            yield [(field.name, ">", 0)]
        elif field.type == "selection":
            yield [(field.name, "in", field.get_values(self.env)[:1])]
        elif field.relational:
            yield [(f"{field.name}.id", ">", 0)]
            yield [(field.name, "any", [("id", ">", 0)])]

    def assert_hidden(self, role, model, field, via=""):
        record = self.sample(model, self.company)
        self.assert_refused(role, model, "read", record.ids, [field.name])
        self.assert_refused(role, model, "export_data", record.ids, [field.name])
        for domain in self.conditions(field):
            self.assert_refused(role, model, "search", domain)
            self.assert_refused(role, model, "search_count", domain)
            self.assert_refused(role, model, "name_search", "", domain)
        if field.store:
            self.assert_refused(role, model, "search", [], order=field.name)
            if field.type not in ("one2many", "text", "html"):
                self.assert_refused(role, model, "formatted_read_group", [], groupby=[field.name])
        self.ask(role, model, "fields_get", attributes=["string"])
        self.assertNotIn(field.name, self.result)

    def test_an_employee_finds_out_nothing_about_a_debtor(self):
        for field in self.ours("res.partner"):
            if field.name not in FOR_EMPLOYEES:
                with self.case("employee", field.name):
                    self.assert_hidden("employee", "res.partner", field)

    def test_no_way_round_by_another_model(self):
        for field in self.ours("res.partner"):
            if field.name in FOR_EMPLOYEES:
                continue
            for domain in self.conditions(field):
                (name, operator, value), *_rest = domain
                for way in (
                    ("res.users", [(name, operator, value)]),
                    ("res.users", [(f"partner_id.{name}", operator, value)]),
                    ("res.partner", [(f"parent_id.{name}", operator, value)]),
                    ("res.partner", [("child_ids", "any", [(name, operator, value)])]),
                    ("res.partner", [("child_ids.parent_id", "any", [(name, operator, value)])]),
                    ("res.partner", ["!", ("child_ids", "not any", ["|", ("id", ">", 0), domain[0]])]),
                ):
                    with self.case("employee", *way):
                        self.assert_refused("employee", way[0], "search", way[1])

    def test_a_debtor_who_logs_in_reads_no_field_of_ours(self):
        for model in ("res.partner", "res.company", "res.users", "account.move", "account.move.line"):
            for field in self.ours(model):
                if field.name in DERIVED.get(model, ()):
                    continue
                with self.case("portal", model, field.name):
                    record = {
                        "res.partner": self.users["portal"].partner_id,
                        "res.users": self.users["portal"],
                        "res.company": self.company,
                    }.get(model, self.env[model])
                    self.assert_refused("portal", model, "read", record.ids or [1], [field.name])
                    self.assert_refused("portal", model, "search", [(field.name, "!=", False)])

    def test_whoever_may_read_searches(self):
        for role in ("reader", "invoicing", "collector", "manager"):
            outcome, _changed = self.ask(role, "res.partner", "search", [("recovery_exposure", ">", 0)])
            self.assertEqual(outcome, "done")


@tagged("post_install", "-at_install")
class TestCompanies(Client, World):
    """Companies apart, branches with their creditor, and what all share."""

    def kept(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if name.startswith("recovery.") and not model._abstract and not model._transient
        )

    def rules(self, model):
        return self.env["ir.rule"].search([("model_id.model", "=", model)])

    def test_every_model_with_a_company_has_a_rule_for_everybody(self):
        for model in self.kept():
            if "company_id" in self.env[model]._fields:
                with self.case(model):
                    everybodys = self.rules(model).filtered(lambda rule: not rule.groups and rule.perm_read)
                    self.assertTrue(any("company_ids" in (rule.domain_force or "") for rule in everybodys))

    def test_a_branch_s_records_are_its_creditor_s_and_no_sister_s(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        partner = self.company.partner_id.id
        hold = self.env["recovery.hold"].create(
            {
                "partner_id": partner,
                "company_id": self.company.id,
                "date_until": "2100-01-01",
                "reason": "Matrix",
            }
        )
        user = self.users["collector"]
        user.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        in_branch = self.env["recovery.hold"].with_user(user).with_context(allowed_company_ids=branch.ids)
        self.assertIn(hold, in_branch.search([]))
        theirs = self.sample("recovery.hold", self.sister)
        self.assertNotIn(theirs, in_branch.search([]))

    def test_what_all_share_is_written_by_who_works_in_every_company(self):
        manager = self.users["manager"]
        shared = [model for model in self.kept() if self.shares(model)]
        self.assertGreater(len(shared), 25)
        for model in shared:
            record = (
                self.env[model].sudo().with_context(active_test=False).search(self.nobody_s(model), limit=1)
            )
            if not record:
                continue
            with self.case(model):
                for method in ("write", "unlink"):
                    arguments = [{record._rec_name or "sequence": "x"}] if method == "write" else []
                    self.assertEqual(
                        self.ask("manager", model, method, record.ids, *arguments), ("refused", False)
                    )
                self.assertEqual(self.ask("manager", model, "read", record.ids, ["display_name"])[0], "done")
        manager.company_ids = self.env["res.company"].search([])
        for model in shared:
            if not self.env[model].with_user(manager).has_access("write"):
                continue  # only actions write it
            record = (
                self.env[model].sudo().with_context(active_test=False).search(self.nobody_s(model), limit=1)
            )
            with self.case(model, "in every company"):
                self.assertTrue(record.with_user(manager).has_access("write"))

    def shares(self, model):
        return self.rules(model).filtered(
            lambda rule: "_recovery_in_every_company" in (rule.domain_force or "")
        )

    def nobody_s(self, model):
        """The domain of what no company owns."""
        told = self.shares(model).domain_force.rpartition(" else ")[2]
        path = told.split("'")[1] if "!=" in told else None
        return [(path, "=", False)] if path else []

    def test_every_model_that_may_be_shared_has_that_rule(self):
        for model in self.kept():
            company = self.env[model]._fields.get("company_id")
            if company is None or company.required or company.related or not company.store:
                continue
            if not self.env[model]._auto:
                continue
            with self.case(model):
                self.assertTrue(self.shares(model))
