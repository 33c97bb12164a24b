"""Charges of a whole ledger in one statement: the kernel's figures to the cent, without its working.

A rule's calendar turns interest into a difference: up to a day, ``gathered`` adds rate times days since the
calendar's first semester, so that interest from one day to another is base times the difference of both,
divided once by the rule's denominator. Numeric is exact in everything but that division. An item whose base
changes in between (interest paid first, or compounding) is stepped through day by day of change; what the
statement cannot price, for want of a rate or a due date, is left to the kernel, which says why.
"""

import datetime
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.errors import KernelError
from ..tools.interest import day_number, year_days
from ..tools.rates import ONE_DAY, applied_rate, semester_end, semester_start

#: Years that calendars of fixed rates go back; older items are left to the kernel.
FIXED_RATE_YEARS = 30

#: A factor that makes a division keep 30 digits behind the point, and how many of them the final rounding looks
#: at: the kernel's fractions are exact, and only a total closer to half a cent than that could tell.
DIVIDED = SQL("1.000000000000000000000000000000")
KEPT, LOOKED_AT = 30, 25


class RecoveryChargeEngine(models.AbstractModel):
    _inherit = "recovery.charge.engine"

    @api.model
    def _ledger_charges(self, scope: SQL, date, companies):
        """Return {item id: (rule id, interest, fee, rate_extrapolated)} at ``date`` of the items of ``scope``.

        Amounts are Decimals in the item's currency, since the due date. Items that bear nothing are absent, as
        are those that cannot be priced.
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
        # A statement of this size gains nothing from being compiled by the server, and its sorts fit in memory.
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")

    def _store(self, table, query: SQL):
        """Keep a query's rows until the transaction ends, with the statistics that the next statement is planned by."""
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
            calendar (semester, origin, gathered, weight, locked_rate, is_extrapolated) AS (VALUES %(calendar)s),
            debt AS (%(debts)s),
            received AS (%(received)s),
            bearing AS (%(bearing)s),
            change AS (%(changes)s),
            stepped AS (%(stepped)s),
            step AS (%(steps)s),
            straight AS (%(straight)s)
            SELECT bearing.id AS item_id, bearing.rule_id, COALESCE(priced.interest, bearing.settled_interest) AS interest,
                   bearing.fee, (bearing.start_day + 1) AS date_from, bearing.until,
                   COALESCE(bearing.is_extrapolated, FALSE) AS rate_extrapolated
              FROM bearing
              LEFT JOIN (
                   SELECT item_id, ROUND(ROUND(total, %(looked_at)s), decimals) AS interest FROM straight
                   UNION ALL
                   SELECT item_id, ROUND(ROUND(total, %(looked_at)s), decimals) FROM step WHERE number = last_number
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
            rows += [(_semester_number(rule_id, day), *row) for day, *row in _semesters(priced, date)]
        return SQL(", ").join(SQL("(%s)", SQL(", ").join(SQL("%s", value) for value in row)) for row in rows)

    def _fee_of(self, amount: SQL, pricing) -> SQL:
        """The fixed sum for ``amount``, in the currency of the fixed sum, by the item's ``fee_id``."""
        fees = {priced.record.fee_id.id: priced for priced in pricing.rules.values() if priced.record.fee_id}
        cases = SQL(" ").join(
            SQL("WHEN %s THEN ROUND(%s, %s)", fee_id, _fee_formula(priced.fee, amount), priced.fee_decimals)
            for fee_id, priced in fees.items()
        )
        return SQL("CASE fee_id %s ELSE 0 END", cases) if fees else SQL("0::numeric")

    def _fee_base(self, pricing) -> SQL:
        """What is unpaid when the fixed sum becomes due, in the currency of the fixed sum."""
        fees = {priced.record.fee_id.id: priced.fee_decimals for priced in pricing.rules.values()}
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", fee_id or 0, decimals) for fee_id, decimals in fees.items()
        )
        return SQL(
            """
            CASE WHEN exchange = 1 THEN unpaid ELSE ROUND(unpaid * %s / exchange, CASE fee_id %s ELSE 2 END) END
            """,
            DIVIDED,
            cases or SQL("WHEN 0 THEN 2"),
        )

    # Items -------------------------------------------------------------------------------

    def _debts(self) -> SQL:
        """Items of debtors who owe charges, with the day after which interest runs and the fixed sum is owed."""
        return SQL(
            """
            SELECT item.id, item.is_asked, item.invoice_key, item.rule_id, item.date_due, item.amount, item.decimals,
                   item.exchange, rule.fee_id, rule.once_per_invoice, rule.interest_first, rule.compounds,
                   rule.denominator, rule.months_of_thirty, rule.locks_rate,
                   rule.fee_start = 'with_interest' AS fee_comes_with_interest,
                   %(start)s AS start_day,
                   CASE WHEN rule.fee_start = 'with_interest' THEN %(start)s
                        WHEN item.fee_notice_day IS NOT NULL THEN GREATEST(item.fee_notice_day, item.date_due)
                    END AS fee_day
              FROM item
              JOIN rule ON rule.id = item.rule_id
             WHERE CASE WHEN item.is_company THEN rule.for_companies ELSE rule.for_individuals END
            """,
            start=SQL(
                """
                CASE WHEN rule.start = 'day_after_due' THEN item.date_due
                     WHEN item.notice_day IS NOT NULL THEN GREATEST(item.notice_day, item.date_due)
                 END
                """
            ),
        )

    def _received(self, date) -> SQL:
        """What was received on each item, by its days of change."""
        return SQL(
            """
            SELECT debt.id,
                   SUM(settlement.amount) FILTER (WHERE settlement.on_item) AS total,
                   MAX(settlement.day) FILTER (WHERE settlement.on_item) AS last_day,
                   SUM(settlement.amount) FILTER (WHERE settlement.day <= debt.start_day) AS by_start,
                   SUM(settlement.amount) FILTER (WHERE settlement.on_item AND settlement.day <= debt.fee_day) AS by_fee_day,
                   MIN(settlement.day) FILTER (WHERE settlement.day > debt.start_day) AS first_late_day
              FROM debt
              JOIN settlement ON settlement.item_id = debt.id
             WHERE settlement.day <= %s
             GROUP BY debt.id
            """,
            date,
        )

    def _bearing(self, date, pricing) -> SQL:
        """Debts that bear interest or a fixed sum, with their base on the first day and their last day.

        ``settled_interest`` is zero where none runs. ``is_straight``: the base changes by amounts known
        beforehand only.
        """
        return SQL(
            """
            SELECT owed.*, first.locked_rate,
                   CASE WHEN owed.locks_rate THEN first.is_extrapolated ELSE last.is_extrapolated END AS is_extrapolated,
                   CASE WHEN NOT owed.runs THEN 0 END AS settled_interest,
                   first.gathered + first.weight * (%(start_number)s - first.origin) AS gathered_at_start,
                   last.gathered + last.weight * (%(until_number)s - last.origin) AS gathered_at_end,
                   NOT owed.is_interrupted
                   AND NOT (owed.compounds AND owed.until > (owed.start_day + INTERVAL '1 year')::date) AS is_straight
              FROM (
                   SELECT fees.*,
                          CASE WHEN fees.due_fee > 0 AND NOT (fees.once_per_invoice AND fees.rank > 1) THEN fees.due_fee
                               ELSE 0
                           END AS fee
                     FROM (
                          SELECT priced.*,
                                 CASE WHEN priced.once_per_invoice AND priced.due_fee > 0 THEN ROW_NUMBER() OVER (
                                     PARTITION BY priced.invoice_key, priced.once_per_invoice AND priced.due_fee > 0
                                     ORDER BY priced.date_due, priced.id
                                 ) END AS rank
                            FROM (%(priced)s) priced
                          ) fees
                   ) owed
              LEFT JOIN calendar first ON owed.runs AND first.semester = %(first_semester)s
              LEFT JOIN calendar last ON owed.runs AND last.semester = %(last_semester)s
             WHERE owed.runs OR owed.fee > 0
            """,
            priced=self._with_fees(date, pricing),
            start_number=_number(SQL("owed.start_day")),
            until_number=_number(SQL("owed.until")),
            first_semester=_semester(SQL("owed.rule_id"), SQL("(owed.start_day + 1)")),
            last_semester=_semester(SQL("owed.rule_id"), SQL("owed.until")),
        )

    def _with_fees(self, date, pricing) -> SQL:
        """Debts with the end of interest, the base on its first day and the fixed sum of each for itself.

        OFFSET 0 keeps the database from writing an expression out wherever its column is used.
        """
        return SQL(
            """
            SELECT based.*, based.date_due IS NULL OR (based.base > 0 AND based.start_day < based.until) AS runs,
                   CASE WHEN based.fee_day < %(date)s AND based.unpaid > 0
                        THEN ROUND(%(fee)s * based.exchange, based.decimals)
                        ELSE 0
                    END AS due_fee
              FROM (
                   SELECT unpaid.*, %(fee_base)s AS fee_base
                     FROM (
                          SELECT debt.*,
                                 CASE WHEN received.total >= debt.amount THEN LEAST(received.last_day, %(date)s)
                                      ELSE %(date)s
                                  END AS until,
                                 debt.amount - COALESCE(received.by_start, 0) AS base,
                                 debt.amount - COALESCE(received.by_fee_day, 0) AS unpaid,
                                 debt.interest_first AND COALESCE(
                                     received.first_late_day < CASE
                                         WHEN received.total >= debt.amount THEN LEAST(received.last_day, %(date)s)
                                         ELSE %(date)s
                                     END,
                                     FALSE
                                 ) AS is_interrupted
                            FROM debt
                            LEFT JOIN received ON received.id = debt.id
                          OFFSET 0
                          ) unpaid
                   OFFSET 0
                   ) based
            OFFSET 0
            """,
            date=date,
            fee=self._fee_of(SQL("based.fee_base"), pricing),
            fee_base=self._fee_base(pricing),
        )

    # Interest ----------------------------------------------------------------------------

    def _straight(self) -> SQL:
        """Interest on a base that only payments of principal lower: one difference, less that of each payment."""
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
            day_number=_number(SQL("settlement.day"), SQL("debt")),
            day_semester=_semester(SQL("debt.rule_id"), SQL("settlement.day")),
        )

    def _changes(self) -> SQL:
        """Days on which a debt changes whose base depends on the interest itself: receipts and completed years."""
        return SQL(
            """
            SELECT bearing.id AS item_id, settlement.day, settlement.amount AS received, FALSE AS completes_year
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
        """Those debts, with what is gathered and received on each of their days, the last day of interest included."""
        return SQL(
            """
            SELECT bearing.id, bearing.decimals, bearing.locked_rate, bearing.denominator, bearing.base,
                   bearing.gathered_at_start, CASE WHEN bearing.fee_comes_with_interest THEN bearing.fee ELSE 0 END AS costs,
                   days.gathered || bearing.gathered_at_end AS gathered, days.received || 0::numeric AS received,
                   days.completes_year || FALSE AS completes_year
              FROM bearing
              JOIN (
                   SELECT day.item_id, array_agg(day.received ORDER BY day.day) AS received,
                          array_agg(day.completes_year ORDER BY day.day) AS completes_year,
                          array_agg(
                              calendar.gathered + calendar.weight * (%(day_number)s - calendar.origin) ORDER BY day.day
                          ) AS gathered
                     FROM (
                          SELECT item_id, day, SUM(received) AS received, BOOL_OR(completes_year) AS completes_year
                            FROM change
                           GROUP BY item_id, day
                          ) day
                     JOIN bearing debt ON debt.id = day.item_id
                     JOIN calendar ON calendar.semester = %(day_semester)s
                    GROUP BY day.item_id
                   ) days ON days.item_id = bearing.id
            """,
            day_number=_number(SQL("day.day"), SQL("debt")),
            day_semester=_semester(SQL("debt.rule_id"), SQL("day.day")),
        )

    def _steps(self) -> SQL:
        """Each debt after each of its days: what was received settles costs, then interest, then principal.

        OFFSET 0: as above.
        """
        return SQL(
            """
            SELECT id AS item_id, decimals, locked_rate, denominator, gathered, received, completes_year,
                   0 AS number, cardinality(gathered) AS last_number,
                   gathered_at_start AS gathered_before, costs, 0::numeric AS compounded, 0::numeric AS accrued,
                   base AS principal, 0::numeric AS total
              FROM stepped
            UNION ALL
            SELECT item_id, decimals, locked_rate, denominator, gathered, received, completes_year, number, last_number, gathered_now,
                   costs, compounded + CASE WHEN completes THEN accrued ELSE 0 END,
                   CASE WHEN completes THEN 0 ELSE accrued END, principal, total
              FROM (
                   SELECT owed.item_id, owed.decimals, owed.locked_rate, owed.denominator, owed.gathered, owed.received,
                          owed.completes_year, owed.number, owed.last_number, owed.gathered_now, owed.total, owed.completes,
                          GREATEST(owed.costs - owed.paid, 0) AS costs,
                          GREATEST(owed.compounded - GREATEST(owed.paid - owed.costs, 0), 0) AS compounded,
                          GREATEST(owed.accrued - GREATEST(owed.paid - owed.costs - owed.compounded, 0), 0) AS accrued,
                          GREATEST(
                              owed.principal
                              - GREATEST(owed.paid - owed.costs - owed.compounded - owed.accrued, 0),
                              0
                          ) AS principal
                     FROM (
                          SELECT born.*, born.accrued_before + born.amount AS accrued,
                                 born.total_before + born.amount AS total
                            FROM (
                                 SELECT step.item_id, step.decimals, step.locked_rate, step.denominator, step.gathered,
                                        step.received, step.completes_year, step.number + 1 AS number, step.last_number,
                                        step.gathered[step.number + 1] AS gathered_now,
                                        step.received[step.number + 1] AS paid,
                                        step.completes_year[step.number + 1] AS completes,
                                        step.costs, step.compounded, step.accrued AS accrued_before, step.principal,
                                        step.total AS total_before,
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


def _semesters(priced, date):
    """Yield (first day of the semester, origin, gathered, weight, locked rate, is extrapolated) of the rule's calendar.

    A locked rate is that of the first day of interest: the calendar then counts days, and the rate multiplies.
    """
    rule, table = priced.interest, priced.table
    first = table.rates[0][0] if table else datetime.date(date.year - FIXED_RATE_YEARS, 1, 1)
    start, gathered = semester_start(first), Decimal(0)
    while start <= date:
        end = semester_end(start)
        origin = day_number(rule.day_count, start - ONE_DAY)
        try:
            rate, extrapolated = applied_rate(rule, table, start, start)
        except KernelError:
            rate = None  # the table starts within this semester
        if rate is not None:
            locked, weight = (rate, Decimal(1)) if rule.rate_mode == "locked" else (Decimal(1), rate)
            weight *= priced.denominator / (100 * year_days(rule.day_count, start))
            yield (start, origin, gathered, weight, locked, extrapolated)
            gathered += weight * (day_number(rule.day_count, end) - origin)
        start = end + ONE_DAY


def _semester_number(rule_id, day):
    """Number the semesters of all rules, so that one value finds a row of the calendar."""
    return 10_000 * rule_id + 2 * day.year + (day.month > 6)  # noqa: PLR2004 June ends the first semester


def _semester(rule_id: SQL, day: SQL) -> SQL:
    """The same in SQL."""
    return SQL(
        """
        (10000::bigint * %(rule_id)s + 2 * date_part('year', %(day)s)::int + (date_part('month', %(day)s) > 6)::int)
        """,
        rule_id=rule_id,
        day=day,
    )


def _number(day: SQL, debt: SQL | None = None) -> SQL:
    """The kernel's number of a day, by the day count of ``debt``."""
    return SQL(
        """
        CASE WHEN %(debt)s.months_of_thirty
             THEN 360 * date_part('year', %(day)s)::int + 30 * date_part('month', %(day)s)::int
                  + LEAST(date_part('day', %(day)s)::int, 30)
             ELSE %(day)s - DATE '0001-01-01' + 1
         END
        """,
        day=day,
        debt=debt or SQL("owed"),
    )


def _fee_formula(fee, amount: SQL) -> SQL:
    """The kernel's fixed sum of ``amount``, before rounding."""
    if fee.kind == "per_invoice":
        return SQL("%s", fee.amount)
    cases = SQL(" ").join(
        SQL("WHEN %s >= %s THEN %s", amount, tier.start, tier.amount)
        if fee.kind == "tiers"
        else SQL("WHEN %(amount)s > %(over)s THEN %(base)s + (%(amount)s - %(over)s) * %(percent)s / 100",
                 amount=amount, over=tier.over, base=tier.base, percent=tier.percent)
        for tier in reversed(fee.tiers)
    )  # fmt: skip
    highest = SQL("GREATEST(CASE %s END, %s)", cases, fee.minimum)
    return highest if fee.maximum is None else SQL("LEAST(%s, %s)", highest, fee.maximum)
