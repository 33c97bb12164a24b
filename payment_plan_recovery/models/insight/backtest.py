"""How good the forecast would have been: foreseen at each past day from what was known then, held against what came.

Two questions, each beside the customer's own mean, which a forecast has to beat: will an invoice be late, asked
when it is made; and what comes in by week from what is open on a Monday.
"""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import forecast as kernel
from ...tools.backtest import Trial

WEEK = timedelta(days=7)
#: Weeks ahead of each Monday that are held against what came.
WEEKS_AHEAD = 4


class RecoveryForecastBacktest(models.AbstractModel):
    """Foresees each past week anew and scores it."""

    _name = "recovery.forecast.backtest"
    _description = "Forecast Back-test"
    _inherit = "recovery.forecast"

    @api.model
    def backtest(self, date_from, date_to):
        """Return the scores of the forecast between two days: {name: figure or None}.

        ``brier_…``: squared error of the chance to be late, at invoicing; ``wape_…``: error of the cash by week
        over the cash, four weeks ahead of each Monday; ``days_…``: error of the expected day; each for "forecast",
        for the customer's "mean", and as if everybody paid when "due". ``coverage``: share of payments
        inside their range of 80 %. ``invoices`` and ``weeks``: how many were scored; a figure of none is None.
        :raise UserError: the time ends before it begins
        """
        self._check_reader()
        date_from, date_to = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if not date_from or not date_to or date_from > date_to:
            raise UserError(self.env._("Choose a first day that is not after the last one."))
        trial = Trial()
        monday = date_from - timedelta(days=date_from.weekday())
        while monday <= date_to:
            self._try_week(trial, monday, date_from, date_to)
            monday += WEEK
        return trial.figures()

    def _try_week(self, trial, monday, date_from, date_to):
        """Foresee, as of ``monday``, the invoices of its week and the money of the next."""
        companies = self._creditor()
        then = self._situation(companies, monday)
        for debtor_id, invoiced, due, paid, amount in self._invoices(companies, monday, monday + WEEK):
            if date_from <= invoiced <= date_to and due < date_to:
                known = paid if paid and paid <= date_to else None
                curve = then.curve(debtor_id, due, float(amount))
                _score_invoice(trial, curve, then.means(debtor_id), (invoiced, due, known))
        if date_from <= monday and monday + WEEKS_AHEAD * WEEK <= date_to:
            self._score_weeks(trial, monday, then)

    def _score_weeks(self, trial, monday, then):
        received = self._received_by_week(monday)
        foreseen = kernel.Weekly(WEEKS_AHEAD)
        naive = {"mean": [0.0] * WEEKS_AHEAD, "due": [0.0] * WEEKS_AHEAD}
        for one in self._known(monday, then=then):
            foreseen.add(one.debtor_id, one.amount, one.outlook)
            for method, late in (("mean", one.late), ("due", 0)):
                days = max((one.date_due - monday).days + round(late), 1)
                if (days - 1) // 7 < WEEKS_AHEAD:
                    naive[method][(days - 1) // 7] += one.amount
        for week, (expected, _spread) in enumerate(foreseen.sums()):
            trial.add("weeks", "forecast", (expected, received[week]))
            for method, sums in naive.items():
                trial.add("weeks", method, (sums[week], received[week]))

    @api.model
    def _invoices(self, companies, since, until):
        """Rows (debtor id, day of the invoice, due date, day it was paid in full or None, amount) of a span of days.

        What credit notes alone settled, or more was written off or set off of than paid, tells nothing about paying,
        and is left out; what its creditor gave up never came.
        """
        return self._read(
            SQL(
                """
                SELECT debtor.commercial_partner_id, COALESCE(item.invoice_date, item.date),
                       COALESCE(item.date_maturity, item.date), paid.day, item.balance
                  FROM account_move_line item
                  JOIN res_partner debtor ON debtor.id = item.partner_id
                  LEFT JOIN LATERAL (
                       SELECT %(paid)s AS day,
                              %(given_up)s AND item.id IN (%(written_off)s) AS is_given_up
                         FROM account_partial_reconcile partial
                        -- One by one: set by set, the ledger would be read for each invoice.
                        CROSS JOIN LATERAL (
                              SELECT * FROM account_move_line WHERE id = partial.credit_move_id OFFSET 0) receipt
                        WHERE partial.debit_move_id = item.id
                       ) paid ON item.reconciled
                 WHERE item.company_id = ANY(%(companies)s)
                   AND item.parent_state = 'posted' AND item.display_type = 'payment_term'
                   AND (item.reconciled IS NOT TRUE OR paid.day IS NOT NULL OR paid.is_given_up)
                   AND item.balance > 0
                   AND %(receivable)s
                   AND COALESCE(item.invoice_date, item.date) >= %(since)s
                   AND COALESCE(item.invoice_date, item.date) < %(until)s
                 ORDER BY 1, item.id
                """,
                paid=self._paid_on(),
                given_up=self._given_up(),
                written_off=self.env["recovery.write.off"]._items_sql(),
                receivable=self.env["account.move.line"]._recovery_receivable_sql("item"),
                companies=companies.ids,
                since=since,
                until=until,
            )
        )

    @api.model
    def _received_by_week(self, monday):
        """Sums received by week after ``monday``, in company currency, on what was open on it."""
        rows = self._read(
            SQL(
                """
                SELECT (partial.max_date - %(monday)s::date - 1) / 7, SUM(partial.amount)
                  FROM (%(open)s) item
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
                  JOIN account_move_line receipt ON receipt.id = partial.credit_move_id
                 WHERE partial.max_date > %(monday)s
                   AND partial.max_date <= %(until)s
                   AND %(money)s
                 GROUP BY 1
                """,
                money=self.env["account.move.line"]._recovery_money_sql("receipt"),
                monday=monday,
                until=monday + WEEKS_AHEAD * WEEK,
                open=self._foreseen_items(self._creditor(), monday),
            )
        )
        sums = defaultdict(float, {week: float(amount) for week, amount in rows})
        return [sums[week] for week in range(WEEKS_AHEAD)]


def _score_invoice(trial, curve, mean, days):
    """Score an invoice as it was foreseen the day before it was made: it may be paid, or fall due, on its own day."""
    (invoiced, due, paid), (mean_delay, mean_late) = days, mean
    late = float(paid is None or paid > due)
    trial.add("late", "forecast", (curve.late(), late))
    trial.add("late", "mean", (mean_late, late))
    trial.add("late", "due", (0.0, late))
    if paid:
        eve = invoiced - timedelta(days=1)
        outlook, took = curve.outlook((eve - due).days), (paid - eve).days
        low, middle, high = (outlook.days(share) for share in (kernel.EARLY, kernel.MIDDLE, kernel.LATE))
        trial.ranges.append((low, high, took))
        trial.add("errors", "forecast", abs(middle - took))
        for method, delay in (("mean", mean_delay), ("due", 0)):
            trial.add("errors", method, abs((due - eve).days + delay - took))
