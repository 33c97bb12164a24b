"""Odoo's automation rules on what the addon's own actions change: plans, promises, cases, notices."""

from datetime import date

from freezegun import freeze_time
from odoo.addons.payment_plan_recovery.tests.plan.plan_common import PlanCommon
from odoo.tests import tagged

from demo import automation


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestAutomation(PlanCommon):
    def rule(self, model, field, value, code):
        """Have ``code`` run when the field of a record gets ``value``."""
        of_model = self.env["ir.model"].sudo()._get_id(model)
        action = {"name": "Noted", "model_id": of_model, "state": "code", "usage": "base_automation"}
        chosen = self.env["ir.model.fields"].sudo()._get(model, field)
        self.env["base.automation"].sudo().create(
            {
                "name": "Noted",
                "model_id": of_model,
                "trigger": "on_create_or_write",
                "trigger_field_ids": [(6, 0, chosen.ids)],
                "filter_domain": repr([(field, "=", value)]),
                "action_server_ids": [(0, 0, {**action, "code": code})],
            }
        )

    def noted(self, record):
        """How often the rule's action ran on the record."""
        self.env.flush_all()
        return len(record.message_ids.filtered(lambda message: "Seen by a rule" in message.body))

    def note(self, model, field, value):
        self.rule(model, field, value, "record.message_post(body='Seen by a rule')")

    def test_a_promise_that_is_not_kept(self):
        self.note("recovery.promise", "state", "broken")
        self.invoice(300)
        promise = self.env["recovery.promise"].create(
            {"partner_id": self.debtor.id, "amount": 300, "date_promised": "2026-03-05"}
        )
        self.assertFalse(self.noted(promise))
        with freeze_time("2026-03-20 10:00:00"):
            promise.action_judge()
            self.assertEqual((promise.state, self.noted(promise)), ("broken", 1))
            promise.action_judge()
        self.assertEqual(self.noted(promise), 1)

    def test_a_case_that_is_closed(self):
        self.note("recovery.case", "stage", "closed")
        invoice = self.invoice(300)
        action = invoice.action_recovery_case()
        case = self.env["recovery.case"].browse(action["res_id"])
        self.pay(invoice, 300, "2026-03-02")
        case.sudo()._follow()
        self.assertEqual((case.stage, self.noted(case)), ("closed", 1))

    def test_the_demonstrations_rules(self):
        automation.declare(self.env)
        automation.declare(self.env)
        plan = self.active_plan(self.invoice(300))
        plan.action_break()
        self.assertEqual(plan.state, "broken")
        tasks = {task: days for _model, _state, task, days in automation.RULES}
        found = plan.activity_ids.filtered(lambda activity: activity.summary in tasks)
        self.assertEqual(len(found), 1)
        self.assertEqual((found.user_id, found.date_deadline), (plan.user_id, date(2026, 3, 4)))

    def test_a_notice_that_fails(self):
        automation.declare(self.env)
        self.debtor.email = "martin@example.com"
        self.invoice(300)
        run = self.env["recovery.dunning.run"].create({"date": "2026-03-02", "company_id": self.company.id})
        run.action_propose()
        run.action_confirm()
        notice = run.notice_ids
        self.assertEqual(len(notice), 1)
        notice.sudo()._failed("No such mailbox", retry=False)
        self.assertEqual(notice.state, "failed")
        self.assertIn(automation.RULES[1][2], notice.activity_ids.mapped("summary"))
