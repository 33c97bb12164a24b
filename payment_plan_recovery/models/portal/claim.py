"""What is open on an account, summed by age: what its page says however many claims there are."""

from odoo import api, models
from odoo.tools import SQL

from ..common.planner import suiting
from ..message.claim_content import ClaimContent
from ..message.content import AGE_LIMITS

#: What a row of the account says of its claim, of the journal item and of the invoice.
CLAIM_FIELDS = (
    "amount_residual",
    "currency_id",
    "date_due",
    "instalment_id",
    "move_id",
    "move_line_id",
    "plan_id",
)
ITEM_FIELDS = ("amount_currency", "date", "move_id", "name")
MOVE_FIELDS = ("invoice_date", "name")


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    @api.model
    def _portal_sums(self, debtor, company, date, is_money_open=True):
        """Return what ``debtor`` owes the creditor ``company``: one :class:`ClaimContent` for each age and currency.

        Each has the oldest due date of those it sums up.

        :param is_money_open: whether there is money that is matched with nothing: without, none is laid
        """
        self.env["recovery.plan.instalment"]._flush_covered()
        covered = self._covered_by_key(company, date, debtor) if is_money_open else {}
        query = SQL(
            """
            SELECT claim.currency_id, MIN(claim.date_due) AS date_due, SUM(claim.amount_residual),
                   SUM(COALESCE(laid.covered, 0))
              FROM %(claim)s claim
              LEFT JOIN unnest(%(covered_ids)s::bigint[], %(covered)s::numeric[]) laid (id, covered)
                     ON laid.id = claim.id
             WHERE claim.partner_id = %(debtor)s AND claim.company_id = ANY(%(companies)s)
             GROUP BY claim.currency_id, width_bucket(%(date)s - claim.date_due, %(ages)s::int[])
             ORDER BY date_due
            """,
            claim=self._table_sql,
            covered_ids=list(covered),
            covered=list(covered.values()),
            debtor=debtor.id,
            companies=list(company._recovery_branch_ids()),
            date=date,
            ages=[limit + 1 for limit in AGE_LIMITS],
        )
        with suiting(self.env.cr, debtor.ids):
            rows = self.env.execute_query(query)
        return [self._portal_sum(date, *row) for row in rows]

    @api.model
    def _portal_page(self, domain, offset, limit):
        """Return a page of claims, oldest due first, with what a row says of them read and nothing else.

        The view is read once, for ids and values together.
        """
        claims = self.search_fetch(domain, CLAIM_FIELDS, offset=offset, limit=limit)
        claims.move_line_id.fetch(ITEM_FIELDS)
        claims.move_id.fetch(MOVE_FIELDS)
        return claims

    def _portal_sum(self, date, currency_id, date_due, residual, covered):
        currency = self.env["res.currency"].browse(currency_id)
        residual = currency.round(float(residual))
        return ClaimContent(
            number="",
            date=date_due,
            date_due=date_due,
            amount=residual,
            residual=residual,
            covered=currency.round(float(covered)),
            received=0.0,
            currency=currency,
            days_late=max((date - date_due).days, 0),
        )
