"""From a debtor to a plan in force, in a browser."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanTour(PlanCommon, HttpCase):
    def test_from_a_debtor_to_a_plan_in_force(self):
        move = self.invoice(600, fields.Date.subtract(fields.Date.today(), days=30))
        collector = self.collector()
        collector.sudo().password = collector.login
        self.start_tour(
            f"/odoo/res.partner/{self.debtor.id}", "payment_plan_recovery_plan", login=collector.login
        )
        plan = self.item(move).recovery_plan_id
        self.assertEqual(
            (plan.state, plan.signed_by, plan.user_id), ("active", "Anne Martin, manager", collector)
        )
        self.assertEqual(plan.instalment_ids.mapped("amount"), [100] * 6)
        self.assertTrue(self.item(move).no_followup)
