"""First steps of the dunning statement: what is declared."""

from odoo import models
from odoo.tools import SQL


class RecoveryDunningDeclared(models.AbstractModel):
    """Steps of the dunning statement that lay out the policies and levels of its scope."""

    _name = "recovery.dunning.declared"
    _description = "Dunning Declared"

    def _step_policy(self, scope) -> SQL:
        policies = scope.policies
        return SQL(
            """
            SELECT *
              FROM unnest(%s::int[], %s::int[], %s::bool[], %s::bool[], %s::bool[], %s::int[], %s::int[],
                          %s::bool[])
                   AS p(id, position, do_not_chase, catch_up, by_debtor, min_interval_days, overdue_from, broken)
            """,
            policies.ids,
            list(range(len(policies))),
            policies.mapped("do_not_chase"),
            [policy.escalation == "catch_up" for policy in policies],
            [policy.grouping == "debtor" for policy in policies],
            policies.mapped("min_interval_days"),
            [policy._overdue_from() for policy in policies],
            [
                policy in scope.broken_filters or (not policy.do_not_chase and not policy.level_ids)
                for policy in policies
            ],
        )

    def _step_level(self, scope) -> SQL:
        levels = scope.levels
        return SQL(
            """
            SELECT *
              FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::bool[], %s::int[],
                          %s::numeric[], %s::numeric[], %s::bool[], %s::text[], %s::int[], %s::int[], %s::bool[])
                   AS l(id, policy_id, rank, trigger, waits_for_notice, delay_days, amount_min, share_min, broken,
                        pace, days_early, days_late, pace_people)
            """,
            levels.ids,
            [level.policy_id.id for level in levels],
            [scope.ranks[level] for level in levels],
            levels.mapped("trigger"),
            [level._trigger()._waits_for_notice for level in levels],
            levels.mapped("delay_days"),
            [str(level.amount_min) for level in levels],
            [str(level.share_min) for level in levels],
            [level in scope.problems for level in levels],
            [level.pace or None for level in levels],
            levels.mapped("days_early"),
            levels.mapped("days_late"),
            levels.mapped("pace_people"),
        )

    def _step_place(self, scope) -> SQL:
        """Where levels stand in their policy, archived ones too: these were reached, and are no more."""
        places = [(level.id, level.policy_id.id, rank) for level, rank in scope.ranks.items()]
        rows = "SELECT * FROM unnest(%s::int[], %s::int[], %s::int[]) AS p(level_id, policy_id, rank)"
        return SQL(rows, *([place[column] for place in places] for column in range(3)))
