"""How good the forecast was, said beside it: the last quarter foreseen anew and held against what came."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..common.counted import counted

#: The time that is looked back on, and how often.
QUARTER, EVERY = timedelta(weeks=13), timedelta(weeks=1)
#: Invoices under which nothing is concluded.
ENOUGH = 30


class RecoveryForecastScore(models.Model):
    """The back-test of one creditor over a quarter; each week another one, so that it can be followed."""

    _name = "recovery.forecast.score"
    _description = "How Good the Forecast was"
    _inherit = "recovery.named"
    _order = "date_to desc, id desc"
    _rec_name = "date_to"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(string="First Day", required=True, readonly=True)
    date_to = fields.Date(string="Last Day", required=True, readonly=True)
    invoices = fields.Integer(readonly=True, help="Invoices whose lateness was foreseen when they were made.")
    weeks = fields.Integer(readonly=True, help="Weeks whose cash was foreseen.")
    brier_forecast = fields.Float(
        string="Brier score",
        digits=(8, 4),
        readonly=True,
        aggregator="avg",
        help="Mean squared error of the chance to be late, at invoicing: 0 is perfect, 0.25 a coin's.",
    )
    brier_mean = fields.Float(
        string="Brier score of the mean",
        digits=(8, 4),
        readonly=True,
        aggregator="avg",
        help="The same for each debtor's own share of late payments.",
    )
    wape_forecast = fields.Float(
        string="Error by week",
        digits=(8, 4),
        readonly=True,
        aggregator="avg",
        help="Sum of the errors of the cash by week, four weeks ahead, over the cash.",
    )
    wape_mean = fields.Float(
        string="Error by week of the mean",
        digits=(8, 4),
        readonly=True,
        aggregator="avg",
        help="The same as if each paid as late as its mean.",
    )
    wape_due = fields.Float(
        string="Error by week at due date",
        digits=(8, 4),
        readonly=True,
        aggregator="avg",
        help="The same as if everybody paid on the day.",
    )
    coverage = fields.Float(
        string="Inside the range",
        digits=(8, 4),
        readonly=True,
        aggregator="avg",
        help="Share of payments inside their range of 80 %.",
    )
    is_enough = fields.Boolean(
        string="Enough to judge", readonly=True, help="At least 30 invoices and a week were scored."
    )
    is_better_late = fields.Boolean(
        string="Lateness told better",
        readonly=True,
        help="The forecast told better than each debtor's mean whether an invoice would be late.",
    )
    is_better_cash = fields.Boolean(
        string="Cash told better",
        readonly=True,
        help="The forecast told the cash by week better than each debtor's mean.",
    )
    verdict = fields.Char(compute="_compute_verdict", help="How good the forecast was, in words.")

    _one_each = models.Constraint("UNIQUE(company_id, date_to)", "A quarter is scored once.")

    @api.depends_context("lang")
    @api.depends("is_enough", "is_better_late", "is_better_cash", "invoices", "wape_forecast", "coverage")
    def _compute_verdict(self):
        for score in self:
            score.verdict = score._verdict()

    def _verdict(self):
        if not self.is_enough:
            return self.env._(
                "Too little history to judge the forecast: %s last quarter.",
                counted(self.env, "invoice", self.invoices),
            )
        return " ".join([self._verdict_of_cash(), self._verdict_of_lateness()])

    def _verdict_of_cash(self):
        figures = {
            "forecast": formatLang(self.env, 100 * self.wape_forecast, digits=1),
            "mean": formatLang(self.env, 100 * self.wape_mean, digits=1),
        }
        if self.is_better_cash:
            return self.env._(
                "Last quarter the cash by week was %(forecast)s %% off, %(mean)s %% by each debtor's mean.",
                **figures,
            )
        return self.env._(
            "The cash by week was no better than the mean last quarter: %(forecast)s %% off, %(mean)s %% by each "
            "debtor's mean. Go by the mean.",
            **figures,
        )

    def _verdict_of_lateness(self):
        if self.is_better_late:
            return self.env._(
                "Whether an invoice would be late it told better than the mean; %s %% of payments came inside their "
                "range of 80 %%.",
                f"{100 * self.coverage:.0f}",
            )
        return self.env._(
            "Whether an invoice would be late the mean told as well, or better: go by the mean."
        )

    def _beside(self):
        """How good the forecast was, in few words: what is said beside each."""
        if not self.is_enough:
            return self.env._("Not judged yet: too few invoices last quarter.")
        return self.env._(
            "Last quarter %(inside)s %% of payments came inside their range of 80 %%.",
            inside=f"{100 * self.coverage:.0f}",
        )

    @api.model
    def _last(self, company):
        """Return the last score of ``company``."""
        return self.search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _goes_by_mean(self, company):
        """Return whether ``company`` goes by its debtors' means: for when money comes, and for what will be late.

        It does where the last back-test found that they told as well as the forecast.
        """
        last = self._last(company)
        return (
            last.is_enough and not last.is_better_cash,
            last.is_enough and not last.is_better_late,
        )

    @api.model
    def _keep_when_due(self, company, today):
        """Score the quarter that ended yesterday, unless one was scored within a week."""
        yesterday = today - timedelta(days=1)
        if yesterday < (self._last(company).date_to or today - QUARTER) + EVERY:
            return
        figures = (
            self.env["recovery.forecast.backtest"]
            .with_company(company)
            .backtest(yesterday - QUARTER, yesterday)
        )
        known = {
            name: figures.get(name) or 0.0 for name in self._fields if name.startswith(("brier_", "wape_"))
        }
        is_enough = figures["invoices"] >= ENOUGH and figures.get("wape_mean") is not None
        self.create(
            {
                "company_id": company.id,
                "date_from": yesterday - QUARTER,
                "date_to": yesterday,
                "invoices": figures["invoices"],
                "weeks": figures["weeks"],
                "coverage": figures["coverage"] or 0.0,
                "is_enough": is_enough,
                "is_better_late": is_enough and known["brier_forecast"] < known["brier_mean"],
                "is_better_cash": is_enough and known["wape_forecast"] < known["wape_mean"],
                **known,
            }
        )
