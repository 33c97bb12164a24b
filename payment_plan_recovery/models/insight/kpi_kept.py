"""What figures count of words kept: plans that ended or were cured, promises that were judged.

What went on after it had ended, because money bounced or somebody opened it again, is told as it was on the day asked.
"""

from odoo import api, models
from odoo.tools import SQL


class RecoveryKpiKept(models.AbstractModel):
    """The sources that are told by how something ended. Columns as in the ledger's."""

    _name = "recovery.kpi.kept"
    _inherit = "recovery.kpi.ledger"
    _description = "Figures: Words Kept"

    @api.model
    def _records(self, model, domain, *columns) -> SQL:
        """Return a query of the records of ``domain``: ``id``, and these stored or related ``columns``."""
        # sudo: the callers checked that figures may be read; companies are in the domain
        records = self.env[model].sudo().with_context(active_test=False)
        query = records._search(domain)
        return query.select(
            SQL.identifier(query.table, "id"),
            *(
                SQL("%s AS %s", records._field_to_sql(query.table, column, query), SQL.identifier(column))
                for column in columns
            ),
        )

    @api.model
    def _in_period(self, scope, field):
        """The domain of what has its day in the period, in the companies looked at."""
        return [
            ("company_id", "in", scope.companies.ids),
            (field, ">=", scope.date_from),
            (field, "<=", scope.date_to),
        ]

    def _ended(self, scope, model, field, states, *columns) -> SQL:
        """Return a query of the records that came to one of ``states`` in the period and were in it on its last day.

        :param field: the day on which they came to it; one that went on later is told as it was
        """
        columns = ("partner_id", "company_id", *columns)
        ended = [*self._in_period(scope, field), ("state", "in", states)]
        left = [("company_id", "in", scope.companies.ids), ("past", "!=", False)]
        return SQL(
            """
            %(ended)s
             UNION ALL
            SELECT record.id, %(columns)s, was.since AS %(field)s, was.state
              FROM (%(left)s) record
             CROSS JOIN LATERAL (%(past)s) was
             WHERE was.state IN %(states)s AND was.since BETWEEN %(from)s AND %(to)s AND was.until > %(to)s
            """,
            **{"from": scope.date_from, "to": scope.date_to},
            ended=self._records(model, ended, *columns, field, "state"),
            columns=SQL(", ").join(SQL("record.%s", SQL.identifier(column)) for column in columns),
            field=SQL.identifier(field),
            left=self._records(model, left, *columns, "past"),
            past=self.env["recovery.past"]._past_sql(SQL("record")),
            states=states,
        )

    @api.model
    def _plan_rows(self, scope) -> SQL:
        """Plans that ended in the period: ``kept`` (to the end, not given up), ``amount`` (what they covered).

        One that went on later, because its money bounced, had ended.
        """
        given_up, credited = self._ended_otherwise(scope)
        return SQL(
            """
            SELECT 'recovery.plan' AS res_model, plan.id AS res_id, plan.partner_id AS debtor_id, plan.company_id,
                   plan.date_closed AS date, COALESCE(covered.amount, 0) AS amount,
                   plan.state = 'completed' AND plan.id <> ALL(%(given_up)s::int[]) AS kept
              FROM (%(plans)s) plan
              LEFT JOIN (%(covered)s) covered ON covered.plan_id = plan.id
             WHERE plan.id <> ALL(%(credited)s::int[])
            """,
            given_up=given_up.ids,
            credited=credited.ids,
            plans=self._ended(scope, "recovery.plan", "date_closed", ("completed", "broken")),
            covered=self._covered_amounts([("plan_id.company_id", "in", scope.companies.ids)]),
        )

    def _covered_amounts(self, domain) -> SQL:
        """What plans cover, in company currency at the rates of the items: (plan_id, amount)."""
        return SQL(
            """
            SELECT covered.plan_id,
                   SUM(covered.amount_covered * item.balance / NULLIF(item.amount_currency, 0)) AS amount
              FROM (%s) covered
              JOIN account_move_line item ON item.id = covered.move_line_id
             GROUP BY covered.plan_id
            """,
            self._records("recovery.plan.item", domain, "plan_id", "move_line_id", "amount_covered"),
        )

    @api.model
    def _cure_rows(self, scope) -> SQL:
        """Plans put in default in the period, the last time; ``cured`` when not in default still, broken or given up
        by its end.

        A cure takes the plan's ``date_default`` away, and notes it among what is past.
        """
        given_up, credited = self._ended_otherwise(scope)
        defaulted = [("company_id", "in", scope.companies.ids), ("date_last_default", ">=", scope.date_from)]
        return SQL(
            """
            SELECT DISTINCT ON (plan.id) 'recovery.plan' AS res_model, plan.id AS res_id, plan.partner_id AS debtor_id,
                   plan.company_id, put.since AS date,
                   NOT ((put.until IS NULL OR put.until > %(to)s)
                        AND (plan.date_closed IS NULL OR plan.date_closed > %(to)s)
                        OR (plan.state = 'broken' AND plan.date_closed <= %(to)s)
                        OR plan.id = ANY(%(given_up)s::int[])) AS cured
              FROM (%(plans)s) plan
             CROSS JOIN LATERAL (
                   SELECT plan.date_last_default AS since,
                          CASE WHEN plan.date_default IS NULL THEN plan.date_last_default END AS until
                    WHERE plan.date_default IS NOT NULL OR NOT EXISTS (%(past)s)
                    UNION ALL
                   SELECT since, until FROM (%(past)s) was WHERE state = 'in_default'
             ) put
             WHERE put.since BETWEEN %(from)s AND %(to)s AND plan.id <> ALL(%(credited)s::int[])
             ORDER BY plan.id, put.since DESC, put.until DESC NULLS FIRST
            """,
            **{"from": scope.date_from, "to": scope.date_to},
            given_up=given_up.ids,
            credited=credited.ids,
            past=self.env["recovery.past"]._past_sql(SQL("plan")),
            plans=self._records(
                *("recovery.plan", defaulted, "partner_id", "company_id", "past"),
                *("date_default", "date_last_default", "date_closed", "state"),
            ),
        )

    @api.model
    def _promise_rows(self, scope) -> SQL:
        """Promises judged in the period: ``kept``, ``amount``."""
        return SQL(
            """
            SELECT 'recovery.promise' AS res_model, promise.id AS res_id, promise.partner_id AS debtor_id,
                   promise.company_id, promise.date_judged AS date, promise.state = 'kept' AS kept,
                   promise.amount * %(rate)s AS amount
              FROM (%(promises)s) promise
            """,
            rate=self._rate(scope, SQL("promise.currency_id"), SQL("promise.date_given")),
            promises=self._ended(
                *(scope, "recovery.promise", "date_judged", ("kept", "partially_kept", "broken")),
                *("date_given", "amount", "currency_id"),
            ),
        )
