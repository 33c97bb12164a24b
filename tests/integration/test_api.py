"""The calls of docs/api.md, made over HTTP with the API key of a user who is no administrator."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from dateutil.relativedelta import relativedelta
from documented import calls, filled, learn
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.fields import Datetime
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

GROUPS = "payment_plan_recovery.group_recovery_user,account.group_account_invoice"


@tagged("post_install", "-at_install")
class TestApi(PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policies = cls.env["recovery.dunning.policy"].sudo()
        policies.search([]).active = False
        policies.create(
            {
                "name": "Documented",
                "company_id": cls.company.id,
                "level_ids": [
                    (0, 0, {"name": "First reminder", "channel_ids": [(0, 0, {"channel": "email"})]})
                ],
            }
        )
        cls.program = new_test_user(cls.env, "program", groups=GROUPS, company_id=cls.company.id)

    @classmethod
    def setup_independent_company(cls, **kwargs):
        return super().setup_independent_company(currency_id=cls.env.ref("base.EUR").id, **kwargs)

    def key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "Program", Datetime.now() + timedelta(days=1))

    def post(self, path, body, key):
        headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": self.env.cr.dbname}
        answer = self.url_open(path, json=body, headers=headers)
        self.env.invalidate_all()
        return answer

    def known(self):
        """What the program knows beforehand."""
        today = self.company._recovery_today()
        return {
            "debtor": self.debtor.id,
            "item": self.item(self.invoice(300.0)).id,
            "journal": self.company_data["default_journal_bank"].id,
            "today": today.isoformat(),
            "next_month": (today + relativedelta(months=1, day=15)).isoformat(),
            "first_of_year": today.replace(month=1, day=1).isoformat(),
        }

    def test_the_page_is_true(self):
        known, key = self.known(), self.key(self.program)
        shown = calls()
        self.assertGreater(len(shown), 10)
        for call in shown:
            answer = self.post(call.path, filled(call.body, known), key)
            self.assertEqual(answer.status_code, 200, f"{call.path}: {answer.text}")
            if call.answer is not None:
                learn(call.answer, answer.json(), known, call.path)

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
