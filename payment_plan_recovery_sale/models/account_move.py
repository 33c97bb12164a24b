from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _credit_addition(self):
        """What comes from confirmed orders is part of the exposure already, a deposit too."""
        ordered = self.invoice_line_ids.filtered(
            lambda line: line.sale_line_ids.filtered(lambda sold: sold.state == "sale")
        )
        total = sum(self.invoice_line_ids.mapped("price_total"))
        counted = sum(ordered.mapped("price_total")) if self._credit_orders_judged(self.company_id) else 0.0
        return super()._credit_addition() * (1 - counted / total if total else 1)

    def _credit_firm(self, company, exposure):
        """Where no rule judges orders, what they give counts when it is invoiced."""
        firm = super()._credit_firm(company, exposure)
        return firm if self._credit_orders_judged(company) else firm - exposure.to_invoice

    def _credit_orders_judged(self, company):
        return bool(self.env["recovery.credit.rule"]._declared(company.id, "sale.order"))
