from odoo import api, fields, models
from odoo.tools import SQL

#: Figures that are zero, not unknown, for a debtor the ledger does not know.
ZERO_WHEN_ABSENT = ("open_overdue", "broken_plans", "broken_promises", "turnover", "relation_months")
#: Amounts, in the company's currency.
AMOUNTS = ("open_overdue", "turnover")

WINDOW_MONTHS = 12
TREND_MONTHS = 6
MEMORY_MONTHS = 24  # how long a broken plan or promise is held against a debtor


class RecoverySolvencyMeasure(models.AbstractModel):
    """What the ledger says of debtors' behaviour, for all of them in one statement.

    A payment is money reconciled with an invoice's item; it counts for its amount on its
    own date, so that part payments weigh what they are, and so does money that is not
    matched yet. The creditor is a company with its branches. Paying early does not make up
    for paying late: it counts as zero days. What neither money nor a credit note took off
    after its due date (written off, set off) was as late as it was on that day; before it,
    nobody paid in time by it, and it is not counted.
    """

    _name = "recovery.solvency.measure"
    _description = "Solvency Measures"

    @api.model
    def _measures(self, company, date, debtors=None):
        """Measures by debtor id, of ``debtors`` or of everybody ever invoiced by ``company``, on ``date``.

        Amounts are in the company's currency, shares in percent. A figure the ledger
        does not tell is ``None``. What is open or overdue is read as it stands now.
        """
        self._flush()
        rows = self.env.execute_query_dict(self._statement(company, date, debtors))
        measures = {row.pop("debtor_id"): row for row in rows}
        if debtors is None:
            return measures
        return {debtor_id: measures.get(debtor_id) or self._nothing_known() for debtor_id in debtors.ids}

    @api.model
    def _payments_made(self, company, date, debtors=None):
        """Return what is known of how debtors pay: {debtor id: its measures of that}, of those only who paid lately."""
        self._flush()
        rows = self.env.execute_query_dict(self._paid(company, date, debtors))
        return {row["debtor_id"]: row for row in rows}

    @api.model
    def _nothing_known(self):
        names = [
            name for name, _label in self.env["recovery.scorecard.criterion"]._fields["measure"].selection
        ]
        return {name: 0.0 if name in ZERO_WHEN_ABSENT else None for name in names}

    def _flush(self):
        self.env["recovery.plan.instalment"]._flush_covered()
        self.env["account.move"].flush_model(
            ["amount_untaxed_signed", "commercial_partner_id", "invoice_date", "state"]
        )
        self.env["account.partial.reconcile"].flush_model()
        self.env["recovery.plan"].flush_model(["company_id", "date_closed", "partner_id", "state"])
        self.env["recovery.plan.item"].flush_model()
        self.env["recovery.plan.instalment"].flush_model()
        self.env["recovery.hold"].flush_model()
        self.env["recovery.promise"].flush_model(["company_id", "date_judged", "partner_id", "state"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])

    def _statement(self, company, date, debtors=None) -> SQL:
        """One row per debtor: all measures."""
        groups = {
            "invoiced": self._invoiced(company, date, debtors),
            "paid": self._paid(company, date, debtors),
            "overdue": self._overdue(company, date, debtors),
            "plans": self._broken_plans(company, date),
            "promises": self._broken_promise_counts(company, date),
            "disputes": self._disputes(company, date),
        }
        with_groups = SQL(", ").join(
            SQL("%s AS (%s)", SQL.identifier(name), each) for name, each in groups.items()
        )
        return SQL(
            """
            WITH %(groups)s
            SELECT debtor_id, paid.days_late, paid.days_late_trend, paid.paid_on_time,
                   GREATEST(paid.worst_delay, overdue.worst_delay) AS worst_delay,
                   COALESCE(overdue.amount, 0) AS open_overdue,
                   100 * COALESCE(overdue.amount, 0) / NULLIF(GREATEST(invoiced.turnover, 0), 0)
                       AS overdue_share,
                   COALESCE(plans.count, 0) AS broken_plans, COALESCE(promises.count, 0) AS broken_promises,
                   100.0 * COALESCE(disputes.count, 0) / NULLIF(invoiced.count, 0) AS dispute_rate,
                   COALESCE(invoiced.turnover, 0) AS turnover,
                   COALESCE(invoiced.relation_months, 0) AS relation_months
              FROM invoiced
              FULL JOIN overdue USING (debtor_id)
              LEFT JOIN paid USING (debtor_id)
              LEFT JOIN plans USING (debtor_id)
              LEFT JOIN promises USING (debtor_id)
              LEFT JOIN disputes USING (debtor_id)
            """,
            groups=with_groups,
        )

    def _invoiced(self, company, date, debtors) -> SQL:
        """Turnover net of credit notes, number of invoices, age of the relation."""
        return SQL(
            """
            SELECT commercial_partner_id AS debtor_id,
                   SUM(amount_untaxed_signed) FILTER (WHERE invoice_date > %(since)s) AS turnover,
                   COUNT(*) FILTER (WHERE invoice_date > %(since)s AND move_type <> 'out_refund') AS count,
                   12 * DATE_PART('year', AGE(%(date)s, MIN(invoice_date)))
                      + DATE_PART('month', AGE(%(date)s, MIN(invoice_date))) AS relation_months
              FROM account_move
             WHERE move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND state = 'posted'
               AND company_id = ANY(%(companies)s)
               AND invoice_date <= %(date)s
               AND commercial_partner_id IS NOT NULL
               %(only)s
             GROUP BY commercial_partner_id
            """,
            companies=self._companies(company).ids,
            date=date,
            since=fields.Date.subtract(date, months=WINDOW_MONTHS),
            only=self._only(debtors, SQL("commercial_partner_id")),
        )

    def _paid(self, company, date, debtors) -> SQL:
        """How late the money came that was received within the window, or what was taken off without any."""
        return SQL(
            """
            SELECT debtor_id,
                   SUM(amount * days) / SUM(amount) AS days_late,
                   SUM(amount * days) FILTER (WHERE paid > %(middle)s)
                       / NULLIF(SUM(amount) FILTER (WHERE paid > %(middle)s), 0)
                     - SUM(amount * days) FILTER (WHERE paid <= %(middle)s)
                       / NULLIF(SUM(amount) FILTER (WHERE paid <= %(middle)s), 0) AS days_late_trend,
                   100 * COALESCE(SUM(amount) FILTER (WHERE days = 0), 0) / SUM(amount) AS paid_on_time,
                   MAX(days) AS worst_delay
              FROM (%(payments)s) AS payments
             GROUP BY debtor_id
            """,
            payments=self._payments(company, fields.Date.subtract(date, months=WINDOW_MONTHS), date, debtors),
            middle=fields.Date.subtract(date, months=TREND_MONTHS),
        )

    def _payments(self, company, since, date, debtors) -> SQL:
        """Query of (debtor_id, amount, paid, days): what was received after ``since`` and by ``date``, how late.

        What was taken off otherwise counts where it was late, unless nobody asked for it.
        """
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS debtor_id, payment.amount, payment.max_date AS paid,
                   GREATEST(payment.max_date - COALESCE(item.date_maturity, item.date), 0) AS days
              FROM account_partial_reconcile payment
              JOIN account_move_line item ON item.id = payment.debit_move_id
              JOIN account_move_line receipt ON receipt.id = payment.credit_move_id
              JOIN account_account account ON account.id = item.account_id
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE payment.max_date > %(since)s
               AND payment.max_date <= %(date)s
               AND payment.amount > 0
               AND item.company_id = ANY(%(companies)s)
               AND account.account_type = 'asset_receivable'
               AND item.display_type = 'payment_term'
               AND (%(money)s
                    OR %(otherwise)s AND payment.max_date > COALESCE(item.date_maturity, item.date)
                       AND NOT %(let_go)s)
               %(only)s
             UNION ALL %(unmatched)s
            """,
            companies=self._companies(company).ids,
            date=date,
            since=since,
            money=self.env["account.move.line"]._recovery_money_sql("receipt"),
            otherwise=self.env["account.move.line"]._recovery_otherwise_sql("receipt", "payment"),
            let_go=self.env["recovery.residue"]._was_let_go_sql(company, SQL("payment.amount")),
            only=self._only(debtors, SQL("debtor.commercial_partner_id")),
            unmatched=self._unmatched_payments(company, since, date, debtors),
        )

    def _unmatched_payments(self, company, since, date, debtors) -> SQL:
        """The same of money that is not matched yet: it counts for the invoices that it lies over.

        OFFSET 0: such money is little, its items are looked up one after the other.
        """
        return SQL(
            """
            SELECT item.debtor_id, laid.amount * item.rate, GREATEST(laid.date, item.date),
                   GREATEST(laid.date - item.date_due, item.date - item.date_due, 0)
              FROM (%(receipts)s) laid
              JOIN LATERAL (
                   SELECT debtor.commercial_partner_id AS debtor_id, item.date,
                          COALESCE(item.date_maturity, item.date) AS date_due,
                          item.amount_residual / item.amount_residual_currency AS rate
                     FROM account_move_line item
                     JOIN res_partner debtor ON debtor.id = item.partner_id
                    WHERE item.id = laid.item_id AND item.display_type = 'payment_term'
                   OFFSET 0
              ) item ON TRUE
              JOIN LATERAL (
                   SELECT %(money)s AS is_money FROM account_move_line receipt
                    WHERE receipt.id = laid.credit_id AND receipt.display_type <> 'payment_term'
                   OFFSET 0
              ) receipt ON receipt.is_money OR GREATEST(laid.date, item.date) > item.date_due
             WHERE GREATEST(laid.date, item.date) > %(since)s
            """,
            since=since,
            money=self.env["account.move.line"]._recovery_money_sql("receipt"),
            receipts=self.env["recovery.open.money"]._receipts_sql(
                company, date, None if debtors is None else debtors.ids
            ),
        )

    def _overdue(self, company, date, debtors) -> SQL:
        """Claims past their date that no open money lies over: items in a plan count by their instalments."""
        return SQL(
            """
            SELECT partner_id AS debtor_id, SUM(amount_overdue) AS amount,
                   %(date)s - MIN(date_oldest) AS worst_delay
              FROM (%(overdue)s) overdue
             GROUP BY partner_id
            """,
            overdue=self.env["recovery.claim"]._by_debtor_sql(
                self._companies(company), date, None if debtors is None else debtors.ids
            ),
            date=date,
        )

    def _broken_plans(self, company, date) -> SQL:
        since = fields.Date.subtract(date, months=MEMORY_MONTHS)
        return SQL(
            "SELECT debtor_id, COUNT(*) AS count FROM (%s) AS broken GROUP BY debtor_id",
            self.env["recovery.plan"]._broken_sql(company, since, date),
        )

    def _broken_promise_counts(self, company, date) -> SQL:
        since = fields.Date.subtract(date, months=MEMORY_MONTHS)
        return SQL(
            "SELECT debtor_id, COUNT(*) AS count FROM (%s) AS broken GROUP BY debtor_id",
            self.env["recovery.promise"]._broken_sql(company, since, date),
        )

    def _disputes(self, company, date) -> SQL:
        """Invoices of the window with an item under a dispute."""
        return SQL(
            """
            SELECT move.commercial_partner_id AS debtor_id, COUNT(DISTINCT move.id) AS count
              FROM (%(disputed)s) disputed
              JOIN account_move_line item ON item.id = disputed.move_line_id
              JOIN account_move move ON move.id = item.move_id
             WHERE move.move_type IN ('out_invoice', 'out_receipt')
               AND move.state = 'posted'
               AND move.invoice_date > %(since)s
               AND move.invoice_date <= %(date)s
             GROUP BY move.commercial_partner_id
            """,
            disputed=self.env["recovery.hold"]._disputed_sql(company, date),
            date=date,
            since=fields.Date.subtract(date, months=WINDOW_MONTHS),
        )

    @api.model
    def _companies(self, company):
        """The creditor: the company with all the branches it belongs to."""
        return company.browse(company._recovery_branch_ids())

    def _only(self, debtors, column) -> SQL:
        return SQL() if debtors is None else SQL("AND %s = ANY(%s)", column, debtors.ids)

    @api.model
    def _payment_history(self, debtor, company, date):
        """Days late, weighted by amount, of the last 12 months: pairs of month start and days or ``None``."""
        self._flush()
        first = fields.Date.subtract(date.replace(day=1), months=WINDOW_MONTHS - 1)
        return self.env.execute_query(
            SQL(
                """
                SELECT month::date, SUM(amount * days) / NULLIF(SUM(amount), 0)
                  FROM generate_series(%(first)s::date, %(date)s::date, interval '1 month') AS month
                  LEFT JOIN (%(payments)s) AS payments ON DATE_TRUNC('month', payments.paid) = month
                 GROUP BY month
                 ORDER BY month
                """,
                first=first,
                date=date,
                payments=self._payments(company, fields.Date.subtract(first, days=1), date, debtor),
            )
        )
