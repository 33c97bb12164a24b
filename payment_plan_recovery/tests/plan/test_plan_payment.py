"""Paid amounts follow the ledger at once, and back."""

from odoo.tests import tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanPayment(PlanCommon):
    def test_first_in_first_out(self):
        first, second = self.invoice(100), self.invoice(200)
        plan = self.active_plan(first, second)
        self.pay(second, 150)
        self.assertEqual((plan.amount_paid, plan.amount_residual), (150, 150))
        self.assertEqual([paid for *_rest, paid in self.amounts(plan)], [100, 50, 0])
        self.assertEqual(plan.instalment_ids.sorted("number")[0].state, "paid")
        self.assertEqual(self.item_states(plan), [(100, 0, True), (200, 150, True)])
        self.pay(first, 100)
        self.assertEqual([paid for *_rest, paid in self.amounts(plan)], [100, 100, 50])

    def test_payment_taken_back(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        payment = self.pay(move, 250)
        self.assertEqual(plan.amount_paid, 250)
        payment.line_ids.remove_move_reconcile()
        self.assertEqual([paid for *_rest, paid in self.amounts(plan)], [0, 0, 0])
        self.assertEqual(plan.instalment_ids.mapped("amount_residual"), [100, 100, 100])

    def test_credit_note_and_write_off_count(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        reversal = move._reverse_moves([{"invoice_date": move.invoice_date}])
        reversal.invoice_line_ids.price_unit = 120
        reversal.action_post()
        (self.item(reversal) + self.item(move)).reconcile()
        self.assertEqual(plan.amount_paid, 120)
        self.receive(self.item(move), 30, journal=self.company_data["default_journal_misc"])
        self.assertEqual([paid for *_rest, paid in self.amounts(plan)], [100, 50, 0])

    def test_what_was_received_before_acceptance_is_not_the_plan_s(self):
        move = self.invoice(400)
        early = self.pay(move, 100)
        plan = self.active_plan(move)
        self.assertEqual((plan.amount_total, plan.amount_paid), (300, 0))
        self.pay(move, 30)
        self.assertEqual(plan.amount_paid, 30)
        # The early payment bounces: 100 more fall open, which the plan never covered.
        early.line_ids.remove_move_reconcile()
        self.assertEqual((plan.amount_total, plan.amount_paid), (300, 0))

    def test_received_between_acceptance_and_activation(self):
        move = self.invoice(300)
        plan = self.plan(move)
        plan.action_propose()
        plan.action_accept()
        self.pay(move, 100)
        plan.action_activate()
        self.assertEqual((plan.amount_total, plan.amount_paid), (300, 100))

    def test_overpayment_never_goes_negative(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        self.pay(move, 500)
        self.assertEqual((plan.amount_paid, plan.amount_residual), (300, 0))
        self.assertEqual(plan.instalment_ids.mapped("amount_residual"), [0, 0, 0])

    def test_closed_plans_keep_what_was_paid(self):
        move = self.invoice(300)
        plan = self.active_plan(move)
        payment = self.pay(move, 100)
        plan.action_break()
        self.pay(move, 50)
        self.assertEqual(plan.amount_paid, 100)
        payment.line_ids.remove_move_reconcile()
        self.assertEqual(plan.amount_paid, 100)

    def test_currency_without_decimals(self):
        yen = self.setup_other_currency("JPY", rounding=1.0)
        move = self.invoice(1000, currency_id=yen.id)
        plan = self.active_plan(move)
        self.assertEqual([amount for _date, amount, _paid in self.amounts(plan)], [333, 333, 334])
        self.assertEqual(self.item(move).amount_residual_currency, 1000)
