"""Last night's forecast, kept: what screens and the worklist show of it."""

import json

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...tools.forecast import HORIZONS

#: Weeks to come for which the cash is kept: a quarter.
WEEKS = 13


class RecoveryForecastLine(models.Model):
    """What is expected of one open item, as of a day. Made anew every night, of every item."""

    _name = "recovery.forecast.line"
    _description = "Forecast of an Item"
    _order = "date_expected, id"
    _rec_name = "move_line_id"

    move_line_id = fields.Many2one(
        "account.move.line", string="Journal item", required=True, readonly=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due date")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        related="move_line_id.amount_residual", string="Owed", help="Still owed, in company currency."
    )
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    date = fields.Date(string="As of", required=True, readonly=True, help="Day of the forecast.")
    date_expected = fields.Date(
        string="Expected on",
        readonly=True,
        help="Day by which it is as likely paid as not; empty when never.",
    )
    date_early = fields.Date(
        string="At the earliest",
        readonly=True,
        help="One payment in ten is expected to come before this day.",
    )
    date_late = fields.Date(
        string="At the latest", readonly=True, help="One payment in ten is expected to come after this day."
    )
    chance_7 = fields.Float(
        string="Within 7 days", readonly=True, help="Chance to be paid within 7 days, 0 to 1."
    )
    chance_14 = fields.Float(string="Within 14 days", readonly=True, help="Chance to be paid within 14 days.")
    chance_30 = fields.Float(string="Within 30 days", readonly=True, help="Chance to be paid within 30 days.")
    chance_60 = fields.Float(string="Within 60 days", readonly=True, help="Chance to be paid within 60 days.")
    chance_90 = fields.Float(string="Within 90 days", readonly=True, help="Chance to be paid within 90 days.")
    chance_in_time = fields.Float(
        string="In time", readonly=True, help="Chance to be paid by the due date; 0 once it has passed."
    )
    date_mean = fields.Date(
        string="By the mean",
        readonly=True,
        help="Due date and the days that the debtor pays late in the mean; from tomorrow on.",
    )
    facts = fields.Text(readonly=True, help="What the forecast rests on, as figures.")
    reason = fields.Char(
        string="Why", compute="_compute_reason", help="What the forecast rests on, in words."
    )

    _one_each = models.Constraint("UNIQUE(move_line_id)", "An item has one forecast.")

    summary = fields.Char(
        compute="_compute_summary", help="Expected day, range, chance and why, in a sentence."
    )

    @api.depends_context("lang")
    @api.depends("facts", "date_expected", "date_early", "date_late", "chance_30")
    def _compute_summary(self):
        for line in self:
            line.summary = line._sentence()

    def _sentence(self):
        if not self.date_expected:
            return self.env._("Not expected to be paid: %s.", self.reason)
        return self.env._(
            "Expected on %(expected)s (between %(early)s and %(late)s in eight of ten cases), %(chance)s %% within "
            "30 days: %(why)s.",
            expected=format_date(self.env, self.date_expected),
            early=format_date(self.env, self.date_early),
            late=format_date(self.env, self.date_late) if self.date_late else self.env._("much later"),
            chance=round(100 * self.chance_30),
            why=self.reason,
        )

    @api.depends("facts")
    def _compute_reason(self):
        forecast = self.env["recovery.forecast"]
        for line in self:
            reasons = json.loads(line.facts or "[]")
            line.reason = "; ".join(forecast._reason_text((code, figures)) for code, figures in reasons)

    @api.model
    def _keep(self, company, date):
        """Keep the forecast of ``company`` and its branches as of ``date`` in place of the one before."""
        forecast = self.env["recovery.forecast"].with_company(company)
        companies = forecast._creditor()
        known = list(forecast._known(date))
        rows = [
            (
                one.item_id,
                one.debtor_id,
                *forecast._forecast(date, one),
                _by_mean(date, one),
                _in_time(date, one),
            )
            for one in known
        ]
        self.env["recovery.forecast.week"]._keep(company, forecast._by_week(date, known, WEEKS), known)
        self.env.cr.execute(
            SQL("DELETE FROM recovery_forecast_line WHERE company_id = ANY(%s)", companies.ids)
        )
        if rows:
            self._insert(rows, date)
        self.invalidate_model()

    def _insert(self, rows, date):
        columns = list(zip(*rows, strict=True))
        items, debtors, expected, early, late, chances, reasons, by_mean, in_time = columns
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recovery_forecast_line (
                    move_line_id, partner_id, company_id, date, date_expected, date_early, date_late,
                    chance_7, chance_14, chance_30, chance_60, chance_90, date_mean, chance_in_time, facts,
                    create_uid, create_date
                )
                SELECT told.item, told.debtor, item.company_id, %(date)s::date, told.expected, told.early,
                       told.late, told.c7, told.c14, told.c30, told.c60, told.c90, told.by_mean, told.in_time,
                       told.facts, %(user)s,
                       NOW() AT TIME ZONE 'UTC'
                  FROM unnest(%(rows)s) AS told(
                           item, debtor, expected, early, late, c7, c14, c30, c60, c90, by_mean, in_time, facts
                       )
                  JOIN account_move_line item ON item.id = told.item
                """,
                date=date,
                user=self.env.uid,
                rows=SQL(
                    "%s::int[], %s::int[], %s::date[], %s::date[], %s::date[], %s::float[], %s::float[],"
                    " %s::float[], %s::float[], %s::float[], %s::date[], %s::float[], %s::text[]",
                    *map(list, (items, debtors, expected, early, late)),
                    *([found[days] for found in chances] for days in HORIZONS),
                    list(by_mean),
                    list(in_time),
                    [json.dumps(found, default=str) for found in reasons],
                ),
            )
        )

    @api.model
    def _expected_by_debtor_sql(self, companies) -> SQL:
        """Return a query of (partner_id, company_id, amount_expected, date_expected) of each debtor.

        What is expected within 30 days in company currency, and the first day on which a payment is.
        """
        return SQL(
            """
            SELECT line.partner_id, line.company_id, SUM(line.chance_30 * item.amount_residual) AS amount_expected,
                   MIN(line.date_expected) AS date_expected
              FROM recovery_forecast_line line
              JOIN account_move_line item ON item.id = line.move_line_id AND item.reconciled IS NOT TRUE
             WHERE line.company_id = ANY(%s)
             GROUP BY line.partner_id, line.company_id
            """,
            companies.ids,
        )

    @api.model
    def _cron_keep(self):
        """Nightly: the forecast of every creditor. One that fails is named, and the others go on."""
        creditors = self.env["res.company"].search([("parent_id", "=", False)])
        self.env["recovery.dispatch"]._dispatch_companies(self._name, "_keep_today", creditors)

    @api.model
    def _keep_today(self, company, date):
        self._keep(company, date)
        self.env["recovery.forecast.score"]._keep_when_due(company, date)

    @api.model
    def _at_risk_sql(self, companies) -> SQL:
        """Return a query of (partner_id, company_id, risk): share of what is owed not expected within 90 days."""
        return SQL(
            """
            SELECT line.partner_id, line.company_id,
                   SUM(item.amount_residual * (1 - line.chance_90)) / NULLIF(SUM(item.amount_residual), 0) AS risk
              FROM recovery_forecast_line line
              JOIN account_move_line item ON item.id = line.move_line_id
             WHERE line.company_id = ANY(%s)
             GROUP BY line.partner_id, line.company_id
            """,
            companies.ids,
        )

    @api.model
    def _of_items(self, items):
        """Return {journal item: its forecast} of ``items``, as far as there are any."""
        return self.search([("move_line_id", "in", items.ids)]).grouped("move_line_id")

    @api.model
    def _in_time_sql(self, item: SQL) -> SQL:
        """Return an expression: the chance that the journal item whose id is ``item`` is paid in time, or NULL."""
        return SQL(
            "(SELECT line.chance_in_time FROM recovery_forecast_line line WHERE line.move_line_id = %s)", item
        )

    @api.model
    def _chances_sql(self, creditor, date) -> SQL:
        """Return a query of (move_line_id, chance_90) of what was open on ``date``: as kept, else foreseen anew."""
        companies = creditor._recovery_branch_ids()
        kept = self.sudo().search_count(  # sudo: whether there are any, of branches too
            [("company_id", "in", companies), ("date", "=", date)], limit=1
        )
        if kept:
            return SQL(
                "SELECT move_line_id, chance_90 FROM recovery_forecast_line WHERE company_id = ANY(%s)",
                list(companies),
            )
        forecast = (
            self.env["recovery.forecast"].with_company(creditor).sudo()
        )  # sudo: callers checked the reader
        rows = [(known.item_id, known.outlook.chance(HORIZONS[-1])) for known in forecast._known(date)]
        items, chances = zip(*rows, strict=True) if rows else ((), ())
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::float[]) AS told(move_line_id, chance_90)",
            list(items),
            list(chances),
        )


def _by_mean(date, known):
    """The day on which an item would be paid if its debtor always took its mean."""
    return max(fields.Date.add(known.date_due, days=round(known.late)), fields.Date.add(date, days=1))


def _in_time(date, known):
    """The chance that an item is paid by its due date, from what is known on ``date``."""
    days = (known.date_due - date).days
    return known.outlook.chance(days) if days >= 0 else 0.0
