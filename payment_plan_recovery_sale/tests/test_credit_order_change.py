"""Orders that change once they are confirmed, and what becomes of them: judged at each step, counted once."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestCreditOrderChange(OrderCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_rule()
        cls.ordered.list_price = 100.0  # what a line costs again when its quantity changes

    def confirmed(self, amount=100.0, **values):
        order = self.make_order(amount=amount, **values)
        order.action_confirm()
        return order

    # The change

    def test_a_quantity_raised_is_judged_on_both_sides_of_the_limit(self):
        order = self.confirmed()
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            order.order_line.product_uom_qty = 50
        self.assertIn("quotation of its own", str(refused.exception))
        self.env.invalidate_all()
        self.assertEqual(order.order_line.product_uom_qty, 1)
        order.order_line.product_uom_qty = 10
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 100.01

    def test_every_way_to_make_an_order_larger(self):
        order = self.confirmed(amount=900)
        line = {"product_id": self.ordered.id, "price_unit": 100.01, "product_uom_qty": 1, "tax_ids": False}
        ways = {
            "line": lambda: order.order_line.write({"product_uom_qty": 11}),
            "command": lambda: order.write(
                {"order_line": [Command.update(order.order_line.id, {"price_unit": 2000})]}
            ),
            "new line": lambda: order.write({"order_line": [Command.create(line)]}),
            "line created": lambda: self.env["sale.order.line"].create({**line, "order_id": order.id}),
            "seller": lambda: order.with_user(self.seller).order_line.write({"price_unit": 1000.01}),
            "context": lambda: order.order_line.with_context(recovery_credit_changing=order.ids).write(
                {"product_uom_qty": 11}
            ),
            "discount": lambda: order.order_line.write({"discount": -20}),
        }
        for way, change in ways.items():
            with self.subTest(way=way), self.assertRaises(UserError), self.cr.savepoint():
                change()
            self.env.invalidate_all()
        order.write({"order_line": [Command.create({**line, "price_unit": 100.0})]})
        self.assertEqual(order.amount_total, 1000)

    def test_a_change_is_judged_as_a_whole(self):
        order = self.confirmed(amount=600)
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": self.ordered.id, "price_unit": 900, "tax_ids": False}),
                    Command.update(order.order_line.id, {"price_unit": 100}),
                ]
            }
        )
        self.assertEqual(order.amount_total, 1000)

    def test_who_will_be_invoiced_is_judged(self):
        rich = self.make_debtor("Rich", limit=5000, risk_class=self.class_a)
        order = self.confirmed(debtor=rich, amount=1000.01)
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            order.partner_invoice_id = self.debtor
        self.assertIn("Kepler", str(refused.exception))
        self.env.invalidate_all()
        order.order_line.price_unit = 1000
        order.partner_invoice_id = self.debtor

    def test_what_makes_it_smaller_or_was_not_confirmed_is_left_alone(self):
        order = self.confirmed(amount=1000)
        self.debtor.credit_limit = 10
        order.order_line.price_unit = 900
        order.note = "Deliver in the morning"
        self.make_order(amount=5).order_line.price_unit = 5000

    # The invoice

    def test_an_invoice_beyond_its_order_is_judged(self):
        order = self.confirmed()
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 50
        with self.assertRaises(UserError), self.cr.savepoint():
            invoice.action_post()
        self.env.invalidate_all()
        invoice.invoice_line_ids.quantity = 10
        invoice.action_post()
        self.assertEqual(self.debtor.recovery_exposure, 1000)

    def test_rules_for_invoices_alone_judge_the_invoices_of_orders(self):
        self.env["recovery.credit.rule"].search([]).on_order = False
        order = self.confirmed(amount=5000)
        invoice = order._create_invoices()
        self.assertEqual(invoice.recovery_credit_action, "block")
        with self.assertRaises(UserError), self.cr.savepoint():
            invoice.action_post()
        self.env.invalidate_all()
        self.debtor.credit_limit = 5000
        invoice.action_post()

    def test_what_is_invoiced_by_delivery_is_judged_when_it_is_ordered(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self.confirmed(amount=500.01, quantity=2, product=self.delivered)
        order = self.confirmed(amount=500, quantity=2, product=self.delivered)
        order.order_line.qty_delivered = 2
        order._create_invoices().action_post()
        self.assertEqual(self.debtor.recovery_exposure, 1000)

    # Drafts

    def exposure(self):
        self.debtor.invalidate_recordset()
        return self.debtor.recovery_exposure

    def test_an_order_and_its_draft_invoice_count_once(self):
        self.company.recovery_exposure_drafts = True
        order = self.confirmed()
        self.assertEqual(self.exposure(), 100)
        invoice = order._create_invoices()
        self.assertEqual(self.exposure(), 100)
        self.assertEqual(self.debtor.recovery_exposure_to_invoice, 100)
        self.assertEqual(self.debtor.recovery_exposure_draft, 0)
        self.invoice(self.debtor, 7, post=False)
        self.assertEqual(self.exposure(), 107)
        invoice.action_post()
        self.assertEqual(self.exposure(), 107)

    def test_a_draft_beyond_its_order_counts_for_the_rest(self):
        self.company.recovery_exposure_drafts = True
        order = self.confirmed(amount=50, quantity=4)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 5
        self.assertEqual(self.exposure(), 250)
        invoice.invoice_line_ids.quantity = 3
        self.assertEqual(self.exposure(), 200)

    def test_a_draft_for_what_is_not_delivered_counts_itself(self):
        self.company.recovery_exposure_drafts = True
        order = self.confirmed(amount=50, quantity=4, product=self.delivered)
        order.order_line.qty_delivered = 4
        order._create_invoices()
        self.assertEqual(self.exposure(), 200)
        order.order_line.qty_delivered = 1
        self.assertEqual(self.exposure(), 200)

    def test_where_drafts_do_not_count(self):
        self.confirmed()._create_invoices()
        self.assertEqual(self.exposure(), 100)

    def test_a_draft_for_another_debtor_counts_there(self):
        self.company.recovery_exposure_drafts = True
        invoice = self.confirmed()._create_invoices()
        other = self.make_debtor("Other")
        invoice.partner_id = other
        self.assertEqual((self.exposure(), other.recovery_exposure), (100, 100))
