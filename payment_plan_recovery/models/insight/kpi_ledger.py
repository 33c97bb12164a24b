"""What figures count in the ledger: claims with what came in on them, receipts, sales, what is foreseen.

Each source is a query with a row for every record that may weigh on a figure. Its first columns are ``res_model``
and ``res_id`` (the record that proves it), ``debtor_id``, ``company_id`` and ``date``; amounts are in company
currency. Money that came in and is matched with nothing counts from its day, as it lies over claims.
"""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..claim.open_money_facts import MONEY_JOURNALS

#: Months of sales that receivables are counted back over (DSO).
SALES_MONTHS = 24


class Scope(NamedTuple):
    """What a figure is about: a creditor's companies, a period, whose last day is the day asked."""

    creditor: object  # the root company
    companies: object  # of its branches, those looked at
    date_from: object
    date_to: object
    only: dict  # {dimension: key}: whom it is about, everybody when empty
    memo: dict  # journals, what is foreseen, which plans were not kept: once for all figures of the scope
    stages: dict | None = None  # {name: query}: what several figures of one statement read, see ``_stage``

    @property
    def day_before(self):
        """The day before the period: what was open then opens it."""
        return fields.Date.subtract(self.date_from, days=1)

    @property
    def month_before(self):
        """The day a month before the day asked."""
        return fields.Date.subtract(self.date_to, months=1)

    def back(self, days):
        """The period so many days earlier: (first day, last day)."""
        return tuple(fields.Date.subtract(day, days=days) for day in (self.date_from, self.date_to))

    @property
    def days(self):
        """How many days the period has."""
        return (self.date_to - self.date_from).days + 1


