"""Figures as they stood when a month was closed: kept, because not everything can be told afterwards."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..common.counted import counted

#: Months closed before the first snapshot that are told from the ledger, as far as it allows.
CATCH_UP_MONTHS = 12
#: By what figures are kept besides all together.
KEPT_BY = {
    "company": "of_company_id",
    "person": "user_id",
    "segment": "risk_class_id",
    "country": "country_id",
}


class RecoveryKpiSnapshot(models.Model):
    """One figure of one month: all together, or of a company, a person, a segment or a country."""

    _name = "recovery.kpi.snapshot"
    _inherit = ["recovery.kpi.decimals"]
    _description = "Figure of a Month"
    _order = "date desc, kpi, kept_by, id"
    _rec_name = "kpi"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Closed on", required=True, readonly=True, help="Last day of the month.")
    kpi = fields.Selection(
        lambda self: self.env["recovery.figure"]._selection(), string="Figure", required=True, readonly=True
    )
    kept_by = fields.Selection(
        [
            ("all", "All together"),
            ("company", "Company"),
            ("person", "Responsible"),
            ("segment", "Risk class"),
            ("country", "Country"),
        ],
        required=True,
        readonly=True,
        help="Whether the figure is of everything, or of one company, person, risk class or country.",
    )
    of_company_id = fields.Many2one("res.company", string="Company", readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True, ondelete="cascade")
    risk_class_id = fields.Many2one("recovery.risk.class", readonly=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="cascade")
    numerator = fields.Float(readonly=True, digits=(16, 4), aggregator=None, help="What was added up.")
    denominator = fields.Float(readonly=True, digits=(16, 4), aggregator=None, help="Over what.")
    value = fields.Float(
        readonly=True, digits=(16, 4), aggregator="avg", help="The figure: a share of 1, days, or money."
    )
    value_text = fields.Char(
        string="Value in its unit",
        compute="_compute_value_text",
        help="The figure in its unit; a dash where there was nothing to divide by.",
    )
    unit = fields.Selection(
        [("share", "Shares"), ("days", "Days"), ("money", "Amounts"), ("rating", "Ratings")],
        compute="_compute_unit",
        store=True,
        help="What the figure is told in: only figures of one unit stand beside each other in a graph.",
    )
    is_told = fields.Boolean(
        string="Can be told", readonly=True, help="There was something to divide by in the month."
    )
    taken_on = fields.Date(readonly=True, help="Day on which it was kept.")
    is_late = fields.Boolean(
        string="Told afterwards",
        readonly=True,
        help="Not kept when the month was closed, but told later from what the ledger still said: who was "
        "responsible, risk classes and what was unmatched are those of the later day.",
    )

    _one_each = models.UniqueIndex(
        "(company_id, date, kpi, kept_by, COALESCE(of_company_id, 0), COALESCE(user_id, 0), "
        "COALESCE(risk_class_id, 0), COALESCE(country_id, 0))",
        "A figure is kept once a month.",
    )

    @api.depends("kpi")
    def _compute_unit(self):
        units = {code: figure._unit for code, figure in self.env["recovery.figure"]._things().items()}
        for snapshot in self:
            snapshot.unit = units.get(snapshot.kpi)

    @api.depends("unit", "value", "is_told")
    def _compute_value_text(self):
        for snapshot in self:
            is_told = snapshot.is_told and snapshot.unit
            snapshot.value_text = snapshot._in_unit(snapshot.unit) if is_told else "-"

    def _in_unit(self, unit):
        """Return the value in words of a figure that is told in ``unit``."""
        if unit == "money":
            return formatLang(self.env, self.value, currency_obj=self.currency_id)
        if unit == "share":
            return self.env._("%s %%", formatLang(self.env, 100 * self.value, digits=1))
        if unit == "days":
            return counted(self.env, "day", round(self.value, 1))
        return self.env._("%s of 5", formatLang(self.env, self.value, digits=1))

    @api.depends("kpi", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kpi"]._description_selection(self.env))
        for snapshot in self:
            snapshot.display_name = f"{labels.get(snapshot.kpi, snapshot.kpi)} {snapshot.date:%m/%Y}"

    @api.model
    def _cron_keep(self):
        """Nightly: keep the figures of months that were closed, count what reminders brought, judge trials.

        One creditor that fails stops no other.
        """
        creditors = self.env["res.company"].search([("parent_id", "=", False)])
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_keep_tonight", creditors)

    @api.model
    def _keep_tonight(self, creditor, date):
        self._keep_closed(creditor)
        self.env["recovery.lesson"]._learn(creditor, date)
        self.env["recovery.message.trial"]._judge_due(creditor, date)

    def _keep_closed(self, creditor):
        """Keep the months of ``creditor`` that are closed, by its clock, and not kept yet; the oldest first."""
        today = creditor._recovery_today()
        for date in self._closed(creditor, today):
            self._keep(creditor, date, today)

    @api.model
    def _closed(self, creditor, today):
        """Return the last days of the months to keep: since the last one kept, or since there are claims."""
        own = Domain("company_id", "in", creditor._recovery_branch_ids())
        last = self.search([("company_id", "=", creditor.id)], order="date desc", limit=1).date
        if not last:
            claim = self.env["account.move.line"].search(
                own & Domain("account_type", "=", "asset_receivable") & Domain("parent_state", "=", "posted"),
                order="date",
                limit=1,
            )
            earliest = fields.Date.subtract(today.replace(day=1), months=CATCH_UP_MONTHS)
            last = max(claim.date or today, earliest).replace(day=1) - timedelta(days=1)
        closed, month = [], fields.Date.add(last, days=1)
        while (end := fields.Date.end_of(month, "month")) < today:
            closed.append(end)
            month = fields.Date.add(end, days=1)
        return closed

    def _keep(self, creditor, date, today):
        """Keep the figures of the month that ends on ``date``."""
        kpi = self.env["recovery.kpi"].with_company(creditor)
        scope = kpi._scope(date.replace(day=1), date)
        rows = []
        for by, told in kpi._figures_by(scope, (None, *KEPT_BY)).items():
            for key, figures in told.items():
                of = {KEPT_BY[by]: key} if by else {}
                rows += [
                    {
                        "company_id": creditor.id,
                        "date": date,
                        "kpi": code,
                        "kept_by": by or "all",
                        **of,
                        "numerator": figure.numerator,
                        "denominator": figure.denominator,
                        "value": figure.value or 0.0,
                        "is_told": figure.value is not None,
                        "taken_on": today,
                        "is_late": today > fields.Date.add(date, days=1),
                    }
                    for code, figure in figures.items()
                ]
        self.create(rows)
