"""What the statements of dunning ask of notices: who had which level, and new ones of a run."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    @api.model
    def _day_sql(self, timezone, instant=None) -> SQL:
        """Return the day on which ``notice`` was sent where the company is, else the day it is of.

        :param instant: SQL of another instant than that of sending
        """
        return SQL(
            "CASE WHEN notice.state = 'sent'"
            " THEN COALESCE((%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date, notice.date)"
            " ELSE notice.date END",
            instant or SQL("notice.date_sent"),
            timezone,
        )

    @api.model
    def _live_lines_sql(self, timezone, without=()) -> SQL:
        """Return a query of the claims that notices count for: their level, day, and whether it is unsent.

        A registered letter whose level counts from delivery is as good as unsent until it is delivered.

        :param without: ids of notices taken for not made
        """
        return SQL(
            """
            SELECT line.move_line_id, line.instalment_id, line.level_id,
                   notice.state <> 'sent' OR (notice.counts_from_delivery AND notice.date_delivered IS NULL)
                       AS unsent,
                   CASE WHEN notice.state = 'sent' THEN %(counted)s END AS sent_on,
                   notice.partner_id AS debtor_id, line.date_due,
                   CASE WHEN notice.state = 'sent' THEN %(gone)s END AS gone_on
              FROM recovery_notice_line line
              JOIN recovery_notice notice ON notice.id = line.notice_id
             WHERE line.is_live AND %(counts)s
            """,
            counts=self._other_than_sql(without),
            counted=self._day_sql(timezone, self._counted_sql()),
            gone=self._day_sql(timezone),
        )

    @api.model
    def _still_told_sql(self, debtor: SQL, due: SQL) -> SQL:
        """Return the condition that a ``line`` of :meth:`_live_lines_sql` is about its claim as it is now.

        Not when another debtor owes it by now, or when it was put off after the notice went: then it starts again.

        :param debtor: who owes the claim
        :param due: when it is due
        """
        return SQL(
            "line.debtor_id = %(debtor)s"
            " AND (%(due)s > line.date_due AND %(due)s >= line.gone_on) IS NOT TRUE",
            debtor=debtor,
            due=due,
        )

    @api.model
    def _other_than_sql(self, notice_ids) -> SQL:
        return SQL("notice.id <> ALL(%s::int[])", list(notice_ids)) if notice_ids else SQL("TRUE")

    @api.model
    def _contacts_sql(self, company, timezone, debtor_ids=None, without=()) -> SQL:
        """Return a query of the contacts that notices are, sent or on their way: debtor, channel and day.

        :param debtor_ids: look at these debtors only
        :param without: ids of notices taken for not made
        """
        return SQL(
            """
            SELECT notice.partner_id, notice.channel, %s AS day
              FROM recovery_notice notice
             WHERE notice.company_id = ANY(%s)
               AND notice.state IN ('draft', 'approved', 'queued', 'to_post', 'sent')
               AND %s AND %s
            """,
            self._day_sql(timezone),
            list(company._recovery_branch_ids()),
            SQL("TRUE") if debtor_ids is None else SQL("notice.partner_id = ANY(%s::int[])", debtor_ids),
            self._other_than_sql(without),
        )

    @api.model
    def _had_level_sql(self, timezone) -> SQL:
        """Return the condition that the claim of ``line``, one of a proposal, had its level already."""
        return SQL(
            """
            EXISTS (
                SELECT FROM recovery_notice_line had
                  JOIN recovery_notice notice ON notice.id = had.notice_id
                 WHERE had.is_live AND had.level_id = line.level_id
                   AND (had.move_line_id = line.move_line_id OR had.instalment_id = line.instalment_id)
                   AND NOT %s
            )
            """,
            self._past_sql(SQL("had"), SQL("line"), timezone),
        )

    @api.model
    def _inserted_sql(self, run) -> SQL:
        """Return the insertion of the notices of ``run`` that its statement has ``planned``."""
        columns = self._columns_of_run(run.company_id)
        return SQL(
            """
            INSERT INTO recovery_notice (
                run_id, company_id, partner_id, level_id, date, channel, user_id, amount_total,
                create_uid, create_date, write_uid, write_date, %(columns)s
            )
            SELECT %(run)s, %(company)s, planned.partner_id, planned.level_id, %(date)s, planned.channel,
                   %(responsible)s, planned.amount,
                   %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC', %(values)s
              FROM planned
            RETURNING id, partner_id, level_id, channel
            """,
            columns=SQL(", ").join(SQL.identifier(column) for column in columns),
            values=SQL(", ").join(columns.values()),
            run=run.id,
            company=run.company_id.id,
            date=run.date,
            responsible=run.user_id.id or None,
            user=self.env.uid,
        )

    @api.model
    def _lines_inserted_sql(self) -> SQL:
        """Return the insertion of the lines of each ``notice``, one for each claim ``chosen``."""
        return SQL(
            """
            INSERT INTO recovery_notice_line (
                notice_id, level_id, policy_id, move_line_id, instalment_id, amount_residual, date_due, is_live
            )
            SELECT notice.id, chosen.level_id, chosen.policy_id, chosen.move_line_id, chosen.instalment_id,
                   chosen.amount_residual, chosen.date_due, TRUE
              FROM chosen
              JOIN notice
                ON notice.partner_id = chosen.partner_id
               AND notice.level_id = chosen.notice_level_id
               AND notice.channel = chosen.channel
            RETURNING 1
            """
        )