class RecoveryKpiLedger(models.AbstractModel):
    """The sources that lie in the ledger. Each is a query over it, whatever the number of debtors."""

    _name = "recovery.kpi.ledger"
    _description = "Figures: Ledger"

    def _stage(self, scope, name, query) -> SQL:
        """Return the rows of ``query(scope)``; in a statement with stages they stand in it once, by their ``name``.

        Several figures read the same rows: a server that finds them once tells all of them in the time of one.
        """
        if scope.stages is None:
            return query(scope)
        if name not in scope.stages:
            scope.stages[name] = query(scope)  # after the stages that it reads itself
        return SQL("SELECT * FROM %s", SQL.identifier(name))

    @api.model
    def _claim_rows(self, scope) -> SQL:
        """Claims that were open in the period or a month before its end, and those invoiced in it.

        ``opening``, ``closing``: owed the day before the period and on its last day; ``billed``: invoiced in it, less
        what was credited or written off in it; ``became``: owed when the claim began to count as overdue in the
        period (at its start, or the day after its due date); ``received`` and ``credited``: taken off from then on
        by money, and otherwise; ``month_before``: owed a month before the last day; ``days_late`` and
        ``days_late_before``: on these two days; ``age``: 0 not late, 1 up to 30 days, … 4 over 90.
        """
        return self._stage(scope, "claim", self._claims_told)

    def _claims_told(self, scope) -> SQL:
        """The same, found."""
        return SQL(
            """
            SELECT 'account.move' AS res_model, move_id AS res_id, debtor_id, company_id, date_due AS date, id,
                   CASE WHEN date_due >= %(to)s THEN 0 ELSE LEAST((%(to)s::date - date_due - 1) / 30 + 1, 4) END AS age,
                   %(to)s::date - date_due AS days_late, %(month)s::date - date_due AS days_late_before,
                   CASE WHEN date < %(from)s THEN GREATEST(amount - taken_before, 0) ELSE 0 END AS opening,
                   CASE WHEN date < %(from)s THEN 0 ELSE amount END - credited_in_period AS billed,
                   GREATEST(amount - taken, 0) AS closing,
                   CASE WHEN overdue_on <= %(to)s THEN GREATEST(amount - taken_until_overdue, 0) ELSE 0
                   END AS became,
                   received, credited,
                   CASE WHEN date <= %(month)s THEN GREATEST(amount - taken_month_before, 0) ELSE 0
                   END AS month_before
              FROM (%(counted)s) counted
            """,
            **{"from": scope.date_from, "to": scope.date_to},
            month=scope.month_before,
            counted=self._counted(scope),
        )

    def _counted(self, scope) -> SQL:
        """Claims with what was taken off them until each of the days that matter."""
        total = SQL("COALESCE(SUM(taken.amount)")
        return SQL(
            """
            SELECT item.*,
                   %(total)s, 0) AS taken,
                   %(total)s FILTER (WHERE taken.day < %(from)s), 0) AS taken_before,
                   %(total)s FILTER (WHERE taken.day < item.overdue_on), 0) AS taken_until_overdue,
                   %(total)s FILTER (WHERE taken.day <= %(month)s), 0) AS taken_month_before,
                   COALESCE(SUM(taken.money) FILTER (WHERE taken.day >= item.overdue_on), 0) AS received,
                   COALESCE(SUM(taken.amount - taken.money) FILTER (WHERE taken.day >= item.overdue_on), 0) AS credited,
                   COALESCE(SUM(taken.amount - taken.money) FILTER (WHERE taken.day >= %(from)s), 0)
                   AS credited_in_period
              FROM (%(claims)s) item
              LEFT JOIN (%(taken)s) taken ON taken.item_id = item.id
             GROUP BY item.id, item.move_id, item.debtor_id, item.company_id, item.date, item.date_due,
                      item.overdue_on, item.amount
            """,
            **{"from": scope.date_from},
            total=total,
            month=scope.month_before,
            claims=self._claims(scope),
            taken=self._taken(scope),
        )

    def _claims(self, scope) -> SQL:
        """Receivable items of debtors posted by the day asked that were open, or came, in the period or a month
        before its end.

        Refunds paid out and exchange differences are no claims. ``overdue_on`` is the first day of the period on
        which the claim counts as overdue.
        """
        return self._stage(scope, "item", self._claims_found)

    def _claims_found(self, scope) -> SQL:
        """The same, found."""
        return SQL(
            """
            SELECT item.id, item.move_id, debtor.commercial_partner_id AS debtor_id, item.company_id, item.date,
                   COALESCE(item.date_maturity, item.date) AS date_due, item.balance AS amount,
                   GREATEST(COALESCE(item.date_maturity, item.date) + 1, %(from)s::date) AS overdue_on
              FROM account_move_line item
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE %(receivable)s AND item.parent_state = 'posted' AND item.balance > 0
               AND item.company_id = ANY(%(companies)s) AND item.date <= %(to)s
               AND %(is_claim)s
               AND (item.reconciled IS NOT TRUE OR item.date >= %(since)s
                    OR item.id IN (SELECT debit_move_id FROM account_partial_reconcile WHERE max_date >= %(since)s))
            """,
            **{"from": scope.date_from, "to": scope.date_to},
            receivable=self.env["account.move.line"]._recovery_receivable_sql("item"),
            companies=scope.companies.ids,
            is_claim=self._is_claim(scope),
            since=min(scope.date_from, fields.Date.add(scope.month_before, days=1)),
        )

    def _is_claim(self, scope) -> SQL:
        """The condition that an ``item`` may be a claim, by its journal.

        Differences of currency are known by their journal of today and by what they were made for: the company may
        have chosen another journal since.
        """
        journals = self._journals(scope)
        return SQL(
            """
            (item.journal_id = ANY(%s) OR (item.journal_id = ANY(%s) AND NOT EXISTS (
                SELECT FROM account_partial_reconcile made WHERE made.exchange_move_id = item.move_id
            )))
            """,
            journals["sale"],
            journals["other"],
        )

    def _taken(self, scope) -> SQL:
        """What was taken off claims by the day asked: (item_id, credit_id, move_id, day, amount, money).

        What Odoo matched counts on the later of the two days; what was matched with nothing on the last day lies over
        the claims that it would pay, from the day it came. ``money`` is how much of the amount came in.
        """
        return self._stage(scope, "taken", self._taken_found)

    def _taken_found(self, scope) -> SQL:
        """The same, found."""
        items = self.env["account.move.line"]
        return SQL(
            """
            SELECT taken.item_id, taken.credit_id, taken.move_id, taken.day, taken.amount,
                   CASE WHEN taken.is_money THEN taken.amount * (1 - COALESCE(lost.share, 0)) ELSE 0 END AS money
              FROM (%(taken)s) taken
              LEFT JOIN (%(lost)s) lost ON lost.move_id = taken.move_id
            """,
            taken=self._taken_whole(scope),
            lost=items._recovery_lost_sql(scope.creditor._recovery_branch_ids()),
        )

    def _taken_whole(self, scope) -> SQL:
        """The same, each amount as a whole: (…, amount, whether its entry is money)."""
        money = self._journals(scope)["money"]
        return SQL(
            """
            SELECT partial.debit_move_id AS item_id, credit.id AS credit_id, credit.move_id,
                   partial.max_date AS day, partial.amount, credit.journal_id = ANY(%(money)s) AS is_money
              FROM account_partial_reconcile partial
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
             WHERE partial.max_date <= %(to)s AND partial.company_id = ANY(%(branches)s)
             UNION ALL
            SELECT laid.item_id, laid.credit_id, credit.move_id, GREATEST(laid.date, item.date),
                   laid.amount * item.balance / NULLIF(item.amount_currency, 0),
                   credit.journal_id = ANY(%(money)s)
              FROM (%(laid)s) laid
              JOIN account_move_line item ON item.id = laid.item_id
              JOIN account_move_line credit ON credit.id = laid.credit_id
             WHERE GREATEST(laid.date, item.date) <= %(to)s
            """,
            to=scope.date_to,
            branches=list(scope.creditor._recovery_branch_ids()),
            money=money,
            laid=self._open_money(scope)._receipts_sql(scope.creditor, scope.date_to),
        )

    def _open_money(self, scope):
        """Where money lies that is matched with nothing: of a past day as it lay then, whatever was matched since."""
        is_past = scope.date_to < scope.creditor._recovery_today()
        return self.env["recovery.open.money.then" if is_past else "recovery.open.money"]

    def _journals(self, scope):
        """Ids of journals: those whose entries are money, sales, and others whose items may be claims."""
        if "journals" not in scope.memo:
            scope.memo["journals"] = self._read_journals(scope)
        return scope.memo["journals"]

    def _read_journals(self, scope):
        # sudo: which journals there are does not depend on who asks
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        journals = journals.search([("company_id", "in", scope.creditor._recovery_branch_ids())])
        money = journals.filtered(lambda journal: journal.type in MONEY_JOURNALS)
        exchange = journals.company_id.currency_exchange_journal_id
        sale = journals.filtered(lambda journal: journal.type == "sale")
        return {"money": money.ids, "sale": sale.ids, "other": (journals - money - exchange - sale).ids}

    @api.model
    def _receipt_rows(self, scope) -> SQL:
        """Money received in the period on claims: ``amount``, and ``late``, what of it came after the due date.

        ``days`` is how many it came after it, nil for what came in time.
        """
        return SQL(
            """
            SELECT 'account.move' AS res_model, taken.move_id AS res_id, item.debtor_id, item.company_id,
                   taken.day AS date, taken.money AS amount, GREATEST(taken.day - item.date_due, 0) AS days,
                   CASE WHEN taken.day > item.date_due THEN taken.money ELSE 0 END AS late
              FROM (%(claims)s) item
              JOIN (%(taken)s) taken ON taken.item_id = item.id
             WHERE taken.money > 0 AND taken.day >= %(from)s
            """,
            **{"from": scope.date_from},
            claims=self._claims(scope),
            taken=self._taken(scope),
        )

    @api.model
    def _sale_rows(self, scope) -> SQL:
        """Claims open on the last day (``owed``, ``not_due``), and sales of the months before (``sold``).

        Sales are receivable items of invoices and credit notes, taxes included; ``month`` counts theirs from the year
        0 on, ``sold_in_period`` are those of the period.
        """
        return SQL(
            """
            SELECT res_model, res_id, debtor_id, company_id, date, NULL::int AS month, closing AS owed,
                   CASE WHEN days_late <= 0 THEN closing ELSE 0 END AS not_due, 0 AS sold, 0 AS sold_in_period
              FROM (%(claims)s) claim
             WHERE closing > 0
             UNION ALL
            SELECT 'account.move', item.move_id, debtor.commercial_partner_id, item.company_id, item.date,
                   (12 * EXTRACT(YEAR FROM item.date) + EXTRACT(MONTH FROM item.date))::int, 0, 0, item.balance,
                   CASE WHEN item.date >= %(from)s THEN item.balance ELSE 0 END
              FROM account_move_line item
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE %(receivable)s AND item.parent_state = 'posted' AND item.display_type = 'payment_term'
               AND item.company_id = ANY(%(companies)s)
               AND item.date > %(since)s AND item.date <= %(to)s
            """,
            **{"from": scope.date_from, "to": scope.date_to},
            claims=self._claim_rows(scope),
            receivable=self.env["account.move.line"]._recovery_receivable_sql("item"),
            companies=scope.companies.ids,
            since=min(fields.Date.subtract(scope.date_to, months=SALES_MONTHS), scope.day_before),
        )

    @api.model
    def _outlook_rows(self, scope) -> SQL:
        """Claims open on the last day: ``closing``, and the ``chance`` not to be paid within 90 days."""
        if "chances" not in scope.memo:
            lines = self.env["recovery.forecast.line"]
            scope.memo["chances"] = lines._chances_sql(scope.creditor, scope.date_to)
        # Looked up in one value, not joined: with open money judged claim by claim, the planner cannot tell a join
        # of the two that tries each pair from one that does not.
        return SQL(
            """
            SELECT told.*, 1 - chance_90 AS chance
              FROM (
                   SELECT claim.*, (
                              (SELECT jsonb_object_agg(move_line_id, chance_90) FROM (%(outlook)s) outlook)
                              ->> claim.id::text
                          )::float AS chance_90
                     FROM (%(claims)s) claim
                    WHERE claim.closing > 0
                   OFFSET 0
                   ) told
             WHERE chance_90 IS NOT NULL
            """,
            claims=self._claim_rows(scope),
            outlook=scope.memo["chances"],
        )

    def _ended_otherwise(self, scope):
        """Plans that ended by the last day: those given up, and those that credit notes alone settled."""
        if "ended" not in scope.memo:
            ended = [("company_id", "in", scope.companies.ids), ("date_closed", "<=", scope.date_to)]
            # sudo: the callers checked that figures may be read; companies are in the domain
            scope.memo["ended"] = self.env["recovery.plan"].sudo()._ended_otherwise(ended)
        return scope.memo["ended"]

    # -- other currencies ------------------------------------------------------------------------

    def _rate(self, scope, currency: SQL, date: SQL) -> SQL:
        """What one unit of ``currency`` is worth in company currency on ``date``; both are expressions."""
        own = SQL("%s", scope.creditor.currency_id.id)
        return SQL("(%s / %s)", self._last_rate(scope, own, date), self._last_rate(scope, currency, date))

    def _last_rate(self, scope, currency: SQL, date: SQL) -> SQL:
        """The rate of the day as Odoo takes it: the last one until then, before there was any the first one."""
        rates = SQL(
            "SELECT rate.rate FROM res_currency_rate rate WHERE rate.currency_id = %(currency)s"
            " AND COALESCE(rate.company_id, %(company)s) = %(company)s",
            currency=currency,
            company=scope.creditor.id,
        )
        return SQL(
            "COALESCE((%(rates)s AND rate.name <= %(date)s ORDER BY rate.company_id, rate.name DESC LIMIT 1),"
            " (%(rates)s ORDER BY rate.company_id, rate.name LIMIT 1), 1)",
            rates=rates,
            date=date,
        )
