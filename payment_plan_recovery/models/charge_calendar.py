"""The calendar that turns interest into a difference: what a rule gathers by each semester, and its SQL."""

import datetime
from decimal import Decimal

from odoo.tools import SQL

from ..tools.errors import KernelError
from ..tools.interest import day_number, year_days
from ..tools.rates import ONE_DAY, applied_rate, semester_end, semester_start

#: Years that calendars of fixed rates go back; older items are left to the kernel.
FIXED_RATE_YEARS = 30


def semesters(priced, date):
    """Yield the rule's semesters: (first day, origin, gathered, weight, locked rate, is extrapolated).

    ``gathered`` is what came before the first day, ``weight`` what each day adds, ``origin`` the number of
    the day before. A locked rate is that of the first day of interest: the calendar then counts days, and the
    rate multiplies.
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


def semester_number(rule_id, day):
    """Number the semesters of all rules, so that one value finds a row of the calendar."""
    return 10_000 * rule_id + 2 * day.year + (day.month > 6)  # noqa: PLR2004 June ends the first semester


def semester(rule_id: SQL, day: SQL) -> SQL:
    """The same in SQL."""
    return SQL(
        """
        (
            10000::bigint * %(rule_id)s
            + 2 * date_part('year', %(day)s)::int
            + (date_part('month', %(day)s) > 6)::int
        )
        """,
        rule_id=rule_id,
        day=day,
    )


def number(day: SQL, debt: SQL | None = None) -> SQL:
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
