"""Papers and exports over HTTP, as each role that may and as those that may not: the first time and again."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Client
from odoo.tests import HttpCase, tagged
from world import World

READERS = ("reader", "invoicing", "accountant", "collector", "manager")
STRANGERS = ("portal", "employee")


@tagged("post_install", "-at_install")
class TestPrints(Client, World, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls.env["ir.actions.report"].search(
            [("report_name", "like", "payment_plan_recovery.%")], order="id"
        )
        cls.notice = cls.env["recovery.notice"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.notice._archive(b"%PDF-1.4 the letter that went out")
        cls.env.flush_all()

    def get(self, role, url):
        self.authenticate(f"matrix_{role}", f"matrix_{role}")
        return self.url_open(url)

    def record_of(self, report):
        record = self.sample(report.model, self.company)
        if report.report_name.endswith("signatures"):
            return record.filtered("signature_ids")
        return record

    def test_whoever_may_sees_every_paper_and_sees_it_again(self):
        """The page that wkhtmltopdf prints, over HTTP; the PDF itself: test_notice_print.py."""
        for report in self.reports:
            record = self.record_of(report)
            if not record:
                continue
            for role in READERS:
                for time in ("cold", "warm"):
                    with self.case(role, report.report_name, time):
                        answer = self.get(role, f"/report/html/{report.report_name}/{record.id}")
                        self.assertEqual(answer.status_code, 200)
                        self.assertIn(b"<html", answer.content[:2000])

    def test_nobody_else_prints(self):
        for report in self.reports:
            record = self.record_of(report)
            for role in STRANGERS if record else ():
                with self.case(role, report.report_name):
                    answer = self.get(role, f"/report/html/{report.report_name}/{record.id}")
                    self.assertNotEqual(answer.status_code, 200)

    def test_files_and_exports(self):
        run = self.notice.run_id
        charges = self.env["recovery.charge"].search([("company_id", "=", self.company.id)])
        urls = [
            f"/web/content/{self.notice.attachment_id.id}?download=false",
            f"/recovery/run/{run.id}/review",
            f"/recovery/charges?ids={','.join(map(str, charges.ids))}",
            f"/recovery/credit/review?company_id={self.company.id}",
        ]
        for url in urls:
            for role in READERS:
                for time in ("cold", "warm"):
                    with self.case(role, url, time):
                        answer = self.get(role, url)
                        self.assertEqual(answer.status_code, 200)
                        self.assertTrue(answer.content.startswith((b"%PDF", b"PK")))
            for role in STRANGERS:
                with self.case(role, url):
                    self.assertFalse(self.get(role, url).content.startswith((b"%PDF", b"PK")))


@tagged("post_install", "-at_install")
class TestManagersConfiguration(Client, World):
    """A manager of Recovery without any other right keeps what Recovery declares, and its settings."""

    def test_every_menu_of_the_configuration_opens(self):
        manager = self.users["manager"]
        root = self.env.ref("payment_plan_recovery.menu_recovery_configuration")
        menus = self.env["ir.ui.menu"].with_user(manager)
        shown = menus.browse(menus._visible_menu_ids())
        below = self.env["ir.ui.menu"].search([("parent_id", "child_of", root.id)])
        self.assertFalse((below - shown).mapped("complete_name"))
        for menu in below.filtered("action"):
            action = menu.action
            if action._name == "ir.actions.act_window":
                with self.case(menu.complete_name):
                    outcome, _changed = self.ask(
                        "manager", action.res_model, "get_views", [[False, "list"], [False, "form"]]
                    )
                    self.assertEqual(outcome, "done")
                    self.assertEqual(self.ask("manager", action.res_model, "search_count", [])[0], "done")

    def test_the_settings_are_the_manager_s_and_nothing_else_of_the_company_is(self):
        manager = self.users["manager"]
        model = self.env["recovery.settings"].with_user(manager)
        settings = model.with_context(allowed_company_ids=self.company.ids)
        settings = settings.browse(settings._open()["res_id"])
        form = self.env["recovery.settings"].with_user(manager).get_view(view_type="form")["arch"]
        shown = self.env["ir.ui.view"].sudo().search([("model", "=", "res.config.settings")])
        self.assertTrue(shown)
        for name in ("recovery_daily_run", "recovery_contact_max", "recovery_write_off_ceiling"):
            self.assertIn(f'name="{name}"', form)
        settings.write({"recovery_contact_max": 3, "recovery_daily_run": "propose"})
        self.assertEqual((self.company.recovery_contact_max, self.company.recovery_daily_run), (3, "propose"))
        for values in ({"name": "Mine"}, {"recovery_contact_max": 4, "email": "x@example.com"}):
            self.assert_refused("manager", "recovery.settings", "write", settings.ids, values)
        self.assert_refused("manager", "recovery.settings", "create", [{"company_id": self.sister.id}])
        self.assert_refused(
            "manager", "recovery.settings", "create", [{"company_id": self.company.id, "name": "Mine"}]
        )
        for role in ("portal", "employee", "reader", "invoicing", "accountant", "collector"):
            with self.case(role):
                self.assert_refused(role, "recovery.settings", "create", [{"company_id": self.company.id}])
