"""Levels whose day moves by the forecast of each item."""

from odoo import models
from odoo.tools import SQL

#: Days after which a forecast is no longer gone by: nights without service, say.
FRESH_DAYS = 7


class RecoveryPaceForecast(models.AbstractModel):
    """The forecast kept last night says by when an item is as likely paid as not.

    One that was no better than the debtors' means moves nothing: the level comes on the day declared.
    """

    _name = "recovery.pace.forecast"
    _inherit = "recovery.pace"
    _description = "Pace: Forecast"

    _code = "forecast"

    def _label(self):
        return self.env._("Forecast")

    def _expected_sql(self, scope):
        return SQL(
            """
            SELECT foreseen.move_line_id, COALESCE(foreseen.date_expected, 'infinity') AS day
              FROM recovery_forecast_line foreseen
             WHERE foreseen.company_id = ANY(%(companies)s)
               AND foreseen.is_by_mean IS NOT TRUE
               AND foreseen.date BETWEEN %(date)s::date - %(fresh)s AND %(date)s
            """,
            companies=list(scope.company._recovery_branch_ids()),
            date=scope.date,
            fresh=FRESH_DAYS,
        )
