"""The aged balance: a page of the Excel review."""

from odoo import models
from odoo.tools import SQL

from ..workbook import Column


class RecoveryReviewAged(models.AbstractModel):
    """What each debtor owes a company, by days late."""

    _name = "recovery.review.aged"
    _description = "Aged Balance (Excel)"

    def _columns(self, company):
        return [
            Column(self.env._("Debtor"), "text", 34),
            Column(self.env._("Reference"), "text", 14),
            Column(self.env._("Not due"), "money", 14, total=True),
            Column(self.env._("1 to 30 days"), "money", 14, total=True),
            Column(self.env._("31 to 60 days"), "money", 14, total=True),
            Column(self.env._("61 to 90 days"), "money", 14, total=True),
            Column(self.env._("Over 90 days"), "money", 14, total=True),
            Column(self.env._("Owed (%s)", company.currency_id.name), "money", 16, total=True),
            Column(self.env._("Claims"), "integer", 10, total=True),
        ]

    def _rows_sql(self, company, date) -> SQL:
        """What each debtor owes by days late at ``date``, instalments for the items of live plans."""
        late = SQL("%s::date - claim.date_due", date)
        return SQL(
            """
            SELECT debtor.complete_name, debtor.ref,
                   SUM(claim.amount_company) FILTER (WHERE %(late)s <= 0),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s BETWEEN 1 AND 30),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s BETWEEN 31 AND 60),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s BETWEEN 61 AND 90),
                   SUM(claim.amount_company) FILTER (WHERE %(late)s > 90),
                   SUM(claim.amount_company), COUNT(*)
              FROM (%(claims)s) claim
              JOIN res_partner debtor ON debtor.id = claim.partner_id
             GROUP BY debtor.id
             ORDER BY debtor.complete_name, debtor.id
            """,
            late=late,
            claims=self.env["recovery.claim"]._open_sql(company),
        )
