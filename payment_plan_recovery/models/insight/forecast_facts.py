"""What a forecast knows at a day, and nothing later: payments so far, what is open, words given, disputes."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.forecast import HIGH, LOW
from ...tools.forecast_history import Payments
from ..common.planner import suiting

#: Months back to which payments are counted.
MEMORY_MONTHS = 36


class RecoveryForecastFacts(models.AbstractModel):
    """The ledger as it was known at a day. Every statement reads whole sets, of one creditor."""

    _name = "recovery.forecast.facts"
    _inherit = "recovery.forecast.open"
    _description = "Facts of a Forecast"

    @api.model
    def _flush(self):
        """Write out what the statements read."""
        self.env.flush_all()

    @api.model
    def _paid_items(self, companies, date) -> SQL:
        """Rows of items paid in full by ``date``: debtor_id, delay, took (days), paid (the last money's day), amount.

        Items settled by credit notes alone tell nothing about paying, nor do those of which more was written off or
        set off than paid. A rounding of the company's currency may be missing.
        """
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS debtor_id,
                   LEAST(GREATEST(item.paid - item.date_due, %(low)s), %(high)s) AS delay, item.paid,
                   GREATEST(item.paid - item.made, 0) AS took, item.balance AS amount
              FROM (
                   SELECT item.partner_id, item.balance, COALESCE(item.date_maturity, item.date) AS date_due,
                          COALESCE(item.invoice_date, item.date) AS made,
                          %(paid)s AS paid
                     FROM account_partial_reconcile partial
                     JOIN account_move_line item ON item.id = partial.debit_move_id
                     JOIN account_move_line receipt ON receipt.id = partial.credit_move_id
                    WHERE partial.max_date <= %(date)s
                      AND partial.max_date > %(since)s
                      AND item.display_type = 'payment_term'
                      AND item.company_id = ANY(%(companies)s)
                      AND %(receivable)s
                    GROUP BY item.id
                   HAVING SUM(partial.amount) >= item.balance - 0.01
                   ) item
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE item.paid IS NOT NULL
            """,
            paid=self._paid_on(),
            receivable=self.env["account.move.line"]._recovery_receivable_sql("item"),
            date=date,
            since=fields.Date.subtract(date, months=MEMORY_MONTHS),
            companies=companies.ids,
            low=LOW,
            high=HIGH,
        )

    @api.model
    def _paid_on(self) -> SQL:
        """Aggregate over ``partial`` and its ``receipt``: the last money's day, NULL where money paid less than entries
        took off that are neither money nor credit notes."""
        return SQL(
            "CASE WHEN NOT %(given_up)s THEN MAX(partial.max_date) FILTER (WHERE %(money)s) END",
            given_up=self._given_up(),
            money=self.env["account.move.line"]._recovery_money_sql("receipt"),
        )

    @api.model
    def _given_up(self) -> SQL:
        """Aggregate over ``partial`` and its ``receipt``: whether more was written off or set off than money paid."""
        items = self.env["account.move.line"]
        return SQL(
            "COALESCE(SUM(partial.amount) FILTER (WHERE %(otherwise)s), 0)"
            " > COALESCE(SUM(partial.amount) FILTER (WHERE %(money)s), 0)",
            otherwise=items._recovery_otherwise_sql("receipt", "partial"),
            money=items._recovery_money_sql("receipt"),
        )

    @api.model
    def _never_paid(self, companies, date, debtors=None):
        """Return rows (debtor id, due date) of items that their creditor had given up by ``date``: they never came.

        Known by their write-offs. What accountants' entries settled may have been set off: of it nothing is told.
        """
        return self._read(
            SQL(
                """
                SELECT debtor.commercial_partner_id, COALESCE(item.date_maturity, item.date)
                  FROM account_move_line item
                  JOIN res_partner debtor ON debtor.id = item.partner_id
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
                  JOIN account_move_line receipt ON receipt.id = partial.credit_move_id
                 WHERE item.id IN (%(written_off)s)
                   AND item.display_type = 'payment_term'
                   AND item.company_id = ANY(%(companies)s)
                   AND partial.max_date <= %(date)s
                   AND partial.max_date > %(since)s
                   AND %(only)s
                 GROUP BY item.id, debtor.id
                HAVING SUM(partial.amount) >= item.balance - 0.01 AND %(given_up)s
                """,
                written_off=self.env["recovery.write.off"]._items_sql(),
                given_up=self._given_up(),
                companies=companies.ids,
                date=date,
                since=fields.Date.subtract(date, months=MEMORY_MONTHS),
                only=self._only(debtors),
            ),
            debtors,
        )

    @api.model
    def _payments(self, companies, date):
        """Return {debtor id: kernel's Payments} of every debtor that paid by ``date``: latest payments last."""
        rows = self._read(
            SQL(
                """
                SELECT debtor_id, ARRAY_AGG(delay ORDER BY paid, delay, took, amount),
                       ARRAY_AGG(%(date)s::date - paid ORDER BY paid, delay, took, amount),
                       ARRAY_AGG(took ORDER BY paid, delay, took, amount),
                       ARRAY_AGG(amount::float ORDER BY paid, delay, took, amount)
                  FROM (%(paid)s) paid
                 GROUP BY debtor_id
                """,
                date=date,
                paid=self._paid_items(companies, date),
            )
        )
        return {debtor_id: Payments(*map(tuple, found)) for debtor_id, *found in rows}

    @api.model
    def _segments(self, debtor_ids):
        """Return {debtor id: who is taken to pay alike before payments tell: firms, or individuals, of a country}."""
        rows = self._read(
            SQL("SELECT id, country_id, is_company FROM res_partner WHERE id = ANY(%s)", list(debtor_ids))
        )
        return {debtor_id: (country_id, is_company) for debtor_id, country_id, is_company in rows}

    @api.model
    def _read(self, query, debtors=None):
        """Return the rows of a ``query`` about ``debtors``, None for a whole ledger."""
        with suiting(self.env.cr, debtors):
            return self.env.execute_query(query)

    @api.model
    def _plans(self, companies, date, debtors=None):
        """Return {item id: plan} of all items of the plans in force at ``date`` over items of ``companies``."""
        domain = [
            ("plan_id.item_ids.company_id", "in", companies.ids),
            ("plan_id.date_activated", "<=", date),
            "|",
            ("plan_id.date_closed", "=", False),
            ("plan_id.date_closed", ">", date),
        ]
        if debtors is not None:
            domain.append(("plan_id.partner_id", "in", debtors.ids))
        covered = self.env["recovery.plan.item"].search_fetch(
            domain, ["plan_id", "move_line_id", "amount_covered"]
        )
        return {item.move_line_id.id: item.plan_id for item in covered}

    @api.model
    def _promises(self, companies, date, debtors=None):
        """Return the promises that were open at ``date``."""
        domain = [
            ("company_id", "in", companies.ids),
            ("date_given", "<=", date),
            ("date_deadline", ">=", date),
            "|",
            ("date_judged", ">", date),
            *("&", ("date_judged", "=", False), ("state", "=", "open")),
        ]
        if debtors is not None:
            domain.append(("partner_id", "in", debtors.ids))
        return self.env["recovery.promise"].search_fetch(
            domain, ["partner_id", "move_line_ids", "date_promised", "date_deadline"], order="date_given, id"
        )

    @api.model
    def _holds(self, companies, date, debtors=None):
        """Return the holds that ran at ``date``, promises and plans apart, and {id: last day} as known then."""
        domain = [
            ("company_id", "in", companies.ids),
            ("kind", "!=", "promise"),
            ("date_from", "<=", date),
            "|",
            ("date_until", "=", False),
            ("date_until", ">=", date),
        ]
        if debtors is not None:
            domain.append(("partner_id", "in", debtors.ids))
        holds = self.env["recovery.hold"].search_fetch(
            domain, ["partner_id", "move_line_ids", "kind", "date_until", "date_review", "amount"]
        )
        last_days = self._last_days(holds, date)
        return holds.filtered(lambda hold: (last_days[hold.id] or date) >= date), last_days

    @api.model
    def _last_days(self, holds, date):
        """Return {hold id: its last day as it was known at the end of ``date``, nothing when it was open-ended}.

        Whoever ended a hold later, or moved its end, left in its history the last day it had before.
        """
        found = {hold.id: hold.date_until for hold in holds}
        company = self.env.company
        if not holds or date >= company._recovery_today():
            return found
        # sudo: of holds that the user reads their days, and nothing else of their history
        changes = self.env["mail.tracking.value"].sudo()
        changes = changes.search(
            [
                ("mail_message_id.model", "=", holds._name),
                ("mail_message_id.res_id", "in", holds.ids),
                ("field_id", "=", self.env["ir.model.fields"]._get(holds._name, "date_until").id),
            ],
            order="id desc",
        )
        for change in changes:
            if company._recovery_day(change.mail_message_id.date) > date:
                found[change.mail_message_id.res_id] = fields.Date.to_date(change.old_value_datetime)
        return found

    @api.model
    def _words_kept(self, companies, date):
        """Return ({debtor id: (promises kept, judged)}, the same of all) by ``date``."""
        rows = self.env["recovery.promise"]._read_group(
            [
                ("company_id", "in", companies.ids),
                ("state", "in", ("kept", "partially_kept", "broken")),
                ("date_judged", "<=", date),
            ],
            ["partner_id", "state"],
            ["__count"],
        )
        found = {}
        for debtor, state, count in rows:
            kept, judged = found.get(debtor.id, (0, 0))
            found[debtor.id] = (kept + count * (state == "kept"), judged + count)
        together = tuple(map(sum, zip(*found.values(), strict=True))) if found else (0, 0)
        return found, together

    @api.model
    def _plans_kept(self, companies, date):
        """Return (plans kept, plans ended) by ``date``; of those that credit notes alone ended nothing is told."""
        plans, ended = self.env["recovery.plan"], [("company_id", "in", companies.ids)]
        ended += [("state", "in", ("completed", "broken")), ("date_closed", "<=", date)]
        rows = dict(plans._read_group(ended, ["state"], ["__count"]))
        given_up, credited = plans._ended_otherwise(ended)
        return (
            rows.get("completed", 0) - len(given_up) - len(credited),
            sum(rows.values()) - len(credited),
        )


class Means:
    """What has to be beaten: each debtor's plain mean, everybody's where it has paid nothing yet."""

    def __init__(self, payments):
        self.of = {debtor_id: _plain(found.delays) for debtor_id, found in payments.items()}
        total = sum(len(found.delays) for found in payments.values())
        shares = [(len(found.delays) / total, *self.of[debtor_id]) for debtor_id, found in payments.items()]
        self.everybody = (
            tuple(sum(share * one[part] for share, *one in shares) for part in (0, 1))
            if total
            else (0.0, 0.5)
        )

    def __call__(self, debtor_id):
        """Return (mean delay in days, share of payments that were late)."""
        return self.of.get(debtor_id, self.everybody)


def _plain(delays):
    return sum(delays) / len(delays), sum(delay > 0 for delay in delays) / len(delays)
