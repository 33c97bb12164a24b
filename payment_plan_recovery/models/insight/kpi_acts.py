"""What figures count besides the ledger: plans, promises, disputes, reminders, and what was spent.

These lie in tables of other rooms; they are asked for through the ORM, which writes the queries.
"""

from odoo import api, models
from odoo.tools import SQL

#: Days after a reminder within which money counts as its effect.
EFFECT_DAYS = 7


class RecoveryKpiActs(models.AbstractModel):
    """The sources that people and the machine made. Columns as in the ledger's."""

    _name = "recovery.kpi.acts"
    _inherit = "recovery.kpi.ledger"
    _description = "Figures: Acts"

    @api.model
    def _records(self, model, domain, *columns) -> SQL:
        """Return a query of the records of ``domain``: ``id``, and these stored or related ``columns``."""
        # sudo: the callers checked that figures may be read; companies are in the domain
        records = self.env[model].sudo().with_context(active_test=False)
        query = records._search(domain)
        return query.select(
            SQL.identifier(query.table, "id"),
            *(
                SQL("%s AS %s", records._field_to_sql(query.table, column, query), SQL.identifier(column))
                for column in columns
            ),
        )

    @api.model
    def _in_period(self, scope, field):
        """The domain of what has its day in the period, in the companies looked at."""
        return [
            ("company_id", "in", scope.companies.ids),
            (field, ">=", scope.date_from),
            (field, "<=", scope.date_to),
        ]

    def _ended(self, scope, model, field, states, *columns) -> SQL:
        """Return a query of the records that came to one of ``states`` in the period and were in it on its last day.

        :param field: the day on which they came to it; one that went on later is told as it was
        """
        columns = ("partner_id", "company_id", *columns)
        ended = [*self._in_period(scope, field), ("state", "in", states)]
        left = [("company_id", "in", scope.companies.ids), ("past", "!=", False)]
        return SQL(
            """
            %(ended)s
             UNION ALL
            SELECT record.id, %(columns)s, was.since AS %(field)s, was.state
              FROM (%(left)s) record
             CROSS JOIN LATERAL (%(past)s) was
             WHERE was.state IN %(states)s AND was.since BETWEEN %(from)s AND %(to)s AND was.until > %(to)s
            """,
            **{"from": scope.date_from, "to": scope.date_to},
            ended=self._records(model, ended, *columns, field, "state"),
            columns=SQL(", ").join(SQL("record.%s", SQL.identifier(column)) for column in columns),
            field=SQL.identifier(field),
            left=self._records(model, left, *columns, "past"),
            past=self.env["recovery.past"]._past_sql(SQL("record")),
            states=states,
        )

    @api.model
    def _plan_rows(self, scope) -> SQL:
        """Plans that ended in the period: ``kept`` (to the end, not given up), ``amount`` (what they covered).

        One that went on later, because its money bounced, had ended.
        """
        given_up, credited = self._ended_otherwise(scope)
        return SQL(
            """
            SELECT 'recovery.plan' AS res_model, plan.id AS res_id, plan.partner_id AS debtor_id, plan.company_id,
                   plan.date_closed AS date, COALESCE(covered.amount, 0) AS amount,
                   plan.state = 'completed' AND plan.id <> ALL(%(given_up)s::int[]) AS kept
              FROM (%(plans)s) plan
              LEFT JOIN (%(covered)s) covered ON covered.plan_id = plan.id
             WHERE plan.id <> ALL(%(credited)s::int[])
            """,
            given_up=given_up.ids,
            credited=credited.ids,
            plans=self._ended(scope, "recovery.plan", "date_closed", ("completed", "broken")),
            covered=self._covered_amounts([("plan_id.company_id", "in", scope.companies.ids)]),
        )

    def _covered_amounts(self, domain) -> SQL:
        """What plans cover, in company currency at the rates of the items: (plan_id, amount)."""
        return SQL(
            """
            SELECT covered.plan_id,
                   SUM(covered.amount_covered * item.balance / NULLIF(item.amount_currency, 0)) AS amount
              FROM (%s) covered
              JOIN account_move_line item ON item.id = covered.move_line_id
             GROUP BY covered.plan_id
            """,
            self._records("recovery.plan.item", domain, "plan_id", "move_line_id", "amount_covered"),
        )

    @api.model
    def _cure_rows(self, scope) -> SQL:
        """Plans put in default in the period, the last time; ``cured`` when not in default still, broken or given up
        by its end.

        A cure takes the plan's ``date_default`` away, and notes it among what is past.
        """
        given_up, credited = self._ended_otherwise(scope)
        defaulted = [("company_id", "in", scope.companies.ids), ("date_last_default", ">=", scope.date_from)]
        return SQL(
            """
            SELECT DISTINCT ON (plan.id) 'recovery.plan' AS res_model, plan.id AS res_id, plan.partner_id AS debtor_id,
                   plan.company_id, put.since AS date,
                   NOT ((put.until IS NULL OR put.until > %(to)s)
                        AND (plan.date_closed IS NULL OR plan.date_closed > %(to)s)
                        OR (plan.state = 'broken' AND plan.date_closed <= %(to)s)
                        OR plan.id = ANY(%(given_up)s::int[])) AS cured
              FROM (%(plans)s) plan
             CROSS JOIN LATERAL (
                   SELECT plan.date_last_default AS since,
                          CASE WHEN plan.date_default IS NULL THEN plan.date_last_default END AS until
                    WHERE plan.date_default IS NOT NULL OR NOT EXISTS (%(past)s)
                    UNION ALL
                   SELECT since, until FROM (%(past)s) was WHERE state = 'in_default'
             ) put
             WHERE put.since BETWEEN %(from)s AND %(to)s AND plan.id <> ALL(%(credited)s::int[])
             ORDER BY plan.id, put.since DESC, put.until DESC NULLS FIRST
            """,
            **{"from": scope.date_from, "to": scope.date_to},
            given_up=given_up.ids,
            credited=credited.ids,
            past=self.env["recovery.past"]._past_sql(SQL("plan")),
            plans=self._records(
                *("recovery.plan", defaulted, "partner_id", "company_id", "past"),
                *("date_default", "date_last_default", "date_closed", "state"),
            ),
        )

    @api.model
    def _promise_rows(self, scope) -> SQL:
        """Promises judged in the period: ``kept``, ``amount``."""
        return SQL(
            """
            SELECT 'recovery.promise' AS res_model, promise.id AS res_id, promise.partner_id AS debtor_id,
                   promise.company_id, promise.date_judged AS date, promise.state = 'kept' AS kept,
                   promise.amount * %(rate)s AS amount
              FROM (%(promises)s) promise
            """,
            rate=self._rate(scope, SQL("promise.currency_id"), SQL("promise.date_given")),
            promises=self._ended(
                *(scope, "recovery.promise", "date_judged", ("kept", "partially_kept", "broken")),
                *("date_given", "amount", "currency_id"),
            ),
        )

    # -- disputes ----------------------------------------------------------------------------

    @api.model
    def _disputed_rows(self, scope) -> SQL:
        """Claims overdue on the last day: ``closing``, and the ``disputed`` part of it."""
        return SQL(
            """
            SELECT claim.*,
                   CASE WHEN whole.id IS NOT NULL THEN claim.closing
                        ELSE LEAST(COALESCE(part.amount, 0), claim.closing) END AS disputed
              FROM (%(claims)s) claim
              LEFT JOIN (SELECT DISTINCT partner_id, 1 AS id
                           FROM (%(disputes)s) dispute
                          WHERE NOT EXISTS (SELECT FROM %(held)s held WHERE held.%(hold_id)s = dispute.id)) debtor
                     ON debtor.partner_id = claim.debtor_id
              LEFT JOIN (%(parts)s) part ON part.item_id = claim.id
              LEFT JOIN LATERAL (SELECT 1 AS id WHERE part.whole OR debtor.id IS NOT NULL) whole ON TRUE
             WHERE claim.closing > 0 AND claim.days_late > 0
            """,
            claims=self._claim_rows(scope),
            parts=self._disputed_parts(scope),
            **self._disputes(scope),
        )

    def _disputes(self, scope):
        """The disputes that ran on the last day, in whichever branch they are kept; the holds' table of items."""
        items = self.env["recovery.hold"]._fields["move_line_ids"]
        running = [
            ("company_id", "in", scope.creditor._recovery_branch_ids()),
            ("kind", "=", "dispute"),
            ("date_from", "<=", scope.date_to),
            "|",
            ("date_until", "=", False),
            ("date_until", ">=", scope.date_to),
        ]
        return {
            "disputes": self._records("recovery.hold", running, "partner_id", "amount"),
            "held": SQL.identifier(items.relation),
            "hold_id": SQL.identifier(items.column1),
        }

    def _disputed_parts(self, scope) -> SQL:
        """What is disputed of items: the ``whole`` of them, or an ``amount`` in company currency."""
        items = self.env["recovery.hold"]._fields["move_line_ids"]
        return SQL(
            """
            SELECT item.id AS item_id, BOOL_OR(COALESCE(dispute.amount, 0) = 0) AS whole,
                   SUM(dispute.amount * item.balance / NULLIF(item.amount_currency, 0)) AS amount
              FROM (%(disputes)s) dispute
              JOIN %(held)s held ON held.%(hold_id)s = dispute.id
              JOIN account_move_line item ON item.id = held.%(item_id)s
             GROUP BY item.id
            """,
            item_id=SQL.identifier(items.column2),
            **self._disputes(scope),
        )

    @api.model
    def _settled_rows(self, scope) -> SQL:
        """Disputes closed in the period: ``days`` they took. Holds for a dispute that nobody opened count as such."""
        ended = [*self._in_period(scope, "date_until"), ("kind", "=", "dispute")]
        return SQL(
            """
            SELECT 'recovery.dispute' AS res_model, dispute.id AS res_id, dispute.partner_id AS debtor_id,
                   dispute.company_id, dispute.date_closed AS date, dispute.date_closed - dispute.date_opened AS days
              FROM (%(closed)s) dispute
             UNION ALL
            SELECT 'recovery.hold', hold.id, hold.partner_id, hold.company_id, hold.date_until,
                   hold.date_until - hold.date_from
              FROM (%(ended)s) hold
             WHERE hold.id NOT IN (SELECT hold_id FROM (%(opened)s) opened WHERE hold_id IS NOT NULL)
            """,
            closed=self._ended(scope, "recovery.dispute", "date_closed", ("closed",), "date_opened"),
            ended=self._records(
                "recovery.hold", ended, "partner_id", "company_id", "date_from", "date_until"
            ),
            opened=self._records("recovery.dispute", [("company_id", "in", scope.companies.ids)], "hold_id"),
        )

    @api.model
    def _rating_rows(self, scope) -> SQL:
        """What debtors said in the period of plans and disputes that were over: ``rating``, 1 to 5."""
        rated = [*self._in_period(scope, "date_rated"), ("debtor_rating", "!=", False)]
        columns = ("partner_id", "company_id", "date_rated", "debtor_rating")
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT %s AS res_model, ended.id AS res_id, ended.partner_id AS debtor_id, ended.company_id,
                       ended.date_rated AS date, ended.debtor_rating::int AS rating
                  FROM (%s) ended
                """,
                model,
                self._records(model, rated, *columns),
            )
            for model in ("recovery.plan", "recovery.dispute")
        )

    # -- reminders and what was spent ----------------------------------------------------------

    def _sent(self, scope) -> SQL:
        """Notices that went out by the last day, each with its ``day`` where the creditor is."""
        timezone = scope.creditor._recovery_timezone()
        sent = [("company_id", "in", scope.companies.ids), ("state", "=", "sent")]
        columns = ("partner_id", "company_id", "level_id", "channel", "words_id", "amount_total")
        return SQL(
            "SELECT notice.*, %(day)s AS day,"
            " EXTRACT(HOUR FROM notice.date_sent AT TIME ZONE 'UTC' AT TIME ZONE %(timezone)s)::int AS hour"
            " FROM (%(notices)s) notice",
            timezone=timezone,
            day=self.env["recovery.notice"]._day_sql(timezone),
            notices=self._records("recovery.notice", sent, *columns, "state", "date", "date_sent"),
        )

    @api.model
    def _reminder_rows(self, scope) -> SQL:
        """Notices whose days of effect ended in the period: ``asked``, and ``received`` of it in these days.

        What counts is money on the items that the notice named, or that the plan of a named instalment covers; no
        more than was asked.
        """
        since, until = scope.back(EFFECT_DAYS)
        return SQL(
            """
            WITH sent AS MATERIALIZED (
                SELECT * FROM (%(sent)s) sent WHERE sent.day BETWEEN %(since)s AND %(until)s
            ),
            named AS (%(named)s),
            came AS (
                SELECT named.notice_id, SUM(taken.money) AS amount
                  FROM named
                  JOIN sent ON sent.id = named.notice_id
                  JOIN (%(taken)s) taken ON taken.item_id = named.item_id
                 WHERE taken.day > sent.day AND taken.day <= sent.day + %(effect)s
                 GROUP BY named.notice_id
            )
            SELECT 'recovery.notice' AS res_model, sent.id AS res_id, sent.partner_id AS debtor_id,
                   sent.company_id, sent.day AS date, sent.hour, sent.level_id, sent.channel, sent.words_id,
                   sent.amount_total AS asked,
                   LEAST(COALESCE(came.amount, 0), sent.amount_total) AS received
              FROM sent
              LEFT JOIN came ON came.notice_id = sent.id
            """,
            sent=self._sent(scope),
            named=self._named(),
            taken=self._taken(scope),
            effect=EFFECT_DAYS,
            since=since,
            until=until,
        )

    def _named(self) -> SQL:
        """The items that notices speak of: (notice_id, item_id)."""
        return SQL(
            """
            SELECT DISTINCT line.notice_id, COALESCE(line.move_line_id, covered.move_line_id) AS item_id
              FROM (%(lines)s) line
              LEFT JOIN (%(instalments)s) instalment ON instalment.id = line.instalment_id
              LEFT JOIN (%(covered)s) covered ON covered.plan_id = instalment.plan_id
             WHERE line.notice_id IN (SELECT id FROM sent)
            """,
            lines=self._records("recovery.notice.line", [], "notice_id", "move_line_id", "instalment_id"),
            instalments=self._records("recovery.plan.instalment", [], "plan_id"),
            covered=self._records("recovery.plan.item", [], "plan_id", "move_line_id"),
        )

    @api.model
    def _cost_rows(self, scope) -> SQL:
        """What was spent in the period (``cost``), and what was received in it after the due date (``received``)."""
        return SQL(
            """
            SELECT res_model, res_id, debtor_id, company_id, date, 0 AS cost, late AS received
              FROM (%s) receipt
             UNION ALL %s UNION ALL %s UNION ALL %s
            """,
            self._receipt_rows(scope),
            self._interactions_made(scope),
            self._messages_sent(scope),
            self._case_costs(scope),
        )

    def _interactions_made(self, scope) -> SQL:
        in_period = self._in_period(scope, "date")
        return SQL(
            """
            SELECT 'recovery.contact', contact.id, contact.partner_id, contact.company_id, contact.date, %s, 0
              FROM (%s) contact
            """,
            self._price(scope, "interaction", SQL("contact.channel"), SQL("contact.date")),
            self._records("recovery.contact", in_period, "partner_id", "company_id", "date", "channel"),
        )

    def _messages_sent(self, scope) -> SQL:
        return SQL(
            """
            SELECT 'recovery.notice', sent.id, sent.partner_id, sent.company_id, sent.day, %s, 0
              FROM (%s) sent
             WHERE sent.day BETWEEN %s AND %s
            """,
            self._price(scope, "message", SQL("sent.channel"), SQL("sent.day")),
            self._sent(scope),
            scope.date_from,
            scope.date_to,
        )

    def _case_costs(self, scope) -> SQL:
        companies = [("company_id", "in", scope.companies.ids)]
        spent = [("date", ">=", scope.date_from), ("date", "<=", scope.date_to)]
        return SQL(
            """
            SELECT 'recovery.case', cost.case_id, file.partner_id, file.company_id, cost.date, cost.amount * %s, 0
              FROM (%s) cost
              JOIN (%s) file ON file.id = cost.case_id
            """,
            self._rate(scope, SQL("file.currency_id"), SQL("cost.date")),
            self._records("recovery.case.cost", spent, "case_id", "date", "amount"),
            self._records("recovery.case", companies, "partner_id", "company_id", "currency_id"),
        )

    def _price(self, scope, kind, channel: SQL, date: SQL) -> SQL:
        return self.env["recovery.cost"]._price_sql(scope.creditor, kind, channel, date)
