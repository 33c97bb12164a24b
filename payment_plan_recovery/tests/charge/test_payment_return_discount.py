"""A direct debit less its early discount comes back: the discount is lost, the invoice is late since its due date."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.early_terms import less_2_percent
from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestPaymentReturnDiscount(ChargeCommon):
    """1,000 of 1 August, 2 % less until 11 August, due on 31 August; 980 collected on the 8th, back on the 20th."""

    def bill(self, tax=None, reckoned="included", debtor=None):
        terms = less_2_percent(self.env, early_pay_discount_computation=reckoned)
        line = {"name": "Work", "price_unit": 1000, "tax_ids": [Command.set(tax.ids if tax else [])]}
        return self.invoice(
            0,
            "2026-08-01",
            debtor,
            invoice_payment_term_id=terms.id,
            invoice_line_ids=[Command.create(line)],
        )

    def collect(self, moves, amount):
        """Pay invoices with Odoo's dialog, which takes the discount; return the payment's receivable items."""
        payments = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": "2026-08-08", "group_payment": True})
            ._create_payments()
        )
        self.assertEqual(
            (sum(payments.mapped("amount")), set(moves.mapped("amount_residual"))), (amount, {0})
        )
        return self.item(payments.move_id)

    def back(self, debtor, amount):
        return self.money(debtor, -amount, "2026-08-20")

    def dialog(self, back, **values):
        context = {"active_model": "account.move", "active_ids": back.move_id.ids}
        return self.env["recovery.payment.return"].with_context(**context).create(values)

    def balances(self, move):
        """What the entries of a debtor left on every account but the bank's and the debtor's."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", move.partner_id.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "not in", ("asset_receivable", "asset_cash", "asset_current")),
            ]
        )
        return {
            account.id: balance
            for account, balance in (
                (account, round(sum(of.mapped("balance")), 2))
                for account, of in lines.grouped("account_id").items()
            )
            if balance
        }

    def test_it_is_offered_and_the_whole_invoice_is_owed_again(self):
        move = self.bill()
        debit = self.collect(move, 980)
        back = self.back(move.partner_id, 980)
        dialog = self.dialog(back)
        self.assertEqual((dialog.payment_item_id, dialog.late_item_ids), (debit, self.item(move)))
        dialog.action_confirm()
        self.assertEqual(move.amount_residual, 1000)
        self.assertTrue(debit.reconciled and back.reconciled, "nothing is left open beside the invoice")
        self.assertEqual(self.charge(move, "2026-09-30"), ("10.19", "40.00"), "30 days at 12.40 % of 1,000")
        claim = self.env["recovery.claim"].search([("partner_id", "=", move.partner_id.id)])
        self.assertEqual(
            (claim.move_id, claim.amount_residual, str(claim.date_due)), (move, 1000, "2026-08-31")
        )

    def test_the_discount_and_its_taxes_are_taken_back_in_the_books(self):
        tax = self.env["account.tax"].create({"name": "20 %", "amount": 20, "company_id": self.company.id})
        for reckoned, amount in (("included", 1176), ("excluded", 1180)):
            with self.subTest(reckoned=reckoned):
                move = self.bill(tax, reckoned)
                before = self.balances(move)
                self.collect(move, amount)
                self.assertNotEqual(self.balances(move), before)
                self.dialog(self.back(move.partner_id, amount)).action_confirm()
                self.assertEqual((self.balances(move), move.amount_residual), (before, 1200))

    def test_one_debit_for_several_invoices(self):
        debtor = self.debtor()
        moves = self.bill(debtor=debtor) | self.bill(debtor=debtor)
        debit = self.collect(moves, 1960)
        dialog = self.dialog(self.back(debtor, 1960))
        self.assertEqual((dialog.payment_item_id, dialog.late_item_ids), (debit[:1], self.item(moves)))
        dialog.action_confirm()
        self.assertEqual(moves.mapped("amount_residual"), [1000, 1000])

    def test_another_amount_is_not_what_came_back(self):
        move = self.bill()
        debit = self.collect(move, 980)
        for amount in (979.99, 1000.01):
            with self.assertRaises(UserError):
                self.dialog(self.back(move.partner_id, amount), payment_item_id=debit.id).action_confirm()
        self.assertEqual(move.amount_residual, 0)

    def test_not_matched_with_the_discount_it_is_lost_all_the_same(self):
        move = self.bill()
        debit = self.money(move.partner_id, 980, "2026-08-08")
        (debit | self.item(move)).reconcile()
        self.assertEqual(self.charge(move, "2026-09-30"), ("0.00", "0.00"))
        self.dialog(self.back(move.partner_id, 980)).action_confirm()
        self.assertEqual((move.amount_residual, self.charge(move, "2026-09-30")[0]), (1000, "10.19"))
