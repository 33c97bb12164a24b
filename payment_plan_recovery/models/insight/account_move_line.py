"""The chance that a journal item is paid in time, so that levels that remind before the due date may choose by it."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..solvency.res_partner import READERS

COMPARISONS = {comparison: SQL(comparison) for comparison in ("<", "<=", ">", ">=")}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recovery_chance_in_time = fields.Float(
        string="Chance to be paid in time",
        compute="_compute_recovery_chance_in_time",
        search="_search_recovery_chance_in_time",
        groups=READERS,
        help="Chance that the item is paid by its due date, by last night's forecast: 0 to 1. A level that reminds "
        "before the due date may choose by it, in its filter of claims.",
    )

    def _compute_recovery_chance_in_time(self):
        lines = self.env["recovery.forecast.line"]._of_items(self)
        for item in self:
            item.recovery_chance_in_time = lines[item].chance_in_time if item in lines else 0.0

    def _search_recovery_chance_in_time(self, operator, value):
        """Items without a forecast are found by nothing."""
        if operator not in COMPARISONS:
            return NotImplemented
        told = self.env["recovery.forecast.line"]._in_time_sql
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s %s %s", told(SQL.identifier(alias, "id")), COMPARISONS[operator], value
            )
        )
