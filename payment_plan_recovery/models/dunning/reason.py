"""Why a claim is chased or not: every reason in one place, in the order in which it is tried."""

from typing import NamedTuple

from odoo import models
from odoo.tools import SQL, format_date

#: The claim is to be chased.
SELECTED = "selected"
#: The item stands behind the instalments of a live plan.
IN_PLAN = "in_plan"


class Reason(NamedTuple):
    """One answer to "why is this claim not chased?".

    ``stage`` names the step of the engine's statement whose columns ``condition`` reads:

    * ``claim``: what is known of the claim alone (step ``reached``);
    * ``credit``: its debtor's claims in the same currency against the debtor's open credits;
    * ``level``: its debtor's claims that reached the same level;
    * ``notice``: the notice that would carry it;
    * ``contact``: that notice among the other notices of its debtor.
    """

    code: str
    label: str
    stage: str
    condition: SQL


class RecoveryDunningReason(models.AbstractModel):
    """The reasons. Another addon adds one by extending :meth:`_reasons`."""

    _name = "recovery.dunning.reason"
    _description = "Dunning Reason"

    def _reasons(self) -> list[Reason]:
        """Every reason not to chase a claim. Inside a stage the first whose condition holds is given."""
        return [
            Reason(IN_PLAN, self.env._("In a plan"), "claim", SQL("covered")),
            Reason(
                "do_not_chase", self.env._("Not to be chased"), "claim", SQL("no_followup OR do_not_chase")
            ),
            Reason("no_policy", self.env._("No policy"), "claim", SQL("policy_id IS NULL")),
            Reason("on_hold", self.env._("On hold"), "claim", SQL("held")),
            Reason("policy_error", self.env._("Policy to correct"), "claim", SQL("policy_broken")),
            Reason("previous_not_sent", self.env._("Previous notice not sent"), "claim", SQL("unsent")),
            Reason("last_level_done", self.env._("Last level done"), "claim", SQL("level_id IS NULL")),
            Reason("policy_error", self.env._("Policy to correct"), "claim", SQL("level_broken")),
            Reason(
                "previous_not_sent",
                self.env._("Previous notice not sent"),
                "claim",
                SQL("day_reached IS NULL"),
            ),
            Reason(
                "waiting_interval",
                self.env._("Waiting between two notices"),
                "claim",
                SQL("day_reached > today AND trigger = 'previous_notice'"),
            ),
            Reason("not_due", self.env._("Not due yet"), "claim", SQL("day_reached > today")),
            Reason(
                "offset_by_credit",
                self.env._("Covered by open credits"),
                "credit",
                SQL("credit >= due_total"),
            ),
            Reason(
                "below_minimum",
                self.env._("Below the minimum"),
                "level",
                SQL("level_total < amount_min OR level_total * 100 < share_min * open_total"),
            ),
            Reason(
                "waiting_interval",
                self.env._("Waiting between two notices"),
                "notice",
                SQL("today - last_contact < min_interval_days"),
            ),
            Reason("no_address", self.env._("No address for any channel"), "notice", SQL("channel IS NULL")),
            Reason(
                "contact_budget",
                self.env._("Contact budget used up"),
                "contact",
                SQL("contact_rank > contacts_left"),
            ),
        ]

    def _reason_selection(self) -> list[tuple[str, str]]:
        """Codes and labels of the reasons, for selection fields; ``selected`` first."""
        labels = {reason.code: reason.label for reason in self._reasons()}
        return [(SELECTED, self.env._("To be chased")), *labels.items()]

    def _explanation(self, row) -> str:
        """The reason in a ``row`` of the engine's statement as a sentence, with its level and day."""
        label = dict(self._reason_selection())[row["reason"]]
        level = self.env["recovery.dunning.level"].browse(row["notice_level_id"] or row["level_id"])
        if not level:
            return label
        if not row["day_reached"] or row["reason"] == SELECTED:
            return self.env._("%(reason)s (level: %(level)s)", reason=label, level=level.name)
        return self.env._(
            "%(reason)s (level: %(level)s, reached on %(day)s)",
            reason=label,
            level=level.name,
            day=format_date(self.env, row["day_reached"]),
        )

    def _reason_case(self, stage: str) -> SQL:
        """The first reason of ``stage`` whose condition holds, or NULL."""
        branches = [
            SQL("WHEN %s THEN %s", reason.condition, reason.code)
            for reason in self._reasons()
            if reason.stage == stage
        ]
        return SQL("CASE %s END", SQL(" ").join(branches))
