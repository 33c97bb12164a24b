"""Open money as it lay on a past day: what was matched since was open, and what came since was not there."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryOpenMoneyThen(models.AbstractModel):
    """The queries of ``recovery.open.money`` over the ledger as it stood at the end of the day asked.

    What a credit took off claims until then and was taken from them later (a payment that came back, a write-off that
    was reversed) is told by the later entry alone, not by the claims: such a credit lies over what it would pay.
    For whole ledgers, set by set; what they read must have been written out.
    """

    _name = "recovery.open.money.then"
    _inherit = "recovery.open.money"
    _description = "Open Money on a Past Day"

    @api.model
    def _is_any(self, company, date, debtors):
        """To ask would take as long as to lay it."""
        self._flush()
        return True

    def _steps(self, company, date, debtors) -> SQL:
        steps = super()._steps(company, date, debtors)
        return SQL("standing AS MATERIALIZED (%s), %s", self._step_standing(company, date), steps)

    def _step_standing(self, company, date) -> SQL:
        """Journal items on receivable accounts that were open on ``date``, with what was open of them."""
        return SQL(
            """
            SELECT line.id, line.partner_id, line.move_id, line.journal_id, line.company_id,
                   line.currency_id, line.date, line.date_maturity, line.ref, line.name,
                   line.amount_currency, line.discount_amount_currency, line.discount_date,
                   line.amount_residual_currency + COALESCE(later.amount, 0) AS amount_residual_currency
              FROM account_move_line line
              LEFT JOIN (
                SELECT item_id, SUM(amount) AS amount
                  FROM (
                    SELECT debit_move_id AS item_id, debit_amount_currency AS amount
                      FROM account_partial_reconcile
                     WHERE max_date > %(date)s
                     UNION ALL
                    SELECT credit_move_id, -credit_amount_currency
                      FROM account_partial_reconcile
                     WHERE max_date > %(date)s
                  ) side
                 GROUP BY item_id
              ) later ON later.item_id = line.id
             WHERE %(receivable)s AND line.parent_state = 'posted' AND line.company_id = ANY(%(companies)s)
               AND line.date <= %(date)s AND (line.reconciled IS NOT TRUE OR later.item_id IS NOT NULL)
            """,
            date=date,
            receivable=self.env["account.move.line"]._recovery_receivable_sql("line"),
            companies=self._companies(company),
        )

    def _lines_of_contact(self, company, condition: SQL, looked_up) -> SQL:
        """What stood then has no index: it is joined set by set."""
        return SQL(
            "SELECT * FROM standing line WHERE line.partner_id = contact.id AND %s",
            condition,
        )

    def _plan_of(self, item: SQL, date) -> SQL:
        live = self.env["recovery.plan"]._in_force_sql(SQL("covered.plan_id"), date)
        return self.env["recovery.plan.item"]._plan_sql(item, live)
