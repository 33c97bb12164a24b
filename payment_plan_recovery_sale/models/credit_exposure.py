from odoo import api, models
from odoo.tools import SQL

#: What is ordered, or delivered, and not invoiced yet, by debtor: of each order less the deposits that were invoiced.
TO_INVOICE = """
    SELECT debtor_id, SUM(goods - LEAST(deposits, GREATEST(goods, 0))) AS to_invoice
      FROM (
        SELECT debtor.commercial_partner_id AS debtor_id,
               COALESCE(SUM(%(worth)s) FILTER (WHERE line.is_downpayment IS NOT TRUE), 0) AS goods,
               COALESCE(-SUM(%(worth)s) FILTER (WHERE line.is_downpayment), 0) AS deposits
          FROM sale_order_line line
          JOIN sale_order sold ON sold.id = line.order_id
          JOIN res_partner debtor ON debtor.id = sold.partner_invoice_id
          %(figures)s
         WHERE %(counted)s
           %(only)s
         GROUP BY debtor.commercial_partner_id, sold.id
      ) ordered
     GROUP BY debtor_id
"""

#: What of draft invoices is for orders that count already, by debtor: each line for what it still counts; a deposit,
#: or what a final invoice deducts of one, as a whole.
DRAFT_OF_ORDERS = """
    SELECT drafted.debtor_id, -SUM(
               CASE WHEN line.is_downpayment THEN drafted.amount
                    ELSE GREATEST(LEAST(drafted.amount, %(worth)s), 0) END
           ) AS draft
      FROM (
           SELECT move.commercial_partner_id AS debtor_id, link.order_line_id,
                  SUM(item.price_total * move.amount_total_signed / NULLIF(move.amount_total, 0)) AS amount
             FROM account_move move
             JOIN account_move_line item ON item.move_id = move.id
             JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = item.id
            WHERE move.state = 'draft'
              AND move.move_type IN ('out_invoice', 'out_receipt')
              AND move.company_id = ANY(%(companies)s)
              %(only)s
            GROUP BY 1, 2
      ) drafted
      JOIN sale_order_line line ON line.id = drafted.order_line_id
      JOIN sale_order sold ON sold.id = line.order_id
      JOIN res_partner debtor ON debtor.id = sold.partner_invoice_id
       AND debtor.commercial_partner_id = drafted.debtor_id
      %(figures)s
     WHERE %(counted)s
     GROUP BY 1
"""

#: What will be owed by confirmed orders and is not delivered yet, where it is invoiced by delivery, by debtor: what
#: they come to, each less the deposits that were invoiced, beyond what of them is to be invoiced already.
PROMISED = """
    SELECT debtor_id, SUM(ordered - LEAST(deposits, GREATEST(ordered, 0))
                          - CASE WHEN is_open THEN goods - LEAST(deposits, GREATEST(goods, 0)) ELSE 0 END) AS promised
      FROM (
        SELECT debtor.commercial_partner_id AS debtor_id, BOOL_OR(line.untaxed_amount_to_invoice > 0) AS is_open,
               COALESCE(SUM(%(worth_ordered)s) FILTER (WHERE line.is_downpayment IS NOT TRUE), 0) AS ordered,
               COALESCE(SUM(%(worth)s) FILTER (WHERE line.is_downpayment IS NOT TRUE), 0) AS goods,
               COALESCE(-SUM(%(worth)s) FILTER (WHERE line.is_downpayment), 0) AS deposits,
               BOOL_OR(template.invoice_policy = 'delivery' AND line.qty_delivered < line.product_uom_qty
                       AND (%(closed)s) IS NOT TRUE) AS is_awaited
          FROM sale_order_line line
          JOIN sale_order sold ON sold.id = line.order_id
          JOIN res_partner debtor ON debtor.id = sold.partner_invoice_id
          %(figures)s
         WHERE sold.state = 'sale' AND sold.company_id = ANY(%(companies)s)
           %(only)s
         GROUP BY debtor.commercial_partner_id, sold.id
      ) ordered
     WHERE is_awaited
     GROUP BY debtor_id
"""


def _worth(delivered):
    """Return what a line of an order is worth that is not invoiced yet.

    A deposit that was invoiced is owed for what the order counts already, until the final invoice deducts it.

    :param delivered: how much of what is invoiced by delivery counts
    """
    return SQL(
        """CASE WHEN line.is_downpayment THEN -COALESCE(invoiced.amount, 0) * rate.rate
                ELSE line.price_total / NULLIF(line.product_uom_qty, 0) * rate.rate
                     * (CASE WHEN template.invoice_policy = 'delivery' THEN %s
                             ELSE line.product_uom_qty END - COALESCE(invoiced.quantity, 0)) END""",
        SQL(delivered),
    )


