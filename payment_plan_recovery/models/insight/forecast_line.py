"""Last night's forecast, kept: what screens and the worklist show of it."""

import json

from odoo import api, fields, models
from odoo.tools import SQL, format_date, split_every

from ..common.labelled import told_apart
from ..common.planner import one_by_one, set_by_set
from .forecast import HORIZONS
from .forecast_cash import Cash
from .forecast_row import ROW, WEEKS, row, rows_sql

#: Items whose forecast is written at once: a night holds no more of them in memory, however many are open.
PORTION = 2000


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

    def init(self):
        # Every night writes over every row: with half of its page left free a row finds room beside itself, and no
        # index is written to.
        self.env.cr.execute("ALTER TABLE recovery_forecast_line SET (fillfactor = 45)")

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
            line.reason = told_apart(
                self.env, [forecast._reason_text((code, figures)) for code, figures in reasons]
            )

    @api.model
    def _keep(self, company, date):
        """Keep the forecast of ``company`` and its branches as of ``date`` in place of the one before."""
        forecast = self.env["recovery.forecast"].with_company(company)
        is_by_mean, is_late_by_mean = self.env["recovery.forecast.score"]._goes_by_mean(company)
        cash = Cash(date, WEEKS)
        self._drop_settled(forecast, date)
        for portion in split_every(PORTION, forecast._known(date), tuple):
            rows = [
                row(date, known, forecast._forecast(date, known), is_late_by_mean, cash.add(known))
                for known in portion
            ]
            self._write_rows(rows, date, is_by_mean)
        self.env["recovery.forecast.week"]._keep(company, cash)
        self.invalidate_model()

    def _drop_settled(self, forecast, date):
        """Delete what was foreseen of items that are no longer open."""
        self.env.flush_all()
        companies = forecast._creditor()
        with set_by_set(self.env.cr):
            self.env.cr.execute(
                SQL(
                    """
                    DELETE FROM recovery_forecast_line line
                     WHERE line.company_id = ANY(%s)
                       AND NOT EXISTS (SELECT FROM (%s) item WHERE item.id = line.move_line_id)
                    """,
                    companies.ids,
                    forecast._foreseen_items(companies, date),
                )
            )

    def _write_rows(self, rows, date, is_by_mean):
        """Write ``rows``, a portion of a night: over those of the same items, or beside them.

        A row that is written over stays where it is and refers to what it referred to: neither its indexes nor its
        foreign keys are looked at again.
        """
        names = [SQL.identifier(name) for name in (*ROW, "company_id", "date", "is_by_mean")]
        statement = SQL(
            """
            WITH told AS MATERIALIZED (
                SELECT told.*, item.company_id, %(date)s::date AS date, %(is_by_mean)s AS is_by_mean
                  FROM (%(rows)s) told
                  JOIN account_move_line item ON item.id = told.move_line_id
            ), kept AS (
                UPDATE recovery_forecast_line line
                   SET %(written)s
                  FROM told
                 WHERE told.move_line_id = line.move_line_id
            )
            INSERT INTO recovery_forecast_line (%(names)s, create_uid, create_date)
            SELECT %(names)s, %(user)s, NOW() AT TIME ZONE 'UTC'
              FROM told
             WHERE NOT EXISTS (
                   SELECT FROM recovery_forecast_line line WHERE line.move_line_id = told.move_line_id
                   )
            """,
            names=SQL(", ").join(names),
            written=SQL(", ").join(SQL("%s = told.%s", name, name) for name in names),
            date=date,
            is_by_mean=is_by_mean,
            user=self.env.uid,
            rows=rows_sql(rows),
        )
        with one_by_one(self.env.cr):
            self.env.cr.execute(statement)

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
