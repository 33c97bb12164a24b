"""Calls over JSON-2 with the API key of a program, and the page that shows them."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from documented import calls, filled, learn
from odoo.fields import Datetime

GROUPS = "payment_plan_recovery.group_recovery_user,account.group_account_invoice"


class Calls:
    """What a test of calls has beside a ledger."""

    @classmethod
    def declare_policy(cls):
        """The one dunning policy of the page."""
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

    def key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user)
        return keys._generate("rpc", "Program", Datetime.now() + timedelta(days=1))

    def post(self, path, body, key):
        headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": self.env.cr.dbname}
        answer = self.url_open(path, json=body, headers=headers)
        self.env.invalidate_all()
        return answer

    def known(self, journal=None, **invoice):
        """What the program knows beforehand."""
        today = self.company._recovery_today()
        return {
            "debtor": self.debtor.id,
            "item": self.item(self.invoice(300.0, **invoice)).id,
            "journal": (journal or self.company_data["default_journal_bank"]).id,
            "today": today.isoformat(),
            "next_month": (today + relativedelta(months=1, day=15)).isoformat(),
            "first_of_year": today.replace(month=1, day=1).isoformat(),
        }

    def go_through(self, known, key, told=lambda answer: answer, **more):
        """Make every call of the page, with ``more`` in its body; ``told`` changes what the page says of an answer."""
        shown = calls()
        self.assertGreater(len(shown), 10)
        for call in shown:
            answer = self.post(call.path, {**filled(call.body, known), **more}, key)
            self.assertEqual(answer.status_code, 200, f"{call.path}: {answer.text}")
            if call.answer is not None:
                learn(told(call.answer), answer.json(), known, call.path)
