"""Over which channel a notice reaches whom."""

from odoo import models
from odoo.tools import SQL

from .level import by_preference


class RecoveryDunningReach(models.AbstractModel):
    """Over which channel a notice would reach its debtor, decided for many notices at once."""

    _name = "recovery.dunning.reach"
    _description = "Dunning Reach"

    def _step_channel(self, scope) -> SQL:
        """Channels of the levels, ranked from 1 for each wish a debtor may have; '' is no wish."""
        wishes = ["", *self.env["recovery.channel"]._things()]
        ranked = [
            (level.id, wish, channel, rank)
            for level in scope.levels
            for channels in [level._channels_by_preference(False)]
            for wish in wishes
            for rank, channel in enumerate(by_preference(channels, wish), 1)
        ]
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[])"
            " AS c(level_id, wish, channel, rank)",
            *([row[column] for row in ranked] for column in range(4)),
        )

    def _reach(self, notices: str, key=("partner_id", "level_id")) -> SQL:
        """First channel that reaches the debtor of each notice, whom it reaches, and its rank.

        The debtor's own preference comes first, then the level's order; the contact for invoices comes before
        the debtor, the debtor before its other contacts; who represents it, where somebody does, is the only one.
        Columns: partner_id, level_id, channel, contact_id, and rank, 1 where no channel is preferred to it.
        Notices that no channel reaches have no row.

        :param notices: step of the statement that has them
        :param key: what tells one notice from another; with "channel" among it, no other channel is looked at
        """
        return SQL(
            """
            SELECT DISTINCT ON (%(keys)s)
                   contact.partner_id, contact.level_id, channel.channel, channel.rank, contact.contact_id
              FROM (
                SELECT notice.*, contact.id AS contact_id, %(reached_by)s AS reached_by,
                       CASE WHEN debtor.recovery_channel = ANY(%(known)s)
                            THEN debtor.recovery_channel ELSE '' END AS wish,
                       (contact.type = 'invoice') IS TRUE AS for_invoices
                  FROM %(notices)s notice
                  JOIN res_partner debtor ON debtor.id = notice.partner_id
                  JOIN res_partner contact ON contact.commercial_partner_id = notice.partner_id
                 WHERE %(written_to)s
                OFFSET 0 -- A contact is looked at once, not once for each channel.
              ) contact
              JOIN channel
                ON channel.level_id = contact.level_id AND channel.wish = contact.wish
               AND channel.channel = ANY(contact.reached_by)
             WHERE %(wanted)s
             ORDER BY %(keys)s, channel.rank, contact.for_invoices DESC,
                      contact.contact_id <> contact.partner_id, contact.contact_id
            """,
            notices=SQL.identifier(notices),
            keys=SQL(", ").join(SQL.identifier("contact", column) for column in key),
            reached_by=self._reached_by(),
            known=list(self.env["recovery.channel"]._things()),
            written_to=self.env["res.partner"]._recovery_written_to_sql(),
            wanted=SQL("channel.channel = contact.channel") if "channel" in key else SQL("TRUE"),
        )

    def _reached_by(self) -> SQL:
        """Array of the channels that reach a ``contact`` of a ``debtor``."""
        channels = (
            SQL("CASE WHEN %s THEN %s END", channel._reaches(), code)
            for code, channel in self.env["recovery.channel"]._things().items()
        )
        return SQL("ARRAY[%s]::text[]", SQL(", ").join(channels))

    def _unreached(self, debtors, channel):
        """Those of ``debtors`` whom ``channel`` reaches nowhere."""
        debtors.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.id
                  FROM res_partner debtor
                 WHERE debtor.id = ANY(%s)
                   AND NOT EXISTS (
                       SELECT FROM res_partner contact
                        WHERE contact.commercial_partner_id = debtor.id
                          AND %s AND %s
                   )
                 ORDER BY debtor.id
                """,
                debtors.ids,
                self.env["res.partner"]._recovery_written_to_sql(),
                self.env["recovery.channel"]._thing(channel)._reaches(),
            )
        )
        return debtors.browse(debtor_id for (debtor_id,) in rows)

    def _regroup_statement(self, scope, run) -> SQL:
        """Put the ticked lines of the debtors of ``scope`` in ``run`` into notices again.

        :return: query of (level, channel) of each notice; lines that no channel reaches are left as they are
        """
        return SQL(
            """
            WITH channel AS (%(channel)s),
            line AS (
                SELECT line.id, line.partner_id, line.level_id, level.policy_id, level.sequence,
                       CASE WHEN policy.grouping = 'debtor' THEN 0 ELSE line.level_id END AS group_key
                  FROM recovery_dunning_run_line line
                  JOIN recovery_dunning_level level ON level.id = line.level_id
                  JOIN recovery_dunning_policy policy ON policy.id = level.policy_id
                 WHERE line.run_id = %(run)s AND line.selected AND line.partner_id = ANY(%(debtors)s)
            ),
            grouped AS (
                SELECT partner_id, policy_id, group_key,
                       (ARRAY_AGG(level_id ORDER BY sequence DESC, level_id DESC))[1] AS level_id
                  FROM line
                 GROUP BY partner_id, policy_id, group_key
            ),
            planned AS (
                SELECT grouped.*, reach.channel
                  FROM grouped
                  LEFT JOIN (%(reach)s) reach USING (partner_id, level_id)
            ),
            regrouped AS (
                UPDATE recovery_dunning_run_line target
                   SET notice_level_id = planned.level_id, channel = planned.channel, channel_by_hand = FALSE
                  FROM line JOIN planned USING (partner_id, policy_id, group_key)
                 WHERE target.id = line.id AND planned.channel IS NOT NULL
            )
            SELECT level_id, channel FROM planned
            """,
            channel=self._step_channel(scope),
            run=run.id,
            debtors=scope.partner_ids,
            reach=self._reach("grouped"),
        )
