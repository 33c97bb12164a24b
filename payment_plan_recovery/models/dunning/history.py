"""What was said to a debtor so far: the levels of its claims, and its contacts."""

from odoo import models
from odoo.tools import SQL


class RecoveryDunningHistory(models.AbstractModel):
    """Steps of the dunning statement that look back at notices and contacts."""

    _name = "recovery.dunning.history"
    _inherit = "recovery.dunning.facts"
    _description = "Dunning History"

    def _step_noticed(self, scope) -> SQL:
        """Levels each claim was raised to by a notice that counts, with the day the notice was sent."""
        return SQL(
            """
            SELECT fact.id, fact.policy_id AS claim_policy_id, line.level_id, line.unsent, line.sent_on
              FROM fact
              JOIN (%(lines)s) line ON line.move_line_id = fact.move_line_id AND %(still)s
             WHERE fact.move_line_id IS NOT NULL
             UNION ALL
            SELECT fact.id, fact.policy_id AS claim_policy_id, line.level_id, line.unsent, line.sent_on
              FROM fact
              JOIN (%(lines)s) line ON line.instalment_id = fact.instalment_id AND %(still)s
             WHERE fact.instalment_id IS NOT NULL
            """,
            lines=self.env["recovery.notice"]._live_lines_sql(scope.timezone, scope.without_notices),
            still=self.env["recovery.notice"]._still_told_sql(SQL("fact.partner_id"), SQL("fact.date_due")),
        )

    def _step_history(self, scope) -> SQL:
        """Claims that were noticed: rank done in their policy, levels done, last day, anything unsent or no run's."""
        return SQL(
            """
            SELECT noticed.id,
                   MAX(place.rank) FILTER (WHERE place.policy_id = noticed.claim_policy_id) AS rank,
                   ARRAY_AGG(noticed.level_id) AS level_ids,
                   BOOL_OR(noticed.unsent) AS unsent,
                   BOOL_OR(noticed.level_id = ANY(%s::int[])) AS noticed_apart,
                   MAX(noticed.sent_on) AS sent_on
              FROM noticed
              LEFT JOIN place USING (level_id)
             GROUP BY noticed.id
            """,
            scope.levels_apart,
        )

    def _step_contact(self, scope) -> SQL:
        """Each debtor's contacts: notices sent or on their way, and those made by hand.

        Several of one day and channel are one contact.
        """
        return SQL(
            """
            SELECT partner_id, MAX(day) AS last_contact,
                   COUNT(DISTINCT (day, channel)) FILTER (WHERE day > %(date)s::date - %(window)s)
                       AS in_window
              FROM (
                %(notices)s
                 UNION ALL
                %(made)s
              ) contact
             GROUP BY partner_id
            """,
            date=scope.date,
            window=scope.company.recovery_contact_window_days,
            notices=self.env["recovery.notice"]._contacts_sql(
                scope.company, scope.timezone, scope.partner_ids, scope.without_notices
            ),
            made=self.env["recovery.contact"]._made_sql(scope.company, scope.partner_ids),
        )
