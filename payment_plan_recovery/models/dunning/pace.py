"""What may move the day of a level within the bounds it declares: one class each."""

from odoo import models
from odoo.tools import SQL


class RecoveryPace(models.AbstractModel):
    """Kind of what moves a level's day. By itself it stands for one whose addon is no longer installed.

    A claim that is expected to be paid by itself while its level may wait, gets it the day after; one that is not
    expected by then, as early as the level allows. What is expected before the declared day, or of what nothing is
    expected, changes nothing.
    """

    _name = "recovery.pace"
    _inherit = "recovery.kind"
    _description = "Pace of a Dunning Level"

    def _expected_sql(self, scope) -> SQL:
        """Return a query of (move_line_id, day): by when each item is expected to be paid by itself, as known on
        the day of ``scope``; ``infinity`` for one that never is.
        """
        raise NotImplementedError(self._name)

    def _of_scope(self, scope) -> dict:
        """Return {code: thing} of what the levels of ``scope`` move by; nothing, as a rule."""
        codes = set(scope.levels.mapped("pace"))
        return {code: thing for code, thing in self._things().items() if code in codes}

    def _columns_sql(self, scope) -> SQL:
        """Return the columns that ``known`` has besides for :meth:`_moved_sql`."""
        paces = self._of_scope(scope)
        if not paces:
            return SQL()
        days = (SQL(", %s.day AS %s", _alias(code), _alias(code)) for code in paces)
        return SQL("%s, COALESCE(pace_debtor.is_company, FALSE) AS pace_company", SQL("").join(days))

    def _joins_sql(self, scope) -> SQL:
        """Return the joins to ``fact`` that find them."""
        paces = self._of_scope(scope)
        if not paces:
            return SQL()
        joins = (
            SQL(
                "LEFT JOIN (%s) %s ON %s.move_line_id = fact.move_line_id",
                pace._expected_sql(scope),
                _alias(code),
                _alias(code),
            )
            for code, pace in paces.items()
        )
        return SQL(
            "LEFT JOIN res_partner pace_debtor ON pace_debtor.id = fact.partner_id %s", SQL(" ").join(joins)
        )

    def _moved_sql(self, scope, day) -> SQL:
        """Return the day on which a claim (``known``) gets ``level``, declared for ``day``; natural persons' days
        move where the level says so.
        """
        paces = self._of_scope(scope)
        if not paces:
            return day
        expected = (SQL("WHEN %s THEN known.%s", code, _alias(code)) for code in paces)
        return SQL(
            """
            CASE WHEN level.pace IS NULL OR NOT (known.pace_company OR level.pace_people) THEN %(day)s
                 ELSE (SELECT CASE WHEN found.expected IS NULL OR found.expected < found.day THEN found.day
                                   WHEN found.expected < found.day + level.days_late THEN found.expected + 1
                                   ELSE found.day - level.days_early
                               END
                         FROM (SELECT %(day)s AS day, CASE level.pace %(expected)s END AS expected) found)
            END
            """,
            day=day,
            expected=SQL(" ").join(expected),
        )


def _alias(code):
    return SQL.identifier(f"pace_{code}")
