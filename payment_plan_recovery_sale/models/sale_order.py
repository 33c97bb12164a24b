from odoo import api, models


class SaleOrder(models.Model):
    """An order gives credit when it is confirmed, by whatever path."""

    _name = "sale.order"
    _inherit = ["sale.order", "recovery.credit.document"]

    @api.model_create_multi
    def create(self, vals_list):
        """Orders that come in confirmed (an import, a call from outside) are confirmed like the others."""
        confirmed = [vals.get("state") == "sale" for vals in vals_list]
        orders = super().create(
            [
                {**vals, "state": "draft"} if later else vals
                for vals, later in zip(vals_list, confirmed, strict=True)
            ]
        )
        self.browse(order.id for order, later in zip(orders, confirmed, strict=True) if later).write(
            {"state": "sale"}
        )
        return orders

    def write(self, vals):
        # Confirming, by whatever path, is this one write: ``action_confirm`` makes it too.
        if not self or vals.get("state") != "sale":
            return super().write(vals)
        with self._credit_control():
            return super().write(vals)

    def _credit_documents(self):
        """Orders paid in advance give no credit."""
        return self.filtered(lambda order: order._credit_is_pending() and not order._credit_is_prepaid())

    def _credit_is_pending(self):
        return self.state in ("draft", "sent")

    def _credit_is_prepaid(self):
        return (
            bool(self.amount_paid)
            and self.currency_id.compare_amounts(self.amount_paid, self.amount_total) >= 0
        )

    def _credit_debtor(self):
        return self.partner_invoice_id.commercial_partner_id

    def _credit_amount(self):
        return self.company_id.currency_id.round(self.amount_total / (self.currency_rate or 1))
