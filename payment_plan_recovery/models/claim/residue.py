"""What payments leave of an invoice and nobody asks for: a small residue, or the discount that they earned."""

from odoo import api, models
from odoo.tools import SQL

from ..common.planner import one_by_one
from .early_discount import LAID, MATCHED, earned_sql, matched_by_sql


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
    def _is_any(self, company, debtors):
        """Tell whether anything that ``debtors`` (ids of commercial entities) owe may be let go at all.

        A small residue where the creditor declares some; else what was granted a discount for early payment. What is
        written has to be in the database: nothing is flushed.
        """
        if self._threshold(company):
            return True
        query = SQL(
            """
            SELECT EXISTS (
                   SELECT FROM account_move_line line
                    WHERE line.discount_date IS NOT NULL AND line.company_id = ANY(%s) AND %s AND %s)
            """,
            list(company._recovery_branch_ids()),
            self.env["account.move.line"]._recovery_open_sql("line"),
            self._in_scope(debtors),
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _conditions(self, company):
        """Return the conditions on an ``item`` that nothing more is asked of it, as declared, by kind."""
        return self._is_small(company) | self._discount_is_earned(company)

    def _small(self, company, date, debtors=None):
        """Return the ids of open items of which payments left less than the creditor's threshold.

        The parameters are those of :meth:`_let_go`.
        """
        return self._left(company, date, debtors, self._is_small(company))

    def _let_go_sql(self, company, date, debtors=None) -> SQL:
        """Return a query of what :meth:`_let_go` says, for a part of another one: nothing is asked before.

        Its rows are (id, is_earned, left_over, left_over_company): whether by a discount, and what is left of the item.
        """
        earned = {"earned": earned_sql(company._recovery_last_day_sql(SQL("item.discount_date")))}
        return self._left_sql(company, date, debtors, self._is_small(company) | earned)

    def _earned(self, company, date, debtors):
        """Return the ids of open items of which the discount for early payment that was earned is all that is left.

        The parameters are those of :meth:`_let_go`.
        """
        return self._left(company, date, debtors, self._discount_is_earned(company))

    def _left(self, company, date, debtors, conditions, is_money_open=None):
        """Return the ids of open items of which a part came in and the rest meets one of the ``conditions``."""
        if not conditions:
            return []
        money = self.env["recovery.open.money"]
        money._flush()
        if is_money_open is None:
            is_money_open = money._is_any(company, date, debtors)
        self.env["account.partial.reconcile"].flush_model(["debit_amount_currency", "debit_move_id"])
        query = self._left_sql(company, date, debtors, conditions, is_money_open)
        with one_by_one(self.env.cr):  # what was paid of an item is looked up by it
            rows = self.env.execute_query(SQL("SELECT id FROM (%s) item", query))
        return [item_id for (item_id,) in rows]

    def _left_sql(self, company, date, debtors, conditions, is_money_open=True) -> SQL:
        """Return the query of :meth:`_left`; its rows are those of :meth:`_let_go_sql`."""
        money = self.env["recovery.open.money"]
        return SQL(
            """
            WITH receipt AS MATERIALIZED (%(receipts)s),
            laid AS MATERIALIZED (SELECT item_id, SUM(amount) AS covered FROM receipt GROUP BY item_id)
            SELECT item.id, %(earned)s AS is_earned, item.uncovered AS left_over,
                   item.uncovered * item.amount_residual / item.amount_residual_currency AS left_over_company
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
            earned=conditions.get("earned", SQL("FALSE")),
            receipts=money._receipts_sql(company, date, debtors)
            if is_money_open
            else money._no_receipts_sql(),
            open=self.env["account.move.line"]._recovery_open_sql("line"),
            companies=list(company._recovery_branch_ids()),
            scope=self._in_scope(debtors),
            conditions=SQL(" OR ").join(conditions.values()),
        )

    def _threshold(self, company):
        """Return below which amount the creditor of ``company`` lets a residue go, 0 for never."""
        return company.sudo().root_id.recovery_residue_amount  # sudo: a setting of the creditor, whoever asks

    def _is_small(self, company):
        """Return the condition that what is ``uncovered`` of an ``item`` is a small residue, where one is declared."""
        threshold = self._threshold(company)
        if not threshold:
            return {}
        left = SQL("item.uncovered * item.amount_residual / item.amount_residual_currency")
        return {"small": SQL("%s < %s", left, str(threshold))}

    def _discount_is_earned(self, company):
        """Return the condition that all that was asked by the last day of an ``item``'s discount came in by then."""
        # sudo: whether any terms grant one, whoever asks
        terms = self.env["account.payment.term"].sudo().with_context(active_test=False)
        if not terms.search_count([("early_discount", "=", True)], limit=1):
            return {}
        return {"earned": earned_sql(company._recovery_last_day_sql(SQL("item.discount_date")))}

    def _was_let_go_sql(self, company, taken: SQL) -> SQL:
        """Return the condition that what was ``taken`` off an ``item`` without being paid was let go before.

        :param taken: the amount, in the company's currency
        """
        until = company._recovery_last_day_sql(SQL("item.discount_date"))
        return SQL(
            "(%s < %s OR %s)",
            taken,
            str(self._threshold(company)),
            earned_sql(until, MATCHED),
        )

    @api.model
    def _not_let_go_by_sql(self, company, date, open_items: SQL, *, is_past, is_money_laid=False) -> SQL:
        """Return the rows of ``open_items`` of which something was asked on ``date``, by what was matched by then.

        :param open_items: a query with the columns id, residual and residual_company, of what was left on that day
        :param is_past: the day has passed; nobody knows what was small then, for the threshold is the one of today
        :param is_money_laid: money that is matched with nothing counts too, by a step ``receipt`` of the reader's query
        """
        earned, conditions = self._discount_is_earned(company), []
        if not is_past and self._is_small(company):
            conditions.append(SQL("owed.residual_company < %s", str(self._threshold(company))))
        if earned:
            known = SQL("%s::date", date)
            until = company._recovery_last_day_sql(SQL("item.discount_date"))
            came = matched_by_sql(known)
            if is_money_laid:
                came = SQL("%s UNION ALL %s", came, LAID)
            conditions.append(earned_sql(until, came, known))
        if not conditions:
            return open_items
        return SQL(
            """
            SELECT owed.*
              FROM (%s) owed
              JOIN account_move_line item ON item.id = owed.id
             WHERE NOT (owed.residual < item.amount_currency AND (%s))
            """,
            open_items,
            SQL(" OR ").join(conditions),
        )

    def _in_scope(self, debtors) -> SQL:
        if debtors is None:
            return SQL("TRUE")
        return SQL(
            "line.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s::int[]))",
            list(debtors),
        )
