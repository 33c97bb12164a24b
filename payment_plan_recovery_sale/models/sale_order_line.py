"""Lines of confirmed orders: what they come to is judged when it changes."""

from odoo import api, models

#: What a line is worth.
WORTH = {"price_unit", "discount", "tax_ids", "product_id", "product_uom_id", "product_uom_qty", "order_id"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        with orders._credit_change(WORTH):
            return super().create(vals_list)

    def write(self, vals):
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or ())
        with orders._credit_change(WORTH & vals.keys()):
            return super().write(vals)
