"""A promise for what a plan covers: the mail that confirms it names the instalments it is for."""

from datetime import timedelta

from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanPromised(PlanCommon):
    def test_instalments_that_fall_due_by_then_are_named(self):
        today = self.company._recovery_today()
        bill, free = self.invoice(300), self.invoice(80)
        plan = self.active_plan(bill, date_start=today + timedelta(days=10))
        self.active_plan(self.invoice(90), date_start=today)  # another one, of which nothing is promised
        dues = plan.instalment_ids.sorted("number").mapped("date_due")
        late = self.item(free).date_maturity
        about = {"partner_id": self.debtor.id, "company_id": self.company.id, "amount": 100}
        for day, told in ((dues[0], dues[:1]), (dues[1], dues[:2]), (today, dues[:1])):
            with self.subTest(day):  # the next one, where none is due by then
                promise = self.env["recovery.promise"].create(
                    {**about, "date_promised": day, "move_line_ids": self.item(bill, free).ids}
                )
                named = [claim.date_due for claim in promise._content().claims]
                self.assertEqual(sorted(named), [late, *told])
                promise.action_cancel()
