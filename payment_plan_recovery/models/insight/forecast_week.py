"""The cash to come by week, kept with last night's forecast: what graphs, pivots and workbooks show."""

from odoo import api, fields, models
from odoo.tools import format_date


class RecoveryForecastWeek(models.Model):
    """What one week brings from what is open now. Made anew every night, a quarter ahead."""

    _name = "recovery.forecast.week"
    _description = "Cash to Come by Week"
    _inherit = "recovery.named"
    _order = "date, id"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Week from", required=True, readonly=True, help="First day of the week.")
    amount_due = fields.Monetary(
        string="Falls due",
        readonly=True,
        help="What falls due in the week; in the first week also what is overdue.",
    )
    amount_expected = fields.Monetary(
        string="Expected",
        readonly=True,
        help="What the forecast expects to come in, plans and promises included.",
    )
    amount_low = fields.Monetary(
        string="At least",
        readonly=True,
        aggregator=None,  # a range of weeks together is not the sum of their ranges
        help="One week in ten is expected to bring less.",
    )
    amount_high = fields.Monetary(
        string="At most",
        readonly=True,
        aggregator=None,
        help="One week in ten is expected to bring more.",
    )
    amount_mean = fields.Monetary(
        string="By the mean",
        readonly=True,
        help="What would come in if each debtor took as long as its mean: what the forecast has to beat.",
    )
    verdict = fields.Char(
        string="How good it was",
        compute="_compute_verdict",
        help="How good the forecast was last quarter, told once, with a creditor's first week.",
    )

    @api.depends("company_id", "date")
    def _compute_verdict(self):
        scores = self.env["recovery.forecast.score"]
        for company, weeks in self.grouped("company_id").items():
            first = self.search([("company_id", "=", company.id)], limit=1)
            for week in weeks:
                week.verdict = week == first and scores._last(company).verdict

    def action_proof(self):
        """Open what the week is expected to bring, and what falls due in it, item by item: the columns add up to it."""
        self.ensure_one()
        self.check_access("read")
        first = self.search([("company_id", "=", self.company_id.id)], limit=1)
        rows = self.env["recovery.forecast.line"]._week_sql(self, (self.date - first.date).days // 7)
        name = self.env._(
            "Cash to come in the week of %s: expected, and falling due", format_date(self.env, self.date)
        )
        return self.env["recovery.kpi.proof"]._show(name, "cash", rows)

    @api.model
    def _keep(self, company, cash):
        """Keep what ``cash``, a :class:`Cash`, brings ``company`` in place of the weeks before."""
        kept = self.sudo()  # what the night foresees: nobody writes it by hand
        kept.search([("company_id", "=", company.id)]).unlink()
        currency = company.currency_id
        names = ("date", "amount_due", "amount_expected", "amount_low", "amount_high")
        kept.create(
            [
                {"company_id": company.id, **dict(zip(names, week, strict=True)), "amount_mean": by_mean}
                for week, by_mean in zip(cash.told(currency), cash.by_mean(currency), strict=True)
            ]
        )
