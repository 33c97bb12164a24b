"""Charges of a whole ledger in one statement: the kernel's figures to the cent, without its working.

A rule's calendar turns interest into a difference: up to a day, ``gathered`` adds rate times days since the
calendar's first semester, so that interest from one day to another is base times the difference of both,
divided once by the rule's denominator. Numeric is exact in everything but that division. An item whose base
changes in between (interest paid first, or compounding) is stepped through day by day of change; what the
statement cannot price, for want of a rate or a due date, is left to the kernel, which says why.
"""

from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .charge_calendar import number, semester, semester_number, semesters
from .charge_debts import DIVIDED

#: Digits behind the point that the final rounding looks at: the kernel's fractions are exact, and only a
#: total closer to half a cent than that could tell.
LOOKED_AT = 25

#: Digits that every step of a debt keeps.
KEPT = 30


class RecoveryChargeEngine(models.AbstractModel):
    _inherit = "recovery.charge.engine"

    @api.model
    def _ledger_charges(self, scope: SQL, date, companies):
        """Return {item id: (rule id, interest, fee, rate_extrapolated)} at ``date`` of ``scope``'s items.

        Amounts are Decimals in the item's currency, since the due date. Items that bear nothing are absent,
        as are those that cannot be priced.
        """
        found, left = {}, []
        for item_id, rule_id, interest, fee, extrapolated in self.env.execute_query(
            SQL(
                """
                SELECT item_id, rule_id, interest::text, fee::text, rate_extrapolated
                  FROM (%s) priced
                 WHERE interest IS NULL OR interest + fee > 0
                """,
                self._ledger(scope, date, self._pricing(companies)),
            )
        ):
            if interest is None:
                left.append(item_id)
            else:
                found[item_id] = (rule_id, Decimal(interest), Decimal(fee), extrapolated)
        for item_id, charges in self._charges(self.env["account.move.line"].browse(left), date).items():
            if charges.total:
                found[item_id] = (charges.rule.id, charges.interest, charges.fee, charges.rate_extrapolated)
        return found

    def _prepare_statement(self):
        self._flush_facts()
        # A statement of this size gains nothing from being compiled, and its sorts fit in memory.
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")

    def _store(self, table, query: SQL):
        """Keep a query's rows until the transaction ends, with statistics to plan the next statement by."""
        name = SQL.identifier(table)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", name))
        self.env.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", name, query))
        self.env.cr.execute(SQL("ANALYZE %s", name))

    @api.model
    def _ledger(self, scope: SQL, date, pricing) -> SQL:
        """Query of the charges at ``date`` of the items of ``scope`` that bear any.

        The facts are read at once and kept until the transaction ends, or this is called again.

        Columns: ``item_id``, ``rule_id``, ``interest`` and ``fee`` since the due date (possibly zero),
        ``date_from``, ``until``, ``rate_extrapolated``. ``interest`` is NULL where the kernel is to be asked.
        """
        self._prepare_statement()
        self._store(
            "recovery_charge_item",
            SQL(
                "WITH %s, asked (id) AS (%s), scope (id, is_asked) AS (%s) %s",
                self._declared(pricing),
                scope,
                self._with_siblings(),
                self._items(date, pricing),
            ),
        )
        self._store(
            "recovery_charge_settlement",
            SQL("WITH item AS NOT MATERIALIZED (SELECT * FROM recovery_charge_item) %s", self._settlements()),
        )
        return SQL(
            """
            WITH RECURSIVE %(declared)s,
            item AS NOT MATERIALIZED (SELECT * FROM recovery_charge_item),
            settlement AS NOT MATERIALIZED (SELECT * FROM recovery_charge_settlement),
            calendar (semester, origin, gathered, weight, locked_rate, is_extrapolated)
                AS (VALUES %(calendar)s),
            debt AS (%(debts)s),
            received AS (%(received)s),
            bearing AS (%(bearing)s),
            change AS (%(changes)s),
            stepped AS (%(stepped)s),
            step AS (%(steps)s),
            straight AS (%(straight)s)
            SELECT bearing.id AS item_id, bearing.rule_id, bearing.fee, bearing.start_day + 1 AS date_from,
                   bearing.until, COALESCE(priced.interest, bearing.settled_interest) AS interest,
                   COALESCE(bearing.is_extrapolated, FALSE) AS rate_extrapolated
              FROM bearing
              LEFT JOIN (
                   SELECT item_id, ROUND(ROUND(total, %(looked_at)s), decimals) AS interest FROM straight
                   UNION ALL
                   SELECT item_id, ROUND(ROUND(total, %(looked_at)s), decimals)
                     FROM step
                    WHERE number = last_number
                   ) priced ON priced.item_id = bearing.id
             WHERE bearing.is_asked
            """,
            declared=self._declared(pricing),
            calendar=self._calendar(date, pricing),
            debts=self._debts(),
            received=self._received(date),
            bearing=self._bearing(date, pricing),
            changes=self._changes(),
            stepped=self._stepped(),
            steps=self._steps(),
            straight=self._straight(),
            looked_at=LOOKED_AT,
        )

    # Declared rules ----------------------------------------------------------------------

    def _calendar(self, date, pricing) -> SQL:
        """Rows of every semester of every rule, up to the one of ``date``, as the kernel prices it."""
        rows = [(0, 0, Decimal(0), Decimal(0), Decimal(0), False)]
        for rule_id, priced in pricing.rules.items():
            rows += [(semester_number(rule_id, day), *row) for day, *row in semesters(priced, date)]
        return SQL(", ").join(SQL("(%s)", SQL(", ").join(SQL("%s", value) for value in row)) for row in rows)

    # Interest ----------------------------------------------------------------------------

    def _straight(self) -> SQL:
        """Interest on a base that payments alone change: a difference, less that of each payment."""
        return SQL(
            """
            SELECT bearing.id AS item_id, bearing.decimals,
                   bearing.locked_rate * %(divided)s
                   * (
                       bearing.base * (bearing.gathered_at_end - bearing.gathered_at_start)
                       - COALESCE(bearing.gathered_at_end * lowered.amount - lowered.gathered_amount, 0)
                   ) / bearing.denominator AS total
              FROM bearing
              LEFT JOIN (
                   SELECT debt.id, SUM(settlement.amount) AS amount,
                          SUM(
                              settlement.amount
                              * (calendar.gathered + calendar.weight * (%(day_number)s - calendar.origin))
                          ) AS gathered_amount
                     FROM bearing debt
                     JOIN settlement ON settlement.item_id = debt.id
                     JOIN calendar ON calendar.semester = %(day_semester)s
                    WHERE NOT debt.interest_first
                      AND settlement.day > debt.start_day
                      AND settlement.day < debt.until
                    GROUP BY debt.id
                   ) lowered ON lowered.id = bearing.id
             WHERE bearing.runs AND bearing.is_straight
            """,
            divided=DIVIDED,
            day_number=number(SQL("settlement.day"), SQL("debt")),
            day_semester=semester(SQL("debt.rule_id"), SQL("settlement.day")),
        )

    def _changes(self) -> SQL:
        """Days on which debts change whose base depends on interest itself: receipts and completed years."""
        return SQL(
            """
            SELECT bearing.id AS item_id, settlement.day, settlement.amount AS received,
                   FALSE AS completes_year
              FROM bearing
              JOIN settlement ON settlement.item_id = bearing.id
             WHERE bearing.runs AND NOT bearing.is_straight
               AND settlement.day > bearing.start_day AND settlement.day < bearing.until
            UNION ALL
            SELECT bearing.id, (bearing.start_day + years * INTERVAL '1 year')::date, 0, TRUE
              FROM bearing
              CROSS JOIN LATERAL generate_series(
                  1, date_part('year', bearing.until)::int - date_part('year', bearing.start_day)::int
              ) years
             WHERE bearing.runs AND NOT bearing.is_straight AND bearing.compounds
               AND (bearing.start_day + years * INTERVAL '1 year')::date < bearing.until
            """
        )

    def _stepped(self) -> SQL:
        """Those debts, with what is gathered and received on each of these days and on the last one."""
        return SQL(
            """
            SELECT bearing.id, bearing.decimals, bearing.locked_rate, bearing.denominator, bearing.base,
                   bearing.gathered_at_start,
                   CASE WHEN bearing.fee_comes_with_interest THEN bearing.fee ELSE 0 END AS costs,
                   days.gathered || bearing.gathered_at_end AS gathered,
                   days.received || 0::numeric AS received,
                   days.completes_year || FALSE AS completes_year
              FROM bearing
              JOIN (
                   SELECT day.item_id, array_agg(day.received ORDER BY day.day) AS received,
                          array_agg(day.completes_year ORDER BY day.day) AS completes_year,
                          array_agg(
                              calendar.gathered + calendar.weight * (%(day_number)s - calendar.origin)
                              ORDER BY day.day
                          ) AS gathered
                     FROM (
                          SELECT item_id, day, SUM(received) AS received,
                                 BOOL_OR(completes_year) AS completes_year
                            FROM change
                           GROUP BY item_id, day
                          ) day
                     JOIN bearing debt ON debt.id = day.item_id
                     JOIN calendar ON calendar.semester = %(day_semester)s
                    GROUP BY day.item_id
                   ) days ON days.item_id = bearing.id
            """,
            day_number=number(SQL("day.day"), SQL("debt")),
            day_semester=semester(SQL("debt.rule_id"), SQL("day.day")),
        )

    def _steps(self) -> SQL:
        """Each debt after each of its days: what was received settles costs, then interest, then principal.

        OFFSET 0 keeps the database from writing the division out wherever its result is used.
        """
        return SQL(
            """
            SELECT id AS item_id, decimals, locked_rate, denominator, gathered, received, completes_year,
                   0 AS number, cardinality(gathered) AS last_number,
                   gathered_at_start AS gathered_before, costs, 0::numeric AS compounded,
                   0::numeric AS accrued, base AS principal, 0::numeric AS total
              FROM stepped
            UNION ALL
            SELECT item_id, decimals, locked_rate, denominator, gathered, received, completes_year, number,
                   last_number, gathered_now, costs, compounded + CASE WHEN completes THEN accrued ELSE 0 END,
                   CASE WHEN completes THEN 0 ELSE accrued END, principal, total
              FROM (
                   SELECT owed.item_id, owed.decimals, owed.locked_rate, owed.denominator, owed.gathered,
                          owed.received, owed.completes_year, owed.number, owed.last_number,
                          owed.gathered_now, owed.total, owed.completes,
                          GREATEST(owed.costs - owed.paid, 0) AS costs,
                          GREATEST(owed.compounded - GREATEST(owed.paid - owed.costs, 0), 0) AS compounded,
                          GREATEST(owed.accrued - GREATEST(owed.paid - owed.costs - owed.compounded, 0), 0)
                              AS accrued,
                          GREATEST(
                              owed.principal
                              - GREATEST(owed.paid - owed.costs - owed.compounded - owed.accrued, 0),
                              0
                          ) AS principal
                     FROM (
                          SELECT born.*, born.accrued_before + born.amount AS accrued,
                                 born.total_before + born.amount AS total
                            FROM (
                                 SELECT step.item_id, step.decimals, step.locked_rate, step.denominator,
                                        step.gathered, step.received, step.completes_year,
                                        step.number + 1 AS number, step.last_number,
                                        step.gathered[step.number + 1] AS gathered_now,
                                        step.received[step.number + 1] AS paid,
                                        step.completes_year[step.number + 1] AS completes,
                                        step.costs, step.compounded, step.accrued AS accrued_before,
                                        step.principal, step.total AS total_before,
                                        ROUND(
                                            (step.principal + step.compounded)
                                            * (step.gathered[step.number + 1] - step.gathered_before)
                                            * step.locked_rate * %(divided)s / step.denominator,
                                            %(kept)s
                                        ) AS amount
                                   FROM step
                                  WHERE step.number < step.last_number
                                 OFFSET 0
                                 ) born
                          ) owed
                   ) paid
            """,
            divided=DIVIDED,
            kept=KEPT,
        )
