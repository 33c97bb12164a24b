"""Ways to find out what a field hides that are no reads: forms, groups, progress bars, panels, files, words."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Client
from odoo.tests import HttpCase, tagged
from test_fields import FOR_EMPLOYEES, ours
from world import World


@tagged("post_install", "-at_install")
class TestRoundFields(Client, World, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who writes and exports contacts, and reads nothing of receivables
        groups = cls.env.ref("base.group_partner_manager") | cls.env.ref("base.group_allow_export")
        cls.users["employee"].group_ids |= groups
        debtor = cls.env["res.partner"].search([("name", "=", f"Debtor of {cls.company.name}")])
        cls.person = cls.env["res.partner"].create({"name": "Person", "parent_id": debtor.id})

    def hidden(self):
        return [field for field in ours(self.env, "res.partner") if field.name not in FOR_EMPLOYEES]

    def ways(self, record, field):
        """(method, arguments, named arguments) that could tell something of ``field``."""
        name, spec = field.name, {field.name: {}}
        yield "onchange", [record.ids, {"name": "Other"}, ["name"], spec], {}
        yield "onchange", [[], {"parent_id": record.id}, [], spec], {}
        yield "web_read", [record.ids, spec], {}
        yield "web_save", [record.ids, {}, spec], {}
        yield "web_search_read", [[], {"child_ids": {"fields": spec}}], {}
        yield "search_read", [[], [name]], {}
        yield "read_progress_bar", [[], name, {"field": "type", "colors": {"contact": "success"}}], {}
        yield "read_progress_bar", [[], "type", {"field": name, "colors": {"1": "success"}}], {}
        yield "search_panel_select_range", [name], {}
        yield "search_panel_select_multi_range", [name], {}
        yield "web_read_group", [[], [name]], {}
        yield "formatted_read_grouping_sets", [[], [[name]]], {}
        yield "export_data", [self.person.ids, [f"parent_id/{name}"]], {}
        yield "export_data", [record.ids, [f"child_ids/{name}"]], {}
        if field.type in ("monetary", "float", "integer"):
            yield "formatted_read_group", [[], ["type"], [f"{name}:sum"]], {}
            yield "formatted_read_group", [[], ["type"], ["__count"]], {"having": [(f"{name}:sum", ">", 0)]}
            yield "formatted_read_group", [[], ["type"], ["__count"]], {"order": f"{name}:sum"}
        if field.comodel_name:
            yield "web_name_search", ["", {}], {"domain": [(f"{name}.id", ">", 0)]}
            yield "search", [[(f"{name}.display_name", "ilike", "a")]], {}

    def test_no_form_group_or_panel_tells_it(self):
        record = self.sample("res.partner", self.company)
        for field in self.hidden():
            for method, arguments, named in self.ways(record, field):
                with self.case(field.name, method, arguments, named):
                    outcome, _changed = self.ask("employee", "res.partner", method, *arguments, **named)
                    self.assertNotEqual(outcome, "done", outcome == "done" and str(self.result)[:200])

    def test_what_employees_may_know_is_told(self):
        """The ways are such that they would tell."""
        record = self.sample("res.partner", self.company)
        for method, arguments, named in self.ways(record, record._fields["recovery_channel"]):
            with self.case(method, arguments, named):
                self.assertEqual(self.ask("employee", "res.partner", method, *arguments, **named)[0], "done")

    def test_no_file_and_no_word_in_braces_tells_it(self):
        record = self.sample("res.partner", self.company)
        self.authenticate("matrix_employee", "matrix_employee")
        employee = self.env(user=self.users["employee"], context={"allowed_company_ids": self.company.ids})
        for field in self.hidden():
            with self.case(field.name):
                answer = self.url_open(f"/web/content/res.partner/{record.id}/{field.name}")
                self.assertNotEqual(answer.status_code, 200)
                try:
                    with self.env.cr.savepoint():
                        composer = employee["mail.compose.message"].create(
                            {
                                "model": "res.partner",
                                "res_ids": repr(record.ids),
                                "composition_mode": "comment",
                                "subject": f"({{{{ object.{field.name} }}}})",
                            }
                        )
                        rendered = composer._render_field("subject", record.ids)[record.id]
                except Exception as error:
                    rendered = f"() {error}"
                self.env.invalidate_all()
                self.assertTrue(rendered.startswith(("()", "(False)")), rendered[:80])


@tagged("post_install", "-at_install")
class TestSetGoing(Client, World):
    """What runs by itself, or by an action that somebody declared, is not set going by whoever may not do it."""

    def test_no_job_is_set_going_by_hand(self):
        jobs = self.env["ir.cron"].search([("model_id.model", "=like", "recovery.%")])
        self.assertTrue(jobs)
        for role in ("employee", "accountant", "collector", "manager"):
            for method in ("method_direct_trigger", "toggle"):
                with self.case(role, method):
                    arguments = [jobs[:1].ids] if method != "toggle" else [jobs[:1].ids, "res.partner", []]
                    self.assert_refused(role, "ir.cron", method, *arguments)

    def test_actions_that_are_declared_do_no_more_than_their_user_may(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "payment_plan_recovery"), ("model", "=", "ir.actions.server")]
        )
        actions = self.env["ir.actions.server"].browse(data.mapped("res_id"))
        self.assertGreater(len(actions), 5)
        for action in actions.filtered(lambda action: action.usage == "ir_actions_server"):
            record = self.sample(action.model_id.model, self.company)
            context = {"active_model": record._name, "active_id": record.id, "active_ids": record.ids}
            for role in ("portal", "employee"):
                with self.case(role, action.name):
                    _outcome, changed = self.ask(
                        role, "ir.actions.server", "run", action.ids, context=context
                    )
                    self.assertFalse(changed)
