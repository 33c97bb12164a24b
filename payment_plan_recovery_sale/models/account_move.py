from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _credit_addition(self):
        """What comes from confirmed orders is part of the exposure already."""
        ordered = self.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids.filtered(
                lambda sold: sold.state == "sale" and not sold.is_downpayment
            )
        )
        total = sum(self.invoice_line_ids.mapped("price_total"))
        counted = sum(ordered.mapped("price_total"))
        return super()._credit_addition() * (1 - counted / total if total else 1)
