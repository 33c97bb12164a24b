"""What a case costs."""

from odoo import api, fields, models


class RecoveryCaseCost(models.Model):
    """A fee or expense of a case, in the case's currency; the bill itself is booked in Accounting."""

    _name = "recovery.case.cost"
    _description = "Cost of a Case"
    _inherit = ["recovery.names.seen"]
    _order = "case_id, date, id"

    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="case_id.currency_id")
    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Day it was spent.",
    )
    name = fields.Char(string="What for", required=True)
    partner_id = fields.Many2one("res.partner", string="Paid to", help="Who was paid.")
    amount = fields.Monetary(required=True, help="What it cost.")
    is_claimed_back = fields.Boolean(
        string="Claimed back", help="The debtor has to bear it: a court granted it, or the law says so."
    )
    move_id = fields.Many2one(
        "account.move",
        string="Bill",
        domain=[("move_type", "in", ("in_invoice", "in_refund", "entry"))],
        help="The bill in Accounting.",
    )

    _not_negative = models.Constraint("CHECK(amount >= 0)", "A cost cannot be negative.")

    @api.depends("case_id")
    def _compute_date(self):
        """Today by the clock of the case's company, unless a day was given."""
        for cost in self:
            company = cost.case_id.company_id or self.env.company
            cost.date = cost.date or company._recovery_today()
