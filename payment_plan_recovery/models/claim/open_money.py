"""Money that came in and is matched with nothing yet: the one place that lays it over what is owed.

What it means is told, and pinned in plain Python, by ``tools/open_money.py``. Odoo's reconciliation stays the
only writer: nothing here is stored.
"""

from collections import defaultdict
from contextlib import nullcontext
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..common.planner import one_by_one


class OpenMoney(NamedTuple):
    """Open money of one debtor, each by currency.

    ``covered`` lies over open items, ``left`` is more than is owed in its currency; ``suspense`` waits in the
    bank's books for somebody to say what it is: it is shown, not laid.
    """

    covered: dict
    left: dict
    suspense: dict

    def elsewhere(self, currency):
        """Return what is left over in other currencies than ``currency``, by currency."""
        return {other: amount for other, amount in self.left.items() if other != currency}

    def credits(self):
        """Return all that was received and is matched with nothing, by currency."""
        currencies = dict.fromkeys([*self.covered, *self.left])
        return {
            currency: self.covered.get(currency, 0) + self.left.get(currency, 0) for currency in currencies
        }


NO_MONEY = OpenMoney({}, {}, {})


class RecoveryOpenMoney(models.AbstractModel):
    """Open credits of debtors laid over their open items: for all debtors of a creditor in one query.

    The query starts at the open credits, which are few, and looks up what their debtors owe: nothing is read of
    a debtor without. Readers join it from outside (``LEFT JOIN``) and take what is not there as 0.
    """

    _name = "recovery.open.money"
    _inherit = ["recovery.open.money.facts", "recovery.open.money.waiting", "recovery.open.money.exact"]
    _description = "Open Money"

    # ---------------------------------------------------------------------
    # For readers in Python
    # ---------------------------------------------------------------------

    @api.private
    @api.model
    def covered(self, items, date):
        """Return what lies over each of ``items`` (journal items) on ``date``, in its currency.

        :return: {id of the item: amount above 0}, without the items that nothing covers
        """
        rows = self._rows_of(items, date, self._covered_sql)
        return {item_id: covered for item_id, covered, _uncovered in rows}

    @api.private
    @api.model
    def receipts(self, items, date):
        """Return what lies over each of ``items``, credit by credit, in the order of their days.

        :return: {id of the item: [(id of the credit, its day, amount), …]}
        """
        receipts = defaultdict(list)
        for item_id, credit_id, day, amount in self._rows_of(items, date, self._receipts_sql):
            receipts[item_id].append((credit_id, day, amount))
        return {item_id: sorted(found, key=lambda each: each[1::-1]) for item_id, found in receipts.items()}

    def _rows_of(self, items, date, query):
        """The rows that a query of this model has for ``items``: one query for each of their creditors."""
        # sudo: only which companies belong together, a user may be in one branch
        for creditor, owed in items.grouped(lambda item: item.company_id.sudo().root_id).items():
            debtors = owed.partner_id.commercial_partner_id
            if not self._is_any(creditor, date, debtors.ids):
                continue
            yield from self.env.execute_query(
                SQL(
                    "SELECT * FROM (%s) laid WHERE item_id = ANY(%s)",
                    query(creditor, date, debtors.ids),
                    owed.ids,
                )
            )

    @api.private
    @api.model
    def of_debtors(self, debtors, company, date):
        """Return the :class:`OpenMoney` of each of ``debtors`` (commercial entities) with ``company``.

        :return: {debtor: OpenMoney}, without the debtors that have none
        """
        self._flush()
        is_any = self._step_credit(company, date, debtors.ids)
        [(is_any, may_wait)] = self.env.execute_query(
            SQL("SELECT EXISTS (%s), %s", is_any, self._may_wait_sql(company))
        )
        queries, found = [], {}
        if may_wait:
            waiting = self._suspense_sql(company, date, debtors.ids)
            queries.append(SQL("SELECT debtor_id, currency_id, 0, 0, amount FROM (%s) waiting", waiting))
        if is_any:
            laid = self._totals_sql(company, date, debtors.ids)
            queries.append(SQL("SELECT debtor_id, currency_id, covered, left_over, 0 FROM (%s) laid", laid))
        if not queries:
            return found
        for debtor_id, currency_id, *amounts in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
            debtor = self.env["res.partner"].browse(debtor_id)
            currency = self.env["res.currency"].browse(currency_id)
            money = found.setdefault(debtor, OpenMoney({}, {}, {}))
            for by_currency, amount in zip(money, amounts, strict=True):
                if amount:
                    by_currency[currency] = float(amount)
        return found

    @api.model
    def _is_any(self, company, date, debtors):
        """Return whether any of ``debtors`` (ids, None for all there are) has money to be laid.

        Most have none, and to ask takes less than to plan a query that lays money. What queries read is written out.
        """
        self._flush()
        query = SQL("SELECT %s", self._is_any_sql(company, date, debtors))
        with one_by_one(self.env.cr) if debtors is None else nullcontext():
            return self.env.execute_query(query)[0][0]

    @api.model
    def _no_receipts_sql(self) -> SQL:
        """Query with the columns of :meth:`_receipts_sql` where :meth:`_is_any` says that there are none."""
        return SQL("SELECT 0 AS item_id, 0 AS credit_id, NULL::date AS date, 0.0 AS amount WHERE FALSE")

    # ---------------------------------------------------------------------
    # For readers in SQL; what they read must have been written out: _flush()
    # ---------------------------------------------------------------------

    @api.model
    def _covered_sql(self, company, date, debtors=None) -> SQL:
        """Query of (item_id, covered, uncovered): a row for each open item that money lies over.

        :param company: the creditor, with all the branches it belongs to
        :param date: the day asked: money that came later is not there yet
        :param debtors: ids of commercial entities, None for all of them
        """
        return SQL(
            """
            WITH %(steps)s
            SELECT item_id, SUM(covered) AS covered, SUM(amount) - SUM(covered) AS uncovered
              FROM (
                SELECT item_id, amount AS covered, 0 AS amount FROM laid
                 UNION ALL
                SELECT id, 0, amount FROM item
              ) item
             GROUP BY item_id
            HAVING SUM(covered) > 0
            """,
            steps=self._steps(company, date, debtors),
        )

    @api.model
    def _receipts_sql(self, company, date, debtors=None) -> SQL:
        """Query of (item_id, credit_id, date, amount): which credit lies over which item, and its day."""
        return SQL(
            """
            WITH %(steps)s
            SELECT item_id, credit_id,
                   (SELECT date FROM account_move_line credit WHERE credit.id = credit_id) AS date,
                   SUM(amount) AS amount
              FROM laid
             GROUP BY item_id, credit_id
            """,
            steps=self._steps(company, date, debtors),
        )

    @api.model
    def _totals_sql(self, company, date, debtors=None) -> SQL:
        """Query of (debtor_id, currency_id, covered, left_over) of the debtors that have open credits."""
        return SQL(
            """
            WITH %(steps)s
            SELECT debtor_id, currency_id, SUM(covered) AS covered, SUM(amount) AS left_over
              FROM (
                SELECT debtor_id, currency_id, 0 AS covered, amount FROM credit
                 UNION ALL
                SELECT debtor_id, currency_id, 0, -amount FROM refunded
                 UNION ALL
                SELECT debtor_id, currency_id, amount, -amount FROM fitted
                 UNION ALL
                SELECT debtor_id, currency_id, amount, -amount FROM designated
                 UNION ALL
                SELECT debtor_id, currency_id, amount, -amount FROM planned
                 UNION ALL
                SELECT debtor_id, currency_id, amount, -amount FROM spread
              ) money
             GROUP BY debtor_id, currency_id
            """,
            steps=self._steps(company, date, debtors),
        )

    # ---------------------------------------------------------------------
    # What lies where
    # ---------------------------------------------------------------------

    def _steps(self, company, date, debtors) -> SQL:
        """The steps of every query: what came in, what is owed, the five times money is poured.

        Steps are not joined to each other but put one below the other and grouped, or looked at through a
        window: that takes as long as sorting them, whatever the planner believes of how many rows they have.
        """
        steps = {
            "credit": self._step_credit(company, date, debtors),
            "item": self._step_item(company, date),
            "owed": self._step_owed(date),
            "called": self._step_called(),
            "purse": self._step_purse(),
            "refunded": self._poured(self._purses_for_refunds(), self._refunds(date)),
            "fitted": self._step_fitted(),
            "designated": self._poured(
                self._purses_less("refunded", "fitted", lot=SQL("MAX(entry_id)")),
                self._owed_less("fitted", lot=SQL("MAX(entry_id)")),
            ),
            "planned": self._poured(
                self._purses_less("refunded", "fitted", "designated", lot=SQL("MAX(plan_id)")),
                self._owed_less("fitted", "designated", lot=SQL("MAX(plan_id)")),
            ),
            "spread": self._poured(
                self._purses_less("refunded", "fitted", "designated", "planned", lot=SQL("0")),
                self._owed_less("fitted", "designated", "planned", lot=SQL("0")),
            ),
            "laid": SQL(" UNION ALL ").join(
                SQL("SELECT owed_place, item_id, credit_id, amount FROM %s", SQL.identifier(step))
                for step in ("refunded", "fitted", "designated", "planned", "spread")
            ),
        }
        return SQL(", ").join(
            SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), step) for name, step in steps.items()
        )

    def _poured(self, purses: SQL, owed: SQL) -> SQL:
        """Lay purses over what is owed in their lot, both in the order of their places.

        Purses and debts of a lot are two rows of lengths, laid side by side. Between one end of a length and the
        next lies the part of one purse and one debt: those that end there, or next.
        """
        lengths = (
            SQL(
                "SELECT debtor_id, currency_id, lot, %s,"
                " SUM(amount) OVER (PARTITION BY debtor_id, currency_id, lot ORDER BY place) AS upto"
                " FROM (%s) length",
                columns,
                query,
            )
            for columns, query in (
                (SQL("ARRAY[place, id] AS owed, NULL::bigint[] AS purse"), owed),
                (SQL("NULL::bigint[], ARRAY[place, id]"), purses),
            )
        )
        return SQL(
            """
            SELECT debtor_id, currency_id, owed[1] AS owed_place, owed[2]::int AS item_id,
                   purse[2]::int AS credit_id, upto - since AS amount
              FROM (
                SELECT debtor_id, currency_id, upto, MIN(owed) OVER following AS owed,
                       MIN(purse) OVER following AS purse,
                       LAG(upto, 1, 0) OVER (PARTITION BY debtor_id, currency_id, lot ORDER BY upto) AS since
                  FROM (%s) ends
                WINDOW following AS (PARTITION BY debtor_id, currency_id, lot ORDER BY upto DESC)
              ) stretch
             WHERE owed IS NOT NULL AND purse IS NOT NULL AND upto > since
            """,
            SQL(" UNION ALL ").join(lengths),
        )

    def _purses_for_refunds(self) -> SQL:
        """The credits as refunds use them up: those that are for something last."""
        return SQL(
            """
            SELECT debtor_id, currency_id, 0 AS lot, id, amount,
                   ROW_NUMBER() OVER (ORDER BY COALESCE(entry_id, plan_id) IS NOT NULL, place) AS place
              FROM purse
            """
        )

    def _refunds(self, date) -> SQL:
        """What was paid out by ``date``, in the order of the days."""
        return SQL(
            """
            SELECT debtor_id, currency_id, 0 AS lot, id, amount,
                   ROW_NUMBER() OVER (ORDER BY date, id) AS place
              FROM item
             WHERE paid_out AND date <= %s
            """,
            date,
        )

    def _purses_less(self, *spent, lot: SQL) -> SQL:
        """What is left of the credits once they were poured (steps ``spent``), in the ``lot`` that is theirs."""
        return SQL(
            """
            SELECT debtor_id, currency_id, %(lot)s AS lot, id, SUM(amount) AS amount, MAX(place) AS place
              FROM (
                SELECT debtor_id, currency_id, id, amount, place, entry_id, plan_id FROM purse
                 UNION ALL %(spent)s
              ) purse
             GROUP BY debtor_id, currency_id, id
            HAVING SUM(amount) > 0 AND %(lot)s IS NOT NULL
            """,
            lot=lot,
            spent=SQL(" UNION ALL ").join(
                SQL(
                    "SELECT debtor_id, currency_id, credit_id, -amount, NULL, NULL, NULL FROM %s",
                    SQL.identifier(step),
                )
                for step in spent
            ),
        )

    def _owed_less(self, *laid, lot: SQL) -> SQL:
        """What is still owed once money was laid (steps ``laid``), in the ``lot`` that is its own."""
        return SQL(
            """
            SELECT debtor_id, currency_id, %(lot)s AS lot, MAX(id) AS id, SUM(amount) AS amount, place
              FROM (
                SELECT debtor_id, currency_id, id, part AS amount, place, entry_id, plan_id FROM owed
                 UNION ALL %(laid)s
              ) owed
             GROUP BY debtor_id, currency_id, place
            HAVING SUM(amount) > 0 AND %(lot)s IS NOT NULL
            """,
            lot=lot,
            laid=SQL(" UNION ALL ").join(
                SQL(
                    "SELECT debtor_id, currency_id, NULL, -%s, owed_place, NULL, NULL FROM %s",
                    SQL.identifier("closed" if step == "fitted" else "amount"),
                    SQL.identifier(step),
                )
                for step in laid
            ),
        )
