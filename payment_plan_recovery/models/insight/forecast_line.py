"""Last night's forecast, kept: what screens and the worklist show of it."""

import json
from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .forecast import HORIZONS

#: Weeks to come for which the cash is kept: a quarter.
WEEKS = 13
#: What is kept of each item, as PostgreSQL's types.
ROW = {
    **dict.fromkeys(("move_line_id", "partner_id"), "int"),
    **dict.fromkeys(("date_expected", "date_early", "date_late", "date_mean"), "date"),
    **{f"chance_{days}": "float" for days in HORIZONS},
    **dict.fromkeys(("chance_in_time", "share_late"), "float"),
    "amount_then": "numeric",
    "by_week": "jsonb",
    "facts": "text",
}


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
        string="In time",
        readonly=True,
        help="Chance to be paid by the due date; 0 once it has passed. By the debtor's payments so far where the "
        "forecast was no better than the mean.",
    )
    date_mean = fields.Date(
        string="By the mean",
        readonly=True,
        help="Due date and the days that the debtor pays late in the mean; from tomorrow on.",
    )
    share_late = fields.Float(
        string="Late so far",
        readonly=True,
        help="Share of the debtor's payments that came late, 0 to 1; everybody's where it has paid nothing yet.",
    )
    is_by_mean = fields.Boolean(
        string="Goes by the mean",
        readonly=True,
        help="Last quarter the debtors' means told as well as the forecast when money would come: no level's day is "
        "moved by this forecast, and debtors are ranked by how often they paid late.",
    )
    amount_then = fields.Monetary(
        string="Owed then", readonly=True, help="Owed on the day of the forecast, in company currency."
    )
    by_week = fields.Json(
        readonly=True, help="What is expected of it in each of the weeks kept, in company currency."
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
    @api.depends("facts", "date_expected", "date_early", "date_late", "chance_30", "is_by_mean", "date_mean")
    def _compute_summary(self):
        scores = self.env["recovery.forecast.score"]
        for creditor, lines in self.grouped(lambda line: line.company_id.root_id).items():
            beside = scores._last(creditor)._beside()
            for line in lines:
                line.summary = f"{line._sentence()} {beside}"

    def _sentence(self):
        if not self.is_by_mean:
            return self._expectation()
        return self.env._(
            "%(expectation)s By the debtor's mean: %(day)s; last quarter the means told as well when money comes.",
            expectation=self._expectation(),
            day=format_date(self.env, self.date_mean),
        )

    def _expectation(self):
        if not self.date_expected:
            return self.env._("Not expected to be paid: %s.", self.reason)
        if self.date_early == self.date_late:
            return self.env._(
                "Expected on %(expected)s (on that day in eight of ten cases), %(chance)s %% within 30 days: %(why)s.",
                expected=format_date(self.env, self.date_expected),
                chance=round(100 * self.chance_30),
                why=self.reason,
            )
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
        is_by_mean, is_late_by_mean = self.env["recovery.forecast.score"]._goes_by_mean(company)
        rows = [_row(date, one, forecast._forecast(date, one), is_late_by_mean) for one in known]
        self.env["recovery.forecast.week"]._keep(company, forecast._by_week(date, known, WEEKS), known)
        self.env.cr.execute(
            SQL("DELETE FROM recovery_forecast_line WHERE company_id = ANY(%s)", companies.ids)
        )
        if rows:
            self._insert(rows, date, is_by_mean)
        self.invalidate_model()

    def _insert(self, rows, date, is_by_mean):
        names = SQL(", ").join(map(SQL.identifier, ROW))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recovery_forecast_line (
                    %(names)s, company_id, date, is_by_mean, create_uid, create_date
                )
                SELECT told.*, item.company_id, %(date)s::date, %(is_by_mean)s, %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM unnest(%(rows)s) AS told(%(names)s)
                  JOIN account_move_line item ON item.id = told.move_line_id
                """,
                names=names,
                date=date,
                is_by_mean=is_by_mean,
                user=self.env.uid,
                rows=SQL(", ").join(
                    SQL("%s::%s[]", list(column), SQL(kind))
                    for column, kind in zip(zip(*rows, strict=True), ROW.values(), strict=True)
                ),
            )
        )

    @api.model
    def _week_sql(self, week, number) -> SQL:
        """Return rows of (debtor, company, due date, item's model and id, expected, falling due) of a week kept.

        :param week: the ``recovery.forecast.week``
        :param number: its number, from 0: in the first counts also what was overdue
        """
        return SQL(
            """
            SELECT told.*
              FROM (
                   SELECT line.partner_id, line.company_id, COALESCE(item.date_maturity, item.date) AS date_due,
                          'account.move.line', item.id,
                          (line.by_week ->> %(number)s)::numeric AS expected,
                          CASE WHEN COALESCE(item.date_maturity, item.date) <= %(last)s
                                    AND (%(is_first)s OR COALESCE(item.date_maturity, item.date) >= %(first)s)
                               THEN line.amount_then ELSE 0 END AS due
                     FROM recovery_forecast_line line
                     JOIN account_move_line item ON item.id = line.move_line_id
                    WHERE line.company_id = ANY(%(companies)s)
                   ) told
             WHERE told.expected <> 0 OR told.due <> 0
            """,
            number=number,
            first=week.date,
            last=fields.Date.add(week.date, days=6),
            is_first=number == 0,
            companies=list(week.company_id._recovery_branch_ids()),
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
        # scored first: what is kept says whether it may be gone by
        self.env["recovery.forecast.score"]._keep_when_due(company, date)
        self._keep(company, date)

    @api.model
    def _at_risk_sql(self, companies) -> SQL:
        """Return a query of (partner_id, company_id, risk): share of what is owed not expected within 90 days, or,
        where the forecast is no better than the mean, as much as the debtor paid late so far."""
        return SQL(
            """
            SELECT line.partner_id, line.company_id,
                   SUM(
                       item.amount_residual
                       * CASE WHEN line.is_by_mean THEN line.share_late ELSE 1 - line.chance_90 END
                   ) / NULLIF(SUM(item.amount_residual), 0) AS risk
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


def _row(date, known, forecast, is_late_by_mean):
    """What is kept of an item, in the order of ``ROW``."""
    return (
        *(known.item_id, known.debtor_id),
        *(forecast.date_expected, forecast.date_early, forecast.date_late, _by_mean(date, known)),
        *(forecast.chances[days] for days in HORIZONS),
        *(_in_time(date, known, is_late_by_mean), known.share_late),
        known.amount,
        json.dumps(_by_week(known)),
        json.dumps(forecast.reasons, default=str),
    )


def _by_mean(date, known):
    """The day on which an item would be paid if its debtor always took its mean, from tomorrow on."""
    return max(known.day_by_mean(), date + timedelta(days=1))


def _by_week(known):
    """What is expected of an item in each week, in company currency."""
    reached = [known.outlook.chance(7 * week) for week in range(WEEKS + 1)]
    return [round(known.amount * (until - since), 6) for since, until in pairwise(reached)]


def _in_time(date, known, is_late_by_mean):
    """The chance that an item is paid by its due date, from what is known on ``date``."""
    days = (known.date_due - date).days
    if days < 0:
        return 0.0
    return 1 - known.share_late if is_late_by_mean else known.outlook.chance(days)
