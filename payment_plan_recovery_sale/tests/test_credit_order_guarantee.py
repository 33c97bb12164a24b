"""A guarantee ends between the confirmation of an order and its invoice."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import TODAY
from odoo.exceptions import UserError
from odoo.tests import tagged

from .order_common import OrderCommon

ENDS = TODAY + timedelta(days=10)


@tagged("post_install", "-at_install")
class TestCreditOrderGuarantee(OrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rule(trigger="over_limit", threshold=0)
        cls.guarantee = cls.env["recovery.guarantee"].create(
            {
                "partner_id": cls.debtor.id,
                "kind": "bank",
                "amount": 500,
                "date_from": TODAY,
                "date_until": ENDS,
            }
        )

    def exposed(self, day):
        with freeze_time(day):
            self.debtor.invalidate_recordset()
            return self.debtor.recovery_exposure, self.debtor.recovery_over_limit

    def test_on_both_sides_of_its_last_day(self):
        order = self.make_order(amount=1500)
        order.with_user(self.seller).action_confirm()
        after = ENDS + timedelta(days=1)
        self.assertEqual(self.exposed(ENDS), (1000, False))
        self.assertEqual(self.exposed(after), (1500, True))
        with freeze_time(ENDS), self.assertRaises(UserError):
            self.make_order(amount=0.01).with_user(self.seller).action_confirm()
        with freeze_time(after), self.assertRaises(UserError) as refused:
            self.make_order(amount=0.01).with_user(self.seller).action_confirm()
        self.assertNotIn("1,500", str(refused.exception), "sellers are told no figures")
        with freeze_time(after):
            order._create_invoices().action_post()  # what was ordered under it is invoiced: no new credit
        self.assertEqual(self.exposed(after), (1500, True))

    def test_renewed(self):
        self.make_order(amount=1500).with_user(self.seller).action_confirm()
        after = ENDS + timedelta(days=1)
        self.guarantee.copy({"amount": 600, "date_from": after, "date_until": False})
        self.assertEqual(self.exposed(ENDS), (1000, False), "no day counts both")
        self.assertEqual(self.exposed(after), (900, False))
        with freeze_time(after):
            self.make_order(amount=100).with_user(self.seller).action_confirm()
        self.assertEqual(self.exposed(after), (1000, False))

    def test_of_a_branch(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.guarantee.company_id = branch
        self.make_order(amount=1500).with_user(self.seller).action_confirm()
        self.assertEqual(self.exposed(ENDS), (1000, False), "one creditor")
