"""When an invoice's money is expected."""

from odoo import api, fields, models

from ..solvency.res_partner import READERS


class AccountMove(models.Model):
    _inherit = "account.move"

    recovery_date_expected = fields.Date(
        string="Payment expected on",
        compute="_compute_recovery_forecast",
        groups=READERS,
        help="Day by which last night's forecast holds the last of the payment as likely as not.",
    )
    recovery_forecast = fields.Text(
        string="Payment forecast",
        compute="_compute_recovery_forecast",
        groups=READERS,
        help="When the money is expected, how surely, and why; a line for each due date.",
    )

    @api.depends_context("lang")
    @api.depends("line_ids")  # and not what is open of them, which changes with each payment
    def _compute_recovery_forecast(self):
        lines = self.env["recovery.forecast.line"].search([("move_line_id", "in", self.line_ids.ids)])
        by_move = lines.filtered(lambda line: not line.move_line_id.reconciled).grouped("move_id")
        for move in self:
            found = by_move.get(move, lines.browse())
            days = [line.date_expected for line in found]
            move.recovery_date_expected = max(days) if days and all(days) else False
            move.recovery_forecast = "\n".join(found.mapped("summary")) or False
