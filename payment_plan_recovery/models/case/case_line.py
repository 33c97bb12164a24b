"""Claims of a case."""

from odoo import api, fields, models


class RecoveryCaseLine(models.Model):
    """One open receivable journal item that left dunning with a case."""

    _name = "recovery.case.line"
    _description = "Claim of a Case"
    _order = "case_id, date_due, id"
    _rec_name = "move_line_id"
    _check_company_auto = True

    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal item",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The open receivable item.",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due date", store=True)
    amount_opened = fields.Monetary(
        string="Open at first",
        compute="_compute_amount_opened",
        store=True,
        precompute=True,
        help="Open when the claim entered the case.",
    )
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Owed", help="Still open of the claim."
    )
    is_live = fields.Boolean(
        compute="_compute_is_live", store=True, precompute=True, help="The case is running."
    )

    _one_running_case = models.UniqueIndex(
        "(move_line_id) WHERE is_live", "This claim is in a running case already."
    )

    @api.depends("move_line_id")
    def _compute_amount_opened(self):
        for line in self:
            # Frozen: what is received afterwards does not change it.
            line.amount_opened = line.amount_opened or line.move_line_id.amount_residual_currency

    @api.depends("case_id.stage")
    def _compute_is_live(self):
        for line in self:
            line.is_live = line.case_id.stage != "closed"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.case_id._hold_claims()
        return lines

    def unlink(self):
        cases = self.case_id
        result = super().unlink()
        cases._hold_claims()
        return result
