"""An order is paid by card in advance, in whole or in part, and paid back."""

from odoo import Command
from odoo.addons.payment_plan_recovery.tests.solvency.solvency_common import TODAY
from odoo.exceptions import UserError
from odoo.tests import tagged

from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestCreditOrderPaidBack(OrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rule()
        cls.company.recovery_credit_user_id = cls.manager
        cls.provider = cls.env["payment.provider"].create({"name": "Card", "company_id": cls.company.id})
        cls.journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)]
        )
        lines = cls.journal.inbound_payment_method_line_ids | cls.journal.outbound_payment_method_line_ids
        lines.payment_account_id = cls.journal.default_account_id
        cls.method = cls.env["payment.method"].search([("active", "in", (True, False))], limit=1)

    def transact(self, amount, **values):
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "amount": amount,
                "currency_id": self.eur.id,
                "partner_id": self.debtor.id,
                "reference": f"card {self.env['payment.transaction'].search_count([])}",
                "state": "done",
                **values,
            }
        )
        self.book(transaction)
        return transaction

    def book(self, transaction):
        """Book the money as Odoo does, once the provider has it."""
        payment = self.env["account.payment"].create(
            {
                "amount": abs(transaction.amount),
                "payment_type": "inbound" if transaction.amount > 0 else "outbound",
                "partner_id": self.debtor.id,
                "partner_type": "customer",
                "journal_id": self.journal.id,
            }
        )
        payment.action_post()
        transaction.payment_id = payment

    def paid(self, order, amount):
        return self.transact(amount, sale_order_ids=[Command.set(order.ids)])

    def pay_back(self, transaction, amount):
        refund = transaction._create_child_transaction(amount, is_refund=True)
        refund.state = "done"
        self.book(refund)
        refund._post_process()
        return refund

    def exposure(self):
        self.debtor.invalidate_recordset()
        return self.debtor.recovery_exposure

    def asked(self, order):
        return order.activity_ids.filtered(lambda one: one.summary.startswith("Paid back"))

    def test_room_comes_back_as_the_money_goes(self):
        order = self.make_order(amount=1500)
        card = self.paid(order, 1500)
        self.assertEqual(self.exposure(), -1500)
        order.with_user(self.seller).action_confirm()
        self.assertEqual(self.exposure(), 0)
        self.pay_back(card, 400)
        self.assertEqual((self.exposure(), self.debtor.recovery_over_limit), (400, False))
        self.assertEqual(self.asked(order).user_id, self.manager)
        self.pay_back(card, 1100)
        self.assertEqual((self.exposure(), self.debtor.recovery_over_limit), (1500, True))
        self.assertEqual(len(self.asked(order)), 1, "asked once")

    def test_an_order_that_is_not_confirmed_yet_is_judged_by_what_is_left(self):
        for back, passes in ((0, True), (1000, True), (1000.01, False), (1500, False)):
            with self.subTest(back), self.env.cr.savepoint() as savepoint:
                order = self.make_order(amount=1500)
                card = self.paid(order, 1500)
                if back:
                    self.pay_back(card, back)
                self.assertFalse(self.asked(order), "it gives no credit before it is confirmed")
                if passes:
                    order.with_user(self.seller).action_confirm()
                else:
                    with self.assertRaises(UserError):
                        order.with_user(self.seller).action_confirm()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_down_payment_never_was_all_of_it(self):
        order = self.make_order(amount=900)
        card = self.paid(order, 300)
        order.with_user(self.seller).action_confirm()
        self.assertEqual(self.exposure(), 600)
        self.pay_back(card, 300)
        self.assertEqual(self.exposure(), 900)
        self.assertFalse(self.asked(order), "it was judged as a whole when it was confirmed")

    def test_a_refund_is_no_credit_and_no_claim_of_its_own(self):
        order = self.make_order(amount=900)
        card = self.paid(order, 300)
        order.action_confirm()
        order._create_invoices().action_post()
        invoice = order.invoice_ids
        self.assertEqual(self.uncovered(invoice), 600)
        self.pay_back(card, 100)
        self.assertEqual(self.uncovered(invoice), 700, "of 300 there are 200 left")
        self.pay_back(card, 200)
        self.assertEqual(self.uncovered(invoice), 900)
        self.assertEqual(self.exposure(), 900)

    def uncovered(self, invoice):
        item = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return item.amount_residual - self.env["recovery.open.money"].covered(item, TODAY).get(item.id, 0)
