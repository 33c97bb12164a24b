"""Orders of which a delivery was closed: what will not come promises nothing, what is still to be done does."""

from odoo import Command
from odoo.tests import tagged

from .order_common import OrderCommon


@tagged("post_install", "-at_install")
class TestCreditOrderEnded(OrderCommon):
    """Services that were closed short: somebody says of the order that it is fully invoiced, with an addon for that."""

    def test_what_is_left_of_an_order_that_is_said_to_be_invoiced_is_not_awaited(self):
        order = self.make_order(amount=100, quantity=5, product=self.delivered)
        order.action_confirm()
        order.order_line.qty_delivered = 2
        order._create_invoices().action_post()
        self.assertEqual((order.invoice_status, self.promised()), ("no", 300), "the rest may be done any day")
        order.locked = True
        self.assertEqual(self.promised(), 300, "every order may be locked as soon as it is confirmed")
        order.invoice_status = "invoiced"
        self.assertEqual(self.promised(), 0)


@tagged("post_install", "-at_install")
class TestCreditOrderClosed(OrderCommon):
    def setUp(self):
        super().setUp()
        if "delivery_status" not in self.env["sale.order"]._fields:
            self.skipTest("Stock is not kept here")
        self.goods = self.env["product.product"].create(
            {
                "name": "Goods",
                "type": "consu",
                "invoice_policy": "delivery",
                "property_account_income_id": self.ordered.property_account_income_id.id,
                "taxes_id": False,
            }
        )

    def deliver(self, order, quantity):
        """Deliver ``quantity`` and close the delivery: the rest does not come."""
        for move in order.picking_ids.move_ids:
            move.write({"quantity": quantity, "picked": True})
        done = order.picking_ids.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=order.picking_ids.ids
        )
        done.button_validate()
        self.assertEqual(order.delivery_status, "full")

    def test_what_a_closed_delivery_left_out_is_not_awaited(self):
        order = self.make_order(amount=100, quantity=5, product=self.goods)
        order.action_confirm()
        self.assertEqual(self.promised(), 500)
        self.deliver(order, 2)
        self.assertEqual(self.promised(), 0)

    def test_services_beside_goods_that_came_are_awaited(self):
        order = self.make_order(amount=100, quantity=5, product=self.goods)
        order.order_line = [
            Command.create(
                {"product_id": self.delivered.id, "product_uom_qty": 1, "price_unit": 300, "tax_ids": False}
            )
        ]
        order.action_confirm()
        self.assertEqual(self.promised(), 800)
        self.deliver(order, 2)
        self.assertEqual(self.promised(), 300)
