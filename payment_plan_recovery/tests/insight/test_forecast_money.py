"""Money that came in and is matched with nothing is no cash to come."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from ..plan.plan_common import PlanCommon

TODAY = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestForecastMoney(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = cls.env["recovery.forecast"]

    def unmatched(self, invoice, debtor, amount):
        money = self.receive(self.item(invoice), amount, "2026-05-29")
        self.item(money).remove_move_reconcile()
        money.line_ids.partner_id = debtor

    def test_what_came_in_comes_no_second_time(self):
        """Nor what is left of a discount that it earned."""
        terms = self.env["account.payment.term"].create(
            {"name": "2 %", "early_discount": True, "discount_days": 10, "discount_percentage": 2}
        )
        other = self.env["res.partner"].create({"name": "Other"})
        whole, part = self.invoice(500, "2026-04-01"), self.invoice(1000, "2026-06-07")
        early = self.invoice(
            1000,
            invoice_date="2026-05-25",
            date="2026-05-25",
            partner_id=other.id,
            invoice_payment_term_id=terms.id,
        )
        self.unmatched(whole, self.debtor, 900)
        self.unmatched(early, other, 980)
        with freeze_time(TODAY):
            found, alone = self.forecast.predict(TODAY), self.forecast.predict(TODAY, self.debtor)
            weeks = self.forecast.cash(TODAY, 4)
        self.assertEqual(set(found), set(self.item(part).ids))
        self.assertEqual(set(alone), set(found))
        self.assertEqual([week[1] for week in weeks], [600, 0, 0, 0])

    def test_a_plan_s_next_instalments_are_paid_by_it(self):
        invoice = self.invoice(300)
        plan = self.active_plan(invoice, date_start=date(2026, 5, 15))
        plan.sudo().date_activated = date(2026, 1, 15)
        self.unmatched(invoice, self.debtor, 200)
        with freeze_time(TODAY):
            [known] = self.forecast._known(TODAY)
        self.assertEqual(known.amount, 100)
        self.assertEqual(known.outlook.chance(30), 0)  # what is left is the instalment of July

    def test_a_refund_that_was_paid_out_brings_nothing(self):
        invoice = self.invoice(200)
        self.unmatched(invoice, self.debtor, 300)
        self.unmatched(invoice, self.debtor, -100)
        with freeze_time(TODAY):
            self.assertFalse(self.forecast.predict(TODAY))
