"""What plans received, spread over their instalments: of many plans in one statement."""

import datetime
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..common.kernel import exact


class Share(NamedTuple):
    """One instalment: what it ``received`` of the plan's money, and what it would have of the ``asked`` sum."""

    id: int
    plan_id: int
    number: int
    date_due: datetime.date
    amount: float
    received: float
    asked: float


class RecoveryPlanSpread(models.AbstractModel):
    """The part of instalments that says what each received of its plan's money."""

    _name = "recovery.plan.spread"
    _description = "Plan Money Spread"

    @api.depends("plan_id.amount_paid", "plan_id.instalment_ids.amount", "plan_id.instalment_ids.number")
    def _compute_amount_paid(self):
        """Spread what each plan received over its instalments, first in first out.

        The kernel says how (``paid_amounts``); those that are saved, of many plans, are spread in one statement that
        says the same, and only those that change are touched.
        """
        saved = self.filtered("id")
        saved._spread_anew()
        for plan, rows in (self - saved).grouped("plan_id").items():
            paid = plan._paid_by_instalment()
            for row in rows:
                row.amount_paid = paid.get(row, 0)
                row.amount_residual = row.amount - row.amount_paid

    def _spread_anew(self):
        """Set what each of the saved instalments received, where that changes."""
        if not self:
            return
        self.flush_recordset(["amount", "number", "plan_id", "amount_paid", "amount_residual"])
        query = "SELECT DISTINCT plan_id FROM recovery_plan_instalment WHERE id = ANY(%s)"
        plans = self.env["recovery.plan"].browse(
            row[0] for row in self.env.execute_query(SQL(query, self.ids))
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, asked, amount - asked
                  FROM (%s) share
                 WHERE id = ANY(%s)
                   AND (received IS DISTINCT FROM asked OR amount_residual IS DISTINCT FROM amount - asked)
                """,
                self._spread_sql({plan.id: exact(plan.amount_paid, plan.currency_id) for plan in plans}),
                self.ids,
            )
        )
        changed = self.browse(row[0] for row in rows)
        changed.fetch(["currency_id", "amount_paid", "amount_residual"])
        # Odoo looks the currency up each time that an amount is set, on however many rows.
        alike = defaultdict(list)
        for row, (_id, paid, residual) in zip(changed, rows, strict=True):
            alike[row.currency_id, "amount_paid", paid].append(row.id)
            alike[row.currency_id, "amount_residual", residual].append(row.id)
        for (_currency, name, amount), ids in alike.items():
            self.browse(ids)[name] = amount

    @api.model
    def _shares(self, asked):
        """Return the instalments of plans with what each would have received of a sum: {plan id: [Share]}, in order.

        :param asked: {plan id: exact sum}
        """
        if not asked:
            return {}
        self.flush_model(["amount", "number", "plan_id", "date_due", "amount_paid"])
        columns = SQL(", ").join(map(SQL.identifier, Share._fields))
        query = SQL("SELECT %s FROM (%s) share ORDER BY number", columns, self._spread_sql(asked))
        shares = defaultdict(list)
        for row in self.env.execute_query(query):
            share = Share(*row)
            shares[share.plan_id].append(share)
        return shares

    @api.model
    def _spread_sql(self, asked) -> SQL:
        """Query of the fields of :class:`Share` and amount_residual; where there is no amount, nothing is received."""
        return SQL(
            """
            SELECT instalment.id, instalment.plan_id, instalment.number, instalment.date_due, instalment.amount,
                   instalment.amount_paid AS received, instalment.amount_residual,
                   GREATEST(LEAST(instalment.amount, asked.amount - SUM(GREATEST(instalment.amount, 0)) OVER earlier
                                                     + GREATEST(instalment.amount, 0)), 0) AS asked
              FROM UNNEST(%s::int[], %s::numeric[]) asked(plan_id, amount)
              JOIN recovery_plan_instalment instalment ON instalment.plan_id = asked.plan_id
            WINDOW earlier AS (PARTITION BY instalment.plan_id ORDER BY instalment.number)
            """,
            list(asked),
            list(asked.values()),
        )
