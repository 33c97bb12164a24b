"""The calls of docs/api.md, made over HTTP with the API key of a user who is no administrator."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from called import GROUPS, Calls
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestApi(Calls, PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.declare_policy()
        cls.program = new_test_user(cls.env, "program", groups=GROUPS, company_id=cls.company.id)

    @classmethod
    def setup_independent_company(cls, **kwargs):
        return super().setup_independent_company(currency_id=cls.env.ref("base.EUR").id, **kwargs)

    def test_the_page_is_true(self):
        self.go_through(self.known(), self.key(self.program))

    def test_what_an_error_looks_like(self):
        """As the page says: the kind, words for a person in its language, and nothing done."""
        self.env["res.lang"]._activate_lang("fr_FR")
        key = self.key(self.program)
        french = {"context": {"lang": "fr_FR"}}
        plan = self.plan(self.invoice(10.0))
        plan.action_cancel()
        with mute_logger("odoo.http"):
            for path, body, status, kind in (
                ("recovery.plan/action_propose", {"ids": plan.ids}, 422, "odoo.exceptions.UserError"),
                (
                    "recovery.plan/write",
                    {"ids": plan.ids, "vals": {"state": "active"}},
                    403,
                    "odoo.exceptions.AccessError",
                ),
                ("recovery.plan/no_such", {"ids": plan.ids}, 404, "werkzeug.exceptions.NotFound"),
                (
                    "recovery.plan/action_propose",
                    {"ids": plan.ids, "nonsense": 1},
                    422,
                    "werkzeug.exceptions.UnprocessableEntity",
                ),
                ("recovery.plan/create", {"vals_list": [{"nonsense": 1}]}, 500, "builtins.ValueError"),
                ("recovery.plan/search_read", {"domain": [["nonsense", "=", 1]]}, 500, "builtins.ValueError"),
                ("res.partner/recovery_explain", {"ids": [2**30]}, 404, "odoo.exceptions.MissingError"),
            ):
                answer = self.post(f"/json/2/{path}", {**body, **french}, key)
                told = answer.json()
                self.assertEqual((answer.status_code, told["name"]), (status, kind), told["message"])
                self.assertTrue(told["message"])
            answer = self.post("/json/2/recovery.plan/action_propose", {"ids": plan.ids, **french}, key)
        self.assertEqual(plan.state, "cancelled")
        self.assertRegex(answer.json()["message"], "Annulé")

    def test_a_key_opens_what_its_user_may_and_no_more(self):
        known = self.known()
        explain = "/json/2/res.partner/recovery_explain", {"ids": [known["debtor"]]}
        with mute_logger("odoo.http"):
            self.assertEqual(self.post(*explain, key="wrong").status_code, 401)
            employee = new_test_user(self.env, "clerk", groups="base.group_user", company_id=self.company.id)
            self.assertEqual(self.post(*explain, key=self.key(employee)).status_code, 403)
            approve = self.post(
                "/json/2/recovery.plan/action_approve",
                {"ids": self.plan(self.invoice(10.0)).ids},
                self.key(self.program),
            )
        self.assertEqual(approve.status_code, 403, approve.text)
