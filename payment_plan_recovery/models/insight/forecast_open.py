"""What is owed on a day and awaited: neither paid by money that waits to be matched, nor let go."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryForecastOpen(models.AbstractModel):
    """The open items of a forecast, as queries over whole sets, of one creditor."""

    _name = "recovery.forecast.open"
    _description = "Open Items of a Forecast"

    @api.model
    def _open_items(self, companies, date, debtors=None) -> SQL:
        """Rows of receivable items open at ``date``: what was open then is what is open now, and what was
        reconciled since. In the items' own and in the company's currency."""
        return SQL(
            """
            SELECT item.id, debtor.commercial_partner_id AS debtor_id, item.company_id, item.currency_id,
                   COALESCE(item.date_maturity, item.date) AS date_due,
                   item.amount_residual_currency + COALESCE(later.amount_currency, 0) AS residual,
                   item.amount_residual + COALESCE(later.amount, 0) AS residual_company
              FROM account_move_line item
              JOIN res_partner debtor ON debtor.id = item.partner_id
              LEFT JOIN (
                   SELECT debit_move_id, SUM(debit_amount_currency) AS amount_currency, SUM(amount) AS amount
                     FROM account_partial_reconcile
                    WHERE max_date > %(date)s
                    GROUP BY debit_move_id
                   ) later ON later.debit_move_id = item.id
             WHERE item.company_id = ANY(%(companies)s)
               AND %(receivable)s
               AND item.parent_state = 'posted'
               AND item.date <= %(date)s
               AND (item.reconciled IS NOT TRUE OR later.debit_move_id IS NOT NULL)
               AND item.amount_residual_currency + COALESCE(later.amount_currency, 0) > 0
               AND %(only)s
            """,
            receivable=self.env["account.move.line"]._recovery_receivable_sql("item"),
            date=date,
            companies=companies.ids,
            only=self._only(debtors),
        )

    @api.model
    def _foreseen_items(self, companies, date, debtors=None) -> SQL:
        """Rows of :meth:`_open_items` that somebody awaits: less what money lies over, without what was let go.

        Money that came in comes no second time, whether it is matched yet or not. Of a past day that is told by what it
        was matched with since, which counts from the money's own day.
        """
        creditor, items = self.env.company, self._open_items(companies, date, debtors)
        residues, money = self.env["recovery.residue"], self.env["recovery.open.money"]
        if date < creditor._recovery_today():
            return residues._not_let_go_by_sql(creditor, date, items, is_past=True)
        debtor_ids = None if debtors is None else debtors.ids
        if not money._is_any(creditor, date, debtor_ids):
            return residues._not_let_go_by_sql(creditor, date, items, is_past=False)
        uncovered = self._uncovered_items(items, creditor)
        return SQL(
            """
            WITH receipt AS MATERIALIZED (%s),
            laid AS MATERIALIZED (SELECT item_id, SUM(amount) AS covered FROM receipt GROUP BY item_id)
            %s
            """,
            money._receipts_sql(creditor, date, debtor_ids),
            residues._not_let_go_by_sql(creditor, date, uncovered, is_past=False, is_money_laid=True),
        )

    def _uncovered_items(self, items: SQL, creditor) -> SQL:
        """Rows of ``items`` less what lies over them by a step ``laid`` (item_id, covered), without those it covers."""
        return SQL(
            """
            SELECT owed.id, owed.debtor_id, owed.company_id, owed.currency_id, owed.date_due,
                   owed.residual - COALESCE(laid.covered, 0) AS residual,
                   CASE WHEN laid.covered IS NULL THEN owed.residual_company
                        ELSE ROUND(owed.residual_company * (1 - laid.covered / owed.residual) / %(unit)s::numeric)
                             * %(unit)s::numeric
                   END AS residual_company
              FROM (%(items)s) owed
              LEFT JOIN laid ON laid.item_id = owed.id
             WHERE owed.residual > COALESCE(laid.covered, 0)
            """,
            items=items,
            unit=str(creditor.currency_id.rounding),
        )

    def _only(self, debtors) -> SQL:
        """The condition that a ``debtor`` is one of ``debtors``, True when they are None."""
        if debtors is None:
            return SQL("TRUE")
        return SQL("debtor.commercial_partner_id = ANY(%s)", debtors.ids)
