from odoo import api, models
from odoo.tools import SQL


class RecoveryDunningReach(models.AbstractModel):
    """Over which channel a notice would reach its debtor, decided for many notices at once."""

    _name = "recovery.dunning.reach"
    _description = "Dunning Reach"

    @api.model
    def _channel_needs(self) -> dict[str, SQL]:
        """{channel: what it needs to reach a ``contact`` of a ``debtor``}; sending looks again.

        A call needs no number: its activity asks a person to find one.
        """
        postal = SQL("contact.street <> '' AND (contact.city <> '' OR contact.zip <> '')")
        mailable = SQL(
            "contact.email_normalized <> '' AND debtor.recovery_no_email IS NOT TRUE"
            " AND COALESCE(contact.message_bounce, 0) = 0"
            " AND NOT EXISTS (SELECT FROM mail_blacklist refused"
            " WHERE refused.email = contact.email_normalized AND refused.active)"
        )
        return {
            "email": mailable,
            "sms": SQL("contact.phone <> '' AND debtor.recovery_no_sms IS NOT TRUE"),
            "letter": postal,
            "registered": postal,
            "phone": SQL("debtor.recovery_no_phone IS NOT TRUE"),
        }

    def _step_channel(self, scope) -> SQL:
        """Channels of the levels in order of preference."""
        channels = scope.levels.channel_ids.sorted(lambda line: (line.level_id.id, line.sequence, line.id))
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::text[]) AS c(level_id, position, channel)",
            [line.level_id.id for line in channels],
            list(range(len(channels))),
            channels.mapped("channel"),
        )

    def _reachable(self, wanted: SQL) -> SQL:
        """First channel that reaches the ``debtor`` of a notice (``grouped``), whom it reaches, its rank.

        The debtor's own preference comes first, then the level's order; the contact for invoices comes before
        the debtor, the debtor before its other contacts. ``wanted`` restricts the ``preferred`` channels.
        """
        needs = SQL(" ").join(
            SQL("WHEN %s THEN %s", channel, needed) for channel, needed in self._channel_needs().items()
        )
        return SQL(
            """
            SELECT preferred.channel, contact.id AS contact_id, preferred.preference
              FROM (
                SELECT channel.channel,
                       ROW_NUMBER() OVER (
                           ORDER BY (channel.channel = debtor.recovery_channel) IS TRUE DESC, channel.position
                       ) AS preference
                  FROM channel
                 WHERE channel.level_id = grouped.level_id
              ) preferred
              JOIN res_partner contact ON contact.commercial_partner_id = grouped.partner_id
             WHERE (contact.id = grouped.partner_id OR contact.active)
               AND %(wanted)s
               AND CASE preferred.channel %(needs)s END
             ORDER BY preferred.preference, (contact.type = 'invoice') IS TRUE DESC,
                      contact.id <> grouped.partner_id, contact.id
             LIMIT 1
            """,
            wanted=wanted,
            needs=needs,
        )

    def _regroup_statement(self, scope, run) -> SQL:
        """Put the ticked lines of the debtors of ``scope`` in ``run`` into notices again.

        Returns (level, channel) of each notice; lines whose notice no channel reaches are left as they are.
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
                SELECT grouped.*, reachable.channel
                  FROM grouped
                  JOIN res_partner debtor ON debtor.id = grouped.partner_id
                  LEFT JOIN LATERAL (%(reachable)s) reachable ON TRUE
            ),
            regrouped AS (
                UPDATE recovery_dunning_run_line target
                   SET notice_level_id = planned.level_id, channel = planned.channel, channel_by_hand = FALSE
                  FROM line
                  JOIN planned USING (partner_id, policy_id, group_key)
                 WHERE target.id = line.id AND planned.channel IS NOT NULL
            )
            SELECT level_id, channel FROM planned
            """,
            channel=self._step_channel(scope),
            run=run.id,
            debtors=scope.partner_ids,
            reachable=self._reachable(SQL("TRUE")),
        )