WORTH = _worth("line.qty_delivered")
#: Whether nothing more comes of any line: somebody said of the order that it is fully invoiced, short of what it asked.
#: Odoo itself says it only of what was invoiced in full; addons (OCA's ``sale_force_invoiced``) let a person say it.
ENDED = "sold.invoice_status = 'invoiced'"
#: Whether a line's goods come no more: the delivery was closed, where stock is kept. Of services it says nothing.
CLOSED = f"{ENDED} OR sold.delivery_status = 'full' AND line.qty_delivered_method = 'stock_move'"
#: What is joined to tell it.
FIGURES = """
      JOIN (VALUES %(rates)s) AS rate (currency_id, rate) ON rate.currency_id = sold.currency_id
      LEFT JOIN product_product product ON product.id = line.product_id
      LEFT JOIN product_template template ON template.id = product.product_tmpl_id
      LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
      LEFT JOIN LATERAL (
           SELECT SUM(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END * item.quantity
                      * COALESCE(item_unit.factor / unit.factor, 1)) AS quantity,
                  SUM(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END * item.price_total) AS amount
             FROM sale_order_line_invoice_rel link
             JOIN account_move_line item ON item.id = link.invoice_line_id
             JOIN account_move move ON move.id = item.move_id
             LEFT JOIN uom_uom item_unit ON item_unit.id = item.product_uom_id
            WHERE link.order_line_id = line.id
              AND (move.state = 'posted' OR move.payment_state = 'invoicing_legacy')
      ) invoiced ON TRUE
"""
#: As in Odoo, an order counts while any of its lines has something to invoice.
COUNTED = """
           sold.state = 'sale'
       AND sold.company_id = ANY(%(companies)s)
       AND EXISTS (
           SELECT FROM sale_order_line open
            WHERE open.order_id = sold.id AND open.untaxed_amount_to_invoice > 0
       )
"""


class ResPartner(models.Model):
    """Confirmed sales that are not invoiced yet: Odoo's ``credit_to_invoice``, for all debtors at once.

    Less the deposits that were invoiced, which Odoo counts a second time.
    """

    _inherit = "res.partner"

    @api.model
    def _exposure_sources(self, company, date, debtor_ids=None):
        sources = super()._exposure_sources(company, date, debtor_ids)
        sources.append((("to_invoice",), self._exposure_to_invoice(company, date, debtor_ids)))
        if company.recovery_exposure_drafts:
            sources.append((("draft",), self._exposure_drafts_of_orders(company, date, debtor_ids)))
        return sources

    @api.model
    def _flush_exposure(self):
        super()._flush_exposure()
        self.env["sale.order"].flush_model(["company_id", "currency_id", "partner_invoice_id", "state"])
        self.env["sale.order.line"].flush_model(
            [
                "invoice_lines",
                "is_downpayment",
                "price_total",
                "product_id",
                "product_uom_id",
                "product_uom_qty",
                "qty_delivered",
                "untaxed_amount_to_invoice",
            ]
        )
        self.env["account.move.line"].flush_model(["price_total", "product_uom_id", "quantity"])
        self.env["account.move"].flush_model(["payment_state"])

    def _exposure_to_invoice(self, company, date, debtor_ids) -> SQL:
        """What is ordered (or delivered, by the product's policy) and not invoiced yet, taxes included.

        Foreign currencies count at today's rate, as in Odoo.
        """
        return SQL(
            TO_INVOICE,
            **self._exposure_of_orders(company, date),
            only=self._exposure_only(SQL("debtor.commercial_partner_id"), debtor_ids),
        )

    def _exposure_drafts_of_orders(self, company, date, debtor_ids) -> SQL:
        """What would count twice where drafts count: an order's goods on its draft invoice, as a negative amount."""
        return SQL(
            DRAFT_OF_ORDERS,
            **self._exposure_of_orders(company, date),
            companies=self._exposure_companies(company),
            only=self._exposure_only(SQL("move.commercial_partner_id"), debtor_ids),
        )

    @api.model
    def _exposure_promised(self, company, date, debtor_ids):
        """Return {debtor id: what confirmed orders promise and nobody owes before it is delivered}, taxes included.

        No exposure yet, but held against the limit when more is ordered. What a delivery that was closed left out is
        awaited by nobody, nor is what is left of an order that somebody said is fully invoiced.
        """
        if not debtor_ids:
            return {}
        self._flush_exposure()
        closed = ENDED
        self.env["sale.order"].flush_model(["invoice_status"])
        if "delivery_status" in self.env["sale.order"]._fields:
            closed = CLOSED
            self.env["sale.order"].flush_model(["delivery_status"])
            self.env["sale.order.line"].flush_model(["qty_delivered_method"])
        query = SQL(
            PROMISED,
            **self._exposure_of_orders(company, date),
            # once all that is ordered and still to come is delivered
            worth_ordered=_worth(
                f"CASE WHEN {closed} THEN line.qty_delivered"
                " ELSE GREATEST(line.product_uom_qty, line.qty_delivered) END"
            ),
            closed=SQL(closed),
            companies=self._exposure_companies(company),
            only=self._exposure_only(SQL("debtor.commercial_partner_id"), debtor_ids),
        )
        return {debtor_id: float(amount) for debtor_id, amount in self.env.execute_query(query) if amount > 0}

    def _exposure_of_orders(self, company, date):
        """What both statements of orders are made of."""
        return {
            "worth": WORTH,
            "figures": SQL(FIGURES, rates=self._exposure_rates(company, date)),
            "counted": SQL(COUNTED, companies=self._exposure_companies(company)),
        }

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
