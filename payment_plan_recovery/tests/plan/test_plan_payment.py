"""Paid amounts follow the ledger at once, and back."""

import re
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ...models.common.kernel import exact
from .plan_common import PlanCommon

#: A statement that reads or writes a table of ours; columns of ours on Odoo's tables are read with the others.
OURS = re.compile(r'(?:FROM|JOIN|UPDATE|INTO)\s+"?(recovery_\w+)')


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

    @contextmanager
    def noted(self):
        """Yield the list of the statements about tables of ours that are carried out meanwhile."""
        statements, execute = [], Cursor.execute

        def noting(cursor, query, *told, **how):
            text = getattr(query, "code", query)
            text = text.decode() if isinstance(text, bytes) else text
            if OURS.search(text):
                statements.append(text)
            return execute(cursor, query, *told, **how)

        with patch.object(Cursor, "execute", noting):
            yield statements

    def test_a_payment_asks_once_and_the_end_asks_for_all(self):
        """Each payment of an import costs one statement; what follows is worked out at the end, for all together."""
        moves = [self.invoice(300) for _number in range(4)]
        plans = [self.active_plan(move) for move in moves]
        pairs = [self.item(self.pay(move, 250), move) for move in moves]
        for pair in pairs:
            pair.remove_move_reconcile()
        counts = []
        for some in (pairs[:1], pairs[1:]):
            self.env.cr.flush()
            self.env.invalidate_all()
            with self.noted() as statements:
                for pair in some:
                    pair.reconcile()
                self.assertEqual(len(statements), len(some), statements)
                self.env.cr.flush()
            counts.append(len(statements) - len(some))
        one, three = counts
        self.assertEqual(one, three)
        self.assertEqual([plan.amount_paid for plan in plans], [250] * 4)
        self.assertRegex(plans[3].message_ids[0].body, "instalment 3 has .*50.00 of")

    def test_many_plans_are_spread_as_the_kernel_spreads_one(self):
        plans = self.active_plan(self.invoice(300)) | self.active_plan(self.invoice(100.01))
        instalments = self.env["recovery.plan.instalment"]
        for asked in (-1, 0, 0.01, 33.33, 33.34, 99.99, 100, 250.5, 300, 400):
            with self.subTest(asked=asked):
                shares = instalments._shares({plan.id: exact(asked, plan.currency_id) for plan in plans})
                for plan in plans:
                    spread = {share.id: share.asked for share in shares[plan.id]}
                    kernel = plan._paid_by_instalment(asked)
                    self.assertEqual(spread, {row.id: paid for row, paid in kernel.items()})

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
