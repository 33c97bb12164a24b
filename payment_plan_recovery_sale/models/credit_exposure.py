from odoo import api, models
from odoo.tools import SQL

#: What is ordered, or delivered, and not invoiced yet, by debtor.
TO_INVOICE = """
    SELECT debtor.commercial_partner_id AS debtor_id,
           SUM(line.price_total / NULLIF(line.product_uom_qty, 0) * rate.rate
               * (CASE WHEN template.invoice_policy = 'delivery' THEN line.qty_delivered
                       ELSE line.product_uom_qty END - COALESCE(invoiced.quantity, 0))) AS to_invoice
      FROM sale_order_line line
      JOIN sale_order sold ON sold.id = line.order_id
      JOIN res_partner debtor ON debtor.id = sold.partner_invoice_id
      JOIN (VALUES %(rates)s) AS rate (currency_id, rate) ON rate.currency_id = sold.currency_id
      LEFT JOIN product_product product ON product.id = line.product_id
      LEFT JOIN product_template template ON template.id = product.product_tmpl_id
      LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
      LEFT JOIN LATERAL (
           SELECT SUM(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END * item.quantity
                      * COALESCE(item_unit.factor / unit.factor, 1)) AS quantity
             FROM sale_order_line_invoice_rel link
             JOIN account_move_line item ON item.id = link.invoice_line_id
             JOIN account_move move ON move.id = item.move_id
             LEFT JOIN uom_uom item_unit ON item_unit.id = item.product_uom_id
            WHERE link.order_line_id = line.id
              AND (move.state = 'posted' OR move.payment_state = 'invoicing_legacy')
      ) invoiced ON TRUE
     WHERE sold.state = 'sale'
       AND sold.company_id = ANY(%(companies)s)
       AND EXISTS (
           SELECT FROM sale_order_line open
            WHERE open.order_id = sold.id AND open.untaxed_amount_to_invoice > 0
       )
       %(only)s
     GROUP BY 1
"""


class ResPartner(models.Model):
    """Confirmed sales that are not invoiced yet: Odoo's ``credit_to_invoice``, for all debtors at once."""

    _inherit = "res.partner"

    @api.model
    def _exposure_sources(self, company, date, debtor_ids=None):
        sources = super()._exposure_sources(company, date, debtor_ids)
        return [*sources, (("to_invoice",), self._exposure_to_invoice(company, date, debtor_ids))]

    @api.model
    def _flush_exposure(self):
        super()._flush_exposure()
        self.env["sale.order"].flush_model(["company_id", "currency_id", "partner_invoice_id", "state"])
        self.env["sale.order.line"].flush_model(
            [
                "invoice_lines",
                "price_total",
                "product_id",
                "product_uom_id",
                "product_uom_qty",
                "qty_delivered",
                "untaxed_amount_to_invoice",
            ]
        )
        self.env["account.move.line"].flush_model(["product_uom_id", "quantity"])
        self.env["account.move"].flush_model(["payment_state"])

    def _exposure_to_invoice(self, company, date, debtor_ids) -> SQL:
        """What is ordered (or delivered, by the product's policy) and not invoiced yet, taxes included.

        As in Odoo, an order counts while any of its lines has something to invoice, and
        foreign currencies count at today's rate.
        """
        return SQL(
            TO_INVOICE,
            rates=self._exposure_rates(company, date),
            companies=self._exposure_companies(company),
            only=self._exposure_only(SQL("debtor.commercial_partner_id"), debtor_ids),
        )

    @api.model
    def _exposure_rates(self, company, date) -> SQL:
        """Rows of currency and its rate into the company's, for every currency in use."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        own = company.currency_id
        in_use = currencies.search([("active", "=", True)]) | own
        return SQL(", ").join(
            SQL(
                "(%s, %s::numeric)",
                currency.id,
                currencies._get_conversion_rate(currency, own, company, date),
            )
            for currency in in_use
        )
