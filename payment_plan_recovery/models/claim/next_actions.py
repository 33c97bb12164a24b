"""What waits for a person among claims, promises and holds."""

from odoo import api, fields, models
from odoo.tools import SQL

from .overdue import EARNED

#: Days for which a broken promise asks for a call: later it is history.
BROKEN_DAYS = 30


class RecoveryNextAction(models.AbstractModel):
    _inherit = "recovery.next.action"

    @api.model
    def _steps_sql(self, companies, date) -> SQL:
        """Return the steps that stand before :meth:`_rows` in a statement: what is costly to read, read once.

        ``money`` is ``recovery.open.money._covered_sql()``. ``late`` has a row (partner_id, company_id,
        amount_overdue, date_oldest) for each debtor with claims past their day, in company currency; what open
        money lies over and what nobody asks for are taken off, so that 0 may be left. The ``companies`` belong to one
        creditor.
        """
        claims = self.env["recovery.claim"]
        past, residues = claims._asked_sql(companies, None, date), self.env["recovery.residue"]
        is_any, let_go = residues._is_any(companies[:1], None), SQL("SELECT NULL::int AS id")
        earned = EARNED if is_any else ()
        covered = claims._covered_sql(companies[:1], date, laid=SQL("money"), earned=earned)
        late = claims._laid_over_sql(companies, past, covered)
        if is_any:
            let_go = residues._let_go_sql(companies[:1], date)
            late = claims._less_spared_sql(late, claims._spared_sql(companies[:1], date, None, ()))
        return SQL(
            """
            money AS MATERIALIZED (%s),
            let_go AS MATERIALIZED (%s),
            late AS MATERIALIZED (
                SELECT partner_id, company_id, COALESCE(SUM(amount) FILTER (WHERE amount > 0), 0) AS amount_overdue,
                       MIN(date_due) FILTER (WHERE amount > 0) AS date_oldest
                  FROM (%s) claim
                 WHERE id IS NOT NULL
                 GROUP BY partner_id, company_id
            )
            """,
            self.env["recovery.open.money"]._covered_sql(companies[:1], date),
            let_go,
            late,
        )

    @api.model
    def _placed_rows(self, companies, date) -> SQL:
        """Return :meth:`_rows`, with the branches that what waits is about, wherever it is kept.

        A record that names items stands with the branches whose items are open, one about everything the debtor owes
        where anything is late; else, and whatever names none, where it is kept.
        """
        rows, about = self._rows(companies, date), self.env[self._about]
        if not hasattr(about, "_open_in_sql"):
            return rows
        return SQL(
            """
            SELECT found.partner_id, place.company_id, found.since, found.res_id
              FROM (%(rows)s) found
              LEFT JOIN LATERAL (%(open_in)s) named ON TRUE
              LEFT JOIN late ON late.partner_id = found.partner_id AND NOT named.is_any
             CROSS JOIN LATERAL unnest(
                   COALESCE(named.company_ids, ARRAY[COALESCE(late.company_id, found.company_id)])
             ) place (company_id)
            """,
            rows=rows,
            open_in=about._open_in_sql(SQL("found.res_id")),
        )


class RecoveryNextActionMatch(models.AbstractModel):
    """Money came in and is not matched: until it is, nobody can say what the debtor owes."""

    _name = "recovery.next.action.match"
    _description = "Match Money"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "match", 10, 0.9, "account.move.line"

    def _label(self):
        return self.env._("Match the money")

    def _advice(self):
        return self.env._("Money of this debtor is not matched with its invoices. Match it before you write.")

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT debtor.commercial_partner_id AS partner_id, item.company_id, item.date AS since,
                   item.id AS res_id
              FROM account_move_line item
              JOIN res_partner debtor ON debtor.id = item.partner_id
             WHERE %(receivable)s
               AND item.company_id = ANY(%(companies)s)
               AND item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
               AND item.amount_residual < 0
               AND item.date <= %(date)s
               AND debtor.commercial_partner_id IN (SELECT partner_id FROM late)
            """,
            receivable=self.env["account.move.line"]._recovery_receivable_sql("item"),
            companies=companies.ids,
            date=date,
        )


class RecoveryNextActionBroken(models.AbstractModel):
    """A promise was not kept: a call soon after is worth more than the next letter."""

    _name = "recovery.next.action.broken_promise"
    _description = "Call about a Broken Promise"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "broken_promise", 30, 0.8, "recovery.promise"

    def _label(self):
        return self.env._("Call: promise not kept")

    def _advice(self):
        return self.env._("The debtor promised to pay and did not. Call, and ask for a new day or a plan.")

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT promise.partner_id, promise.company_id, promise.date_judged AS since, promise.id AS res_id
              FROM recovery_promise promise
             WHERE promise.company_id = ANY(%(companies)s)
               AND promise.state IN ('broken', 'partially_kept')
               AND promise.date_judged <= %(date)s
               AND promise.date_judged > %(since)s
               AND NOT EXISTS (
                   SELECT FROM recovery_promise later
                    WHERE later.partner_id = promise.partner_id AND later.company_id = ANY(%(companies)s)
                      AND later.date_given >= promise.date_judged AND later.state <> 'cancelled'
                   )
               AND NOT EXISTS (
                   SELECT FROM recovery_contact made
                    WHERE made.partner_id = promise.partner_id AND made.company_id = ANY(%(companies)s)
                      AND made.date >= promise.date_judged
                   )
               AND promise.partner_id IN (SELECT partner_id FROM late)
            """,
            companies=companies.ids,
            date=date,
            since=fields.Date.subtract(date, days=BROKEN_DAYS),
        )


