"""What a debtor disputes makes it not late; it owes it, and nothing else, all the same."""

from freezegun import freeze_time
from odoo.tests import tagged

from ..solvency.solvency_common import TODAY, ago
from .enforcement_common import EnforcementCommon


@tagged("post_install", "-at_install")
class TestCreditDisputed(EnforcementCommon):
    def setUp(self):
        super().setUp()
        self.make_rule(trigger="days_overdue", threshold=30)
        self.make_rule(trigger="amount_overdue", threshold=50)
        self.late = self.invoice(self.debtor, 600, on=ago(136), due=ago(106))

    def hold(self, moves=None, **values):
        return self.env["recovery.hold"].create(
            {
                "partner_id": self.debtor.id,
                "move_line_ids": self.item(moves).ids if moves else [],
                "kind": "dispute",
                "date_from": ago(90),
                "date_until": ago(-90),
                "reason": "Faulty",
                **values,
            }
        )

    def new(self, amount=10):
        return self.invoice(self.debtor, amount, post=False)

    def assert_passes(self, move):
        self.assertFalse(move.recovery_credit_action)
        move.with_user(self.clerk).action_post()
        self.assertEqual(move.state, "posted")

    def test_before(self):
        self.assertIn("106", self.assert_blocked(self.new()))

    def test_disputed_invoice_makes_nobody_late(self):
        self.hold(self.late)
        self.assert_passes(self.new())

    def test_dispute_of_the_debtor_makes_nobody_late(self):
        dispute = self.env["recovery.dispute"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "move_line_ids": self.item(self.late).ids,
                "cause": "goods",
                "description": "Faulty",
            }
        )
        self.assert_passes(self.new())
        dispute.answer = "It was faultless"
        dispute.action_reject()
        with freeze_time(ago(-1)):
            self.assert_blocked(self.new())

    def test_it_is_owed_all_the_same(self):
        self.make_rule("approve", "over_limit")
        self.hold(self.late)
        self.assert_passes(self.new(400))
        self.assertIn("limit", self.assert_blocked(self.new(1)))

    def test_what_is_not_disputed_of_it_is_late(self):
        self.hold(self.late, amount=550)
        message = self.assert_blocked(self.new())
        self.assertIn("106", message)

    def test_what_is_disputed_of_it_is_not_overdue(self):
        self.env["recovery.credit.rule"].search([("trigger", "=", "days_overdue")]).active = False
        part = self.hold(self.late, amount=550)
        self.assert_passes(self.new())
        part.amount = 549.99
        self.assert_blocked(self.new())

    def test_parts_that_come_to_the_whole(self):
        self.hold(self.late, amount=400)
        self.hold(self.late, amount=200)
        self.assert_passes(self.new())

    def test_part_of_what_was_paid_of_it_meanwhile(self):
        self.hold(self.late, amount=600)
        self.credit(self.debtor, 250, on=TODAY)
        self.assert_passes(self.new())

    def test_the_next_late_one_counts(self):
        self.hold(self.late)
        self.invoice(self.debtor, 20, on=ago(61), due=ago(30), post=False).with_user(self.clerk).action_post()
        self.assert_passes(self.new())
        self.env["recovery.credit.rule"].search([("trigger", "=", "days_overdue")]).threshold = 29
        message = self.assert_blocked(self.new())
        self.assertIn("30", message)
        self.assertNotIn("106", message)

    def test_hold_on_all_that_is_owed(self):
        self.hold()
        self.assert_passes(self.new())

    def test_other_holds_and_other_days_change_nothing(self):
        for values in (
            {"kind": "promise"},
            {"kind": "manual"},
            {"date_until": ago(1)},
            {"date_from": ago(-1)},
            {"partner_id": self.make_debtor("Other").id, "move_line_ids": []},
        ):
            with self.subTest(values):
                hold = self.hold(self.late, **values)
                self.assert_blocked(self.new())
                hold.unlink()

    def test_part_in_another_currency(self):
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "USD")])
        currency.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "company_id": self.company.id, "name": ago(400), "rate": 2.0}
        )
        self.hold(self.late)
        dollars = self.invoice(
            self.debtor, 300, on=ago(100), due=ago(60), currency_id=currency.id, post=False
        )
        self.approve(dollars)
        dollars.action_post()
        self.assertEqual(self.item(dollars).amount_residual, 150)
        part = self.hold(dollars, amount=300)
        self.assert_passes(self.new())
        part.amount = 299
        message = self.assert_blocked(self.new())
        self.assertIn("60", message)
        self.assertIn("0.50", message)
