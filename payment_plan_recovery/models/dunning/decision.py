"""The dunning engine: from what is known of a claim to its one reason."""

from odoo import api, models
from odoo.tools import SQL

from .reason import SELECTED


class RecoveryDunningEngine(models.AbstractModel):
    """The dunning engine: one statement that gives every open claim its policy, level and reason.

    Facts, then decision: the first steps of the statement gather what is known of each claim, the steps
    after them try the reasons of ``recovery.dunning.reason`` in order. Proposal, run, counts and
    "why not?" all read this statement; asked about one debtor, it is the same statement over that
    debtor's claims. docs/engine.md tells how to add a trigger or a reason.
    """

    _name = "recovery.dunning.engine"
    _inherit = ["recovery.dunning.history", "recovery.dunning.reach"]
    _description = "Dunning Engine"

    @api.model
    def _statement(self, scope) -> SQL:
        """Query with one row per open claim of ``scope`` at its date, its single reason in column ``reason``.

        Columns: id, move_line_id, instalment_id, partner_id, policy_id, level_id, notice_level_id, channel,
        day_reached, date_due, currency_id, amount_residual, amount_company, reason. Amounts leave out what
        unmatched money covers, and what a hold on a part of the item disputes.
        """
        steps = (
            SQL("%s AS %s (%s)", SQL.identifier(name), SQL("MATERIALIZED") if name == "laid" else SQL(), step)
            for name, step in self._steps(scope).items()
        )
        return SQL("WITH %s SELECT * FROM judged", SQL(", ").join(steps))

    def _steps(self, scope) -> dict[str, SQL]:
        """The statement's steps by name, each reading the ones before."""
        return {
            "policy": self._step_policy(scope),
            "level": self._step_level(scope),
            "place": self._step_place(scope),
            "channel": self._step_channel(scope),
            "claim": self._step_claim(scope),
            "debtor": self._step_debtor(scope),
            "laid": self._step_laid(scope),
            "uncovered": self._step_uncovered(),
            "item_hold": self._step_item_hold(scope),
            "fact": self._step_fact(scope),
            "noticed": self._step_noticed(scope),
            "history": self._step_history(scope),
            "known": self._step_known(scope),
            "open_total": self._step_open_total(scope),
            "contact": self._step_contact(scope),
            "reached": self._step_reached(scope),
            "weighed": self._step_weighed(scope),
            "grouped": self._step_grouped(),
            "notice": self._step_notice(scope),
            "budgeted": self._step_budgeted(),
            "judged": self._step_judged(),
        }

    def _reason(self, stage) -> SQL:
        return self.env["recovery.dunning.reason"]._case(stage)

    def _day_reached(self, scope) -> SQL:
        """Day on which a claim (``known``) reaches ``level``; NULL for a trigger that no addon has any more."""
        days = (
            SQL("WHEN %s THEN %s", code, trigger._day_reached_sql())
            for code, trigger in self.env["recovery.trigger"]._things().items()
        )
        declared = SQL("CASE level.trigger %s END", SQL(" ").join(days))
        return self.env["recovery.pace"]._moved_sql(scope, declared)

    # ---------------------------------------------------------------------
    # The claim alone: which level is next, and on which day
    # ---------------------------------------------------------------------

    def _step_known(self, scope) -> SQL:
        """Claims with what their policy wants and how far they have come in it."""
        wanted = SQL("TRUE")
        if scope.policy_ids is not None:
            wanted = SQL("fact.policy_id = ANY(%s::int[])", scope.policy_ids)
        return SQL(
            """
            SELECT fact.*, policy.do_not_chase, policy.by_debtor, policy.catch_up,
                   CASE WHEN fact.date_due < %s THEN policy.overdue_from ELSE 1 END AS first_rank,
                   policy.broken AS policy_broken, history.rank AS rank_done, history.level_ids AS levels_done,
                   history.sent_on, COALESCE(history.unsent, FALSE) AS unsent,
                   COALESCE(history.noticed_apart, FALSE) AS noticed_apart%s
              FROM fact
              LEFT JOIN policy ON policy.id = fact.policy_id
              LEFT JOIN history ON history.id = fact.id
              %s
             WHERE %s
            """,
            scope.date,
            self.env["recovery.pace"]._columns_sql(scope),
            self.env["recovery.pace"]._joins_sql(scope),
            wanted,
        )

    def _step_reached(self, scope) -> SQL:
        """Claims with their next level, the day it is reached, and the reasons of the claim alone."""
        return SQL(
            """
            SELECT %(carried)s, reason, reason IS NULL AS goes_on
              FROM (
                SELECT *, %(reason)s AS reason
                  FROM (
                    SELECT known.*, %(date)s::date AS today, level.id AS level_id, level.rank,
                           level.waits_for_notice, level.amount_min, level.share_min, level.broken AS level_broken,
                           CASE WHEN level.id = known.chosen_level_id THEN %(date)s::date
                                ELSE %(day_reached)s
                           END AS day_reached
                      -- OFFSET 0: the rank is found once for a claim, not once for each level compared to it.
                      FROM (SELECT known.*, %(next_rank)s AS next_rank FROM known OFFSET 0) known
                      LEFT JOIN level ON level.policy_id = known.policy_id AND level.rank = known.next_rank
                  ) claim
              ) claim
            """,
            carried=SQL(", ").join(SQL.identifier(column) for column in self._carried()),
            date=scope.date,
            day_reached=self._day_reached(scope),
            next_rank=self._next_rank(scope),
            reason=self._reason("claim"),
        )

    def _carried(self) -> list[str]:
        """What the steps after the claim alone read of it: each column is kept for every claim at once."""
        return [
            *("id", "move_line_id", "instalment_id", "partner_id", "policy_id", "level_id", "rank"),
            *("by_debtor", "amount_min", "share_min", "day_reached", "date_due", "currency_id"),
            *("amount_residual", "amount_company"),
        ]

    def _next_rank(self, scope) -> SQL:
        """Rank of the next level of a claim (``known``) in its policy.

        Step by step it is the lowest one above those done that is meant for the claim; catching up, the
        highest one whose day has come, and one that waits for the previous notice is not jumped to. What is
        overdue gets no level any more that was to remind of the due date (``first_rank``).
        A level chosen by hand comes first while it is not done.
        """
        chosen = SQL(
            "level.id = known.chosen_level_id AND COALESCE(level.id <> ALL(known.levels_done), TRUE)"
        )
        return SQL(
            """
            CASE WHEN NOT known.catch_up AND known.unfit_levels = '{}' AND known.chosen_level_id IS NULL
                 THEN GREATEST(COALESCE(known.rank_done, 0) + 1, known.first_rank)
                 ELSE (
                   SELECT candidate.rank
                     FROM (
                       SELECT level.rank, COALESCE(%(chosen)s, FALSE) AS chosen,
                              known.catch_up AND %(day_reached)s <= %(date)s
                                  AND (NOT level.waits_for_notice
                                       OR level.rank = MIN(level.rank) OVER ())
                                  AS caught_up
                         FROM level
                        WHERE level.policy_id = known.policy_id
                          AND level.id <> ALL(known.unfit_levels)
                          AND (level.rank > COALESCE(known.rank_done, 0) AND level.rank >= known.first_rank
                               OR %(chosen)s)
                     ) candidate
                    ORDER BY candidate.chosen DESC,
                             CASE WHEN candidate.caught_up THEN candidate.rank END DESC NULLS LAST,
                             candidate.rank
                    LIMIT 1
                 )
            END
            """,
            chosen=chosen,
            day_reached=self._day_reached(scope),
            date=scope.date,
        )

    # ---------------------------------------------------------------------
    # The claims of a debtor together
    # ---------------------------------------------------------------------

    def _step_weighed(self, scope) -> SQL:
        """Claims that reached a level, with what their debtor owes at it and in all, in company currency."""
        return SQL(
            """
            SELECT *, early_reason IS NULL AS goes_further,
                   CASE WHEN early_reason IS NOT NULL THEN NULL WHEN by_debtor THEN 0 ELSE level_id END
                       AS group_key
              FROM (
                SELECT *, %s AS early_reason
                  FROM (SELECT reached.*, %s WHERE reached.goes_on) claim
              ) claim
            """,
            self._reason("level"),
            self._totals(scope),
        )

    def _step_open_total(self, scope) -> SQL:
        """Everything each debtor owes, in company currency; read only when a level asks for a share of it."""
        if not any(scope.levels.mapped("share_min")):
            return SQL("SELECT NULL::int AS partner_id, NULL::numeric AS amount WHERE FALSE")
        return SQL(
            "SELECT partner_id, SUM(amount_open) AS amount FROM fact WHERE NOT in_plan GROUP BY partner_id"
        )

    def _totals(self, scope) -> SQL:
        """What debtors owe at a level and in all, added up only when a level asks for a minimum."""
        if not any(level.amount_min > 0 or level.share_min > 0 for level in scope.levels):
            return SQL("NULL::numeric AS open_total, NULL::numeric AS level_total FROM reached")
        return SQL(
            """
            COALESCE(open_total.amount, 0) AS open_total, due.total AS level_total
              FROM reached
              LEFT JOIN open_total ON open_total.partner_id = reached.partner_id
              LEFT JOIN (
                SELECT partner_id, level_id, SUM(amount_company) AS total
                  FROM reached
                 WHERE goes_on
                 GROUP BY partner_id, level_id
              ) due ON due.partner_id = reached.partner_id AND due.level_id = reached.level_id
            """
        )

    # ---------------------------------------------------------------------
    # The notices that would be made
    # ---------------------------------------------------------------------

    def _step_grouped(self) -> SQL:
        """One notice per debtor and level, or one per debtor at the highest level."""
        return SQL(
            """
            SELECT *, (SELECT level.id FROM level WHERE level.policy_id = top.policy_id AND level.rank = top.rank)
                       AS level_id
              FROM (
                SELECT partner_id, policy_id, group_key, MAX(rank) AS rank
                  FROM weighed
                 WHERE goes_further
                 GROUP BY partner_id, policy_id, group_key
              ) top
            """
        )

    def _step_notice(self, scope) -> SQL:
        """The notices with their channel, and what keeps one from being made."""
        return SQL(
            """
            SELECT *, %(reason)s AS notice_reason
              FROM (
                SELECT grouped.*, %(date)s::date AS today, policy.position, policy.min_interval_days,
                       reach.channel, contact.last_contact, %(contacts_left)s AS contacts_left
                  FROM grouped
                  JOIN policy ON policy.id = grouped.policy_id
                  LEFT JOIN contact ON contact.partner_id = grouped.partner_id
                  LEFT JOIN (%(reach)s) reach
                    ON reach.partner_id = grouped.partner_id AND reach.level_id = grouped.level_id
              ) notice
            """,
            date=scope.date,
            contacts_left=self._contacts_left(scope),
            reach=self._reach("grouped"),
            reason=self._reason("notice"),
        )

    def _contacts_left(self, scope) -> SQL:
        """How many more contacts the company's budget allows the debtor on the date; NULL without limit."""
        company = scope.company
        maximum, gap = company.recovery_contact_max, company.recovery_contact_gap_days
        left = SQL("%s - COALESCE(contact.in_window, 0)", maximum) if maximum else SQL("NULL::bigint")
        if gap <= 0:
            return left
        return SQL(
            "CASE WHEN %(date)s::date - contact.last_contact < %(gap)s THEN 0 ELSE LEAST(%(left)s, 1) END",
            date=scope.date,
            gap=gap,
            left=left,
        )

    def _step_budgeted(self) -> SQL:
        """The notices in the order in which the contact budget is spent on them.

        Highest level first; each further channel is one more contact. A notice that is not made anyway
        spends nothing.
        """
        return SQL(
            """
            SELECT *, COALESCE(notice_reason, %s) AS reason
              FROM (
                SELECT *, DENSE_RANK() OVER (PARTITION BY partner_id, notice_reason ORDER BY channel_rank)
                       AS contact_rank
                  FROM (
                    SELECT *, MIN(notice_rank) OVER (PARTITION BY partner_id, notice_reason, channel)
                           AS channel_rank
                      FROM (
                        SELECT *, ROW_NUMBER() OVER (
                                   PARTITION BY partner_id, notice_reason ORDER BY rank DESC, position,
                                   level_id
                               ) AS notice_rank
                          FROM notice
                      ) numbered
                  ) ranked
              ) notice
            """,
            self._reason("contact"),
        )

    def _step_judged(self) -> SQL:
        """Every claim with its one reason.

        The full join finds no notice without claims; it is there because it can only be done by sorting or
        hashing. The planner cannot know how many notices there are, and must not try them one by one.
        """
        return SQL(
            """
            SELECT id, move_line_id, instalment_id, partner_id, policy_id, level_id,
                   NULL::int AS notice_level_id, NULL AS channel, day_reached, date_due, currency_id,
                   amount_residual, amount_company, reason
              FROM reached
             WHERE NOT goes_on
             UNION ALL
            SELECT claim.id, claim.move_line_id, claim.instalment_id, claim.partner_id, claim.policy_id,
                   claim.level_id, notice.level_id, notice.channel, claim.day_reached, claim.date_due,
                   claim.currency_id, claim.amount_residual, claim.amount_company,
                   COALESCE(claim.early_reason, notice.reason, %s)
              FROM weighed claim
              FULL JOIN budgeted notice
                ON notice.partner_id = claim.partner_id
               AND notice.policy_id = claim.policy_id
               AND notice.group_key = claim.group_key
            """,
            SELECTED,
        )
