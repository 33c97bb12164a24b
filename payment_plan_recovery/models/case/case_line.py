"""Claims of a case."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..claim.open_money_facts import MONEY_JOURNALS


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
    amount_received = fields.Monetary(
        string="Received since",
        compute="_compute_amount_received",
        help="Money on the claim after the day the case was opened, or the insolvency published: by whichever way, "
        "dividends of the insolvency among it. Credit notes and what was written off are not.",
    )
    is_live = fields.Boolean(
        compute="_compute_is_live", store=True, precompute=True, help="The case is running."
    )

    _one_running_case = models.UniqueIndex(
        "(move_line_id) WHERE is_live", "This claim is in a running case already."
    )

    @api.model
    def _running_over(self, items):
        """Return the claims of running cases that are about ``items``."""
        return self.search([("move_line_id", "in", items.ids), ("is_live", "=", True)])

    @api.depends("move_line_id")
    def _compute_amount_opened(self):
        for line in self:
            # Frozen: what is received afterwards does not change it.
            line.amount_opened = line.amount_opened or line.move_line_id.amount_residual_currency

    @api.depends("move_line_id.amount_residual_currency", "case_id.date_opened", "case_id.date_published")
    def _compute_amount_received(self):
        received = dict(self.env.execute_query(self._received_sql())) if self.ids else {}
        for line in self:
            line.amount_received = line.currency_id.round(float(received.get(line._origin.id, 0)))

    def _received_sql(self) -> SQL:
        """Query of (id, amount in the claim's currency) of the claims that money came for."""
        return SQL(
            """
            SELECT line.id, SUM(partial.debit_amount_currency)
              FROM recovery_case_line line
              JOIN recovery_case file ON file.id = line.case_id
              JOIN account_partial_reconcile partial ON partial.debit_move_id = line.move_line_id
              JOIN account_move_line receipt ON receipt.id = partial.credit_move_id
              JOIN account_journal journal ON journal.id = receipt.journal_id
             WHERE line.id = ANY(%s)
               AND journal.type = ANY(%s)
               AND partial.max_date > COALESCE(file.date_published, file.date_opened)
             GROUP BY line.id
            """,
            self.ids,
            list(MONEY_JOURNALS),
        )

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
