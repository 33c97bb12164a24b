"""What payments leave of an invoice and nobody asks for: a small residue, or the discount that they earned."""

from odoo import api, models
from odoo.tools import SQL

from .early_discount import earned_sql


class RecoveryResidue(models.AbstractModel):
    """Finds the open items whose rest is let go. Nothing is stored: a credit note or a write-off settles it."""

    _name = "recovery.residue"
    _description = "Residues Let Go"

    @api.model
    def _let_go(self, company, date, debtors=None, is_money_open=None):
        """Return the ids of open items of a creditor of which nothing more is asked on ``date``.

        Money counts from the day it came in, matched or not. A creditor who declares no threshold and grants no
        discount is not asked about.

        :param company: the creditor, with all the branches it belongs to
        :param debtors: ids of commercial entities, None for all of them
        :param is_money_open: whether they have money that is matched with nothing, where that was asked already
        """
        return self._left(company, date, debtors, self._conditions(company), is_money_open)

    @api.model
    def _conditions(self, company):
        """Return the conditions on an ``item`` that nothing more is asked of it, as they are declared."""
        return [*self._is_small(company), *self._discount_is_earned(company)]

    def _small(self, company, date, debtors=None):
        """Return the ids of open items of which payments left less than the creditor's threshold.

        The parameters are those of :meth:`_let_go`.
        """
        return self._left(company, date, debtors, list(self._is_small(company)))

    def _earned(self, company, date, debtors):
        """Return the ids of open items of which the discount for early payment that was earned is all that is left.

        The parameters are those of :meth:`_let_go`.
        """
        return self._left(company, date, debtors, list(self._discount_is_earned(company)))

    def _left(self, company, date, debtors, conditions, is_money_open=None):
        """Return the ids of open items of which a part came in and the rest meets one of the ``conditions``."""
        if not conditions:
            return []
        money = self.env["recovery.open.money"]
        money._flush()
        if is_money_open is None:
            is_money_open = money._is_any(company, date, debtors)
        self.env["account.partial.reconcile"].flush_model(["debit_amount_currency", "debit_move_id"])
        rows = self.env.execute_query(self._left_sql(company, date, debtors, conditions, is_money_open))
        return [item_id for (item_id,) in rows]

    def _left_sql(self, company, date, debtors, conditions, is_money_open) -> SQL:
        """Return the query of :meth:`_left`."""
        money = self.env["recovery.open.money"]
        return SQL(
            """
            WITH receipt AS MATERIALIZED (%(receipts)s),
            laid AS MATERIALIZED (SELECT item_id, SUM(amount) AS covered FROM receipt GROUP BY item_id)
            SELECT item.id
              FROM (
                SELECT line.*, line.amount_residual_currency - COALESCE(laid.covered, 0) AS uncovered
                  FROM account_move_line line
                  LEFT JOIN laid ON laid.item_id = line.id
                 WHERE %(open)s AND line.company_id = ANY(%(companies)s) AND line.amount_residual_currency > 0
                   AND %(scope)s
                -- OFFSET 0: items are found by what they are, not by what it costs to look at what was paid of them.
                OFFSET 0
              ) item
             WHERE item.uncovered < item.amount_currency AND (%(conditions)s)
            """,
            receipts=money._receipts_sql(company, date, debtors)
            if is_money_open
            else money._no_receipts_sql(),
            open=self.env["account.move.line"]._recovery_open_sql("line"),
            companies=list(company._recovery_branch_ids()),
            scope=self._in_scope(debtors),
            conditions=SQL(" OR ").join(conditions),
        )

    def _threshold(self, company):
        """Return below which amount the creditor of ``company`` lets a residue go, 0 for never."""
        return company.sudo().root_id.recovery_residue_amount  # sudo: a setting of the creditor, whoever asks

    def _is_small(self, company):
        """Yield the condition that what is ``uncovered`` of an ``item`` is a small residue, where one is declared."""
        threshold = self._threshold(company)
        if threshold:
            yield SQL(
                "item.uncovered * item.amount_residual / item.amount_residual_currency < %s", str(threshold)
            )

    def _discount_is_earned(self, company):
        """Yield the condition that all that was asked for by the last day of an ``item``'s discount came in by then."""
        # sudo: whether any terms grant one, whoever asks
        terms = self.env["account.payment.term"].sudo().with_context(active_test=False)
        if terms.search_count([("early_discount", "=", True)], limit=1):
            yield earned_sql(company._recovery_last_day_sql(SQL("item.discount_date")))

    def _in_scope(self, debtors) -> SQL:
        if debtors is None:
            return SQL("TRUE")
        return SQL(
            "line.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s::int[]))",
            list(debtors),
        )
