"""Claims: the way to a case, and the day they are time-barred."""

from odoo import api, fields, models
from odoo.fields import Domain


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    date_limitation = fields.Date(
        string="Barred after",
        compute="_compute_date_limitation",
        search="_search_date_limitation",
        help="Last day on which the claim can be taken to court, as found last night; empty while its "
        "limitation does not run, and for instalments.",
    )

    @api.depends("move_line_id")
    def _compute_date_limitation(self):
        found = self.env["recovery.limitation"].search([("move_line_id", "in", self.move_line_id.ids)])
        days = {record.move_line_id.id: record.expires_on for record in found}
        for claim in self:
            claim.date_limitation = days.get(claim.move_line_id.id)

    def _search_date_limitation(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        found = self.env["recovery.limitation"]._search([("expires_on", operator, value)])
        return Domain("move_line_id", "in", found.subselect("move_line_id"))

    def action_case(self):
        """Open a case over the claims; instalments have none: their plan comes first."""
        return self.env["recovery.case"]._open_action(self.partner_id, self.move_line_id)
