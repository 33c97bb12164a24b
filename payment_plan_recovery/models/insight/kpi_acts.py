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
    _inherit = "recovery.kpi.kept"
    _description = "Figures: Acts"

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
        ended = [*self._in_period(scope, "date_until"), ("kind", "=", "dispute"), ("part_of_id", "=", False)]
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
               AND hold.id NOT IN (
                   SELECT was.res_id
                     FROM (%(opened)s) opened
                    CROSS JOIN LATERAL (%(past)s) was
                    WHERE was.res_id IS NOT NULL
               )
            """,
            closed=self._ended(scope, "recovery.dispute", "date_closed", ("closed",), "date_opened"),
            ended=self._records(
                "recovery.hold", ended, "partner_id", "company_id", "date_from", "date_until"
            ),
            past=self.env["recovery.past"]._past_sql(SQL("opened")),
            opened=self._records(
                "recovery.dispute", [("company_id", "in", scope.companies.ids)], "hold_id", "past"
            ),
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
        """Notices that went out by the last day, each with its ``day`` where the creditor is.

        ``came_back`` is the day on which it was known that one had not arrived: it went out all the same.
        """
        sent = [
            ("company_id", "in", scope.companies.ids),
            *("|", ("state", "=", "sent"), ("date_returned", "!=", False)),
        ]
        columns = ("partner_id", "company_id", "level_id", "channel", "words_id", "amount_total")
        return SQL(
            """
            SELECT notice.*, COALESCE((date_sent AT TIME ZONE 'UTC' AT TIME ZONE %(timezone)s)::date, date) AS day,
                   (date_returned AT TIME ZONE 'UTC' AT TIME ZONE %(timezone)s)::date AS came_back,
                   EXTRACT(HOUR FROM date_sent AT TIME ZONE 'UTC' AT TIME ZONE %(timezone)s)::int AS hour
              FROM (%(notices)s) notice
            """,
            timezone=scope.creditor._recovery_timezone(),
            notices=self._records("recovery.notice", sent, *columns, "date", "date_sent", "date_returned"),
        )

    @api.model
    def _reminder_rows(self, scope) -> SQL:
        """Notices whose days of effect ended in the period: ``asked``, and ``received`` of it in these days.

        What counts is money on the items that the notice named, or that the plan of a named instalment covers; no
        more than was asked. One that had come back by the last day reminded nobody.
        """
        since, until = scope.back(EFFECT_DAYS)
        return SQL(
            """
            WITH sent AS MATERIALIZED (
                SELECT * FROM (%(sent)s) sent
                 WHERE sent.day BETWEEN %(since)s AND %(until)s
                   AND (sent.came_back IS NULL OR sent.came_back > %(to)s)
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
            to=scope.date_to,
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