class RecoveryNextActionCallBack(models.AbstractModel):
    """It was agreed, or left open, to come back to the debtor: the day has come."""

    _name = "recovery.next.action.call_back"
    _description = "Call Back"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "call_back", 28, 0.7, "recovery.contact"

    def _label(self):
        return self.env._("Call back")

    def _advice(self):
        return self.env._("The day to come back to the debtor has come. Read what was said last, and call.")

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT due.* FROM (%s) due
             WHERE due.partner_id IN (SELECT partner_id FROM late)
            """,
            self.env["recovery.contact"]._due_sql(companies, date),
        )


class RecoveryNextActionReview(models.AbstractModel):
    """A hold without end, a dispute first of all, is past the day on which somebody was to look at it again."""

    _name = "recovery.next.action.review_hold"
    _description = "Review a Hold"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "review_hold", 40, 0.6, "recovery.hold"

    def _label(self):
        return self.env._("Look at the hold again")

    def _advice(self):
        return self.env._("The review date of a hold has come. Settle what it waits for, or end it.")

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT hold.partner_id, hold.company_id, hold.date_review AS since, hold.id AS res_id
              FROM recovery_hold hold
             WHERE hold.company_id = ANY(%(companies)s)
               AND hold.date_review <= %(date)s
               AND hold.date_from <= %(date)s
               AND (hold.date_until IS NULL OR hold.date_until >= %(date)s)
            """,
            companies=companies.ids,
            date=date,
        )


class RecoveryNextActionDispute(models.AbstractModel):
    """A debtor waits for an answer to its dispute, or its day has come: nothing is paid before."""

    _name = "recovery.next.action.answer_dispute"
    _description = "Answer a Dispute"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "answer_dispute", 15, 0.8, "recovery.dispute"

    def _label(self):
        return self.env._("Answer the dispute")

    def _advice(self):
        return self.env._("The debtor disputes and waits. Look into it, answer, and close it.")

    @api.model
    def _rows(self, companies, date):
        return self.env["recovery.dispute"]._waiting_sql(companies, date)


class RecoveryNextActionReply(models.AbstractModel):
    """A debtor replied to a mail: nothing is asked of it until somebody has read what it says."""

    _name = "recovery.next.action.reply"
    _description = "Read a Reply"
    _inherit = "recovery.next.action"
    _urgency = 0.8

    def _label(self):
        return self.env._("Read the reply")

    def _advice(self):
        return self.env._(
            "The debtor replied by mail. Read it and answer: what it is about is held until then."
        )

    @api.model
    def _rows(self, companies, _date):
        return SQL(
            """
            SELECT told.partner_id, told.company_id, %s AS since, told.id AS res_id
              FROM %s told
             WHERE told.company_id = ANY(%s) AND told.has_unread_reply
            """,
            companies._recovery_day_sql(SQL("told.answered_at"), SQL("told.company_id")),
            SQL.identifier(self.env[self._about]._table),
            companies.ids,
        )


class RecoveryNextActionPromiseReply(models.AbstractModel):
    _name = "recovery.next.action.reply.promise"
    _description = "Read a Reply about a Promise"
    _inherit = "recovery.next.action.reply"
    _code, _sequence, _about = "promise_reply", 13, "recovery.promise"


class RecoveryNextActionMailReply(models.AbstractModel):
    _name = "recovery.next.action.reply.contact"
    _description = "Read a Reply to a Mail"
    _inherit = "recovery.next.action.reply"
    _code, _sequence, _about = "mail_reply", 14, "recovery.contact"
