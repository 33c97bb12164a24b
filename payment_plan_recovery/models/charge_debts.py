"""Debts that bear charges, whole ledgers at a time: their dates, their base and their fixed sums."""

from odoo import models
from odoo.tools import SQL

from .charge_calendar import number, semester

#: A factor that makes a division keep 30 digits behind the point.
DIVIDED = SQL("1.000000000000000000000000000000")


class RecoveryChargeEngine(models.AbstractModel):
    _inherit = "recovery.charge.engine"

    def _debts(self) -> SQL:
        """Items of debtors who owe charges, with the days after which interest and the fixed sum are owed."""
        return SQL(
            """
            SELECT item.id, item.is_asked, item.invoice_key, item.rule_id, item.date_due, item.amount,
                   item.decimals, item.exchange, rule.fee_id, rule.once_per_invoice, rule.interest_first,
                   rule.compounds,
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
                   SUM(settlement.amount) FILTER (WHERE settlement.on_item AND settlement.day <= debt.fee_day)
                       AS by_fee_day,
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
                   CASE WHEN owed.locks_rate THEN first.is_extrapolated
                        ELSE last.is_extrapolated
                    END AS is_extrapolated,
                   CASE WHEN NOT owed.runs THEN 0 END AS settled_interest,
                   first.gathered + first.weight * (%(start_number)s - first.origin) AS gathered_at_start,
                   last.gathered + last.weight * (%(until_number)s - last.origin) AS gathered_at_end,
                   NOT owed.is_interrupted
                   AND NOT (owed.compounds AND owed.until > (owed.start_day + INTERVAL '1 year')::date)
                       AS is_straight
              FROM (
                   SELECT fees.*,
                          CASE WHEN fees.once_per_invoice AND fees.rank > 1 THEN 0
                               ELSE fees.due_fee
                           END AS fee
                     FROM (
                          SELECT priced.*,
                                 CASE WHEN priced.due_fee > 0 THEN ROW_NUMBER() OVER (
                                     PARTITION BY priced.invoice_key, priced.once_per_invoice,
                                                  priced.due_fee > 0
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
            start_number=number(SQL("owed.start_day")),
            until_number=number(SQL("owed.until")),
            first_semester=semester(SQL("owed.rule_id"), SQL("(owed.start_day + 1)")),
            last_semester=semester(SQL("owed.rule_id"), SQL("owed.until")),
        )

    def _with_fees(self, date, pricing) -> SQL:
        """Debts with the end of interest, the base on its first day and the fixed sum of each for itself.

        OFFSET 0 keeps the database from writing an expression out wherever its column is used.
        """
        return SQL(
            """
            SELECT based.*,
                   based.date_due IS NULL OR (based.base > 0 AND based.start_day < based.until) AS runs,
                   CASE WHEN based.fee_day < %(date)s AND based.unpaid > 0
                        THEN ROUND(%(fee)s * based.exchange, based.decimals)
                        ELSE 0
                    END AS due_fee
              FROM (
                   SELECT unpaid.*, %(fee_base)s AS fee_base
                     FROM (
                          SELECT debt.*,
                                 ended.day AS until,
                                 debt.amount - COALESCE(received.by_start, 0) AS base,
                                 debt.amount - COALESCE(received.by_fee_day, 0) AS unpaid,
                                 debt.interest_first
                                     AND COALESCE(received.first_late_day < ended.day, FALSE)
                                     AS is_interrupted
                            FROM debt
                            LEFT JOIN received ON received.id = debt.id
                            CROSS JOIN LATERAL (
                                 SELECT CASE WHEN received.total >= debt.amount
                                             THEN LEAST(received.last_day, %(date)s)
                                             ELSE %(date)s
                                         END AS day
                                 ) ended
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
            CASE WHEN exchange = 1 THEN unpaid
                 ELSE ROUND(unpaid * %s / exchange, CASE fee_id %s ELSE 2 END)
             END
            """,
            DIVIDED,
            cases or SQL("WHEN 0 THEN 2"),
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
