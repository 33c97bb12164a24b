"""Why a claim is chased or not: one class per reason, found by its code."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, format_date

#: The claim is to be chased.
SELECTED = "selected"
#: The item stands behind the instalments of a live plan.
IN_PLAN = "in_plan"


class Condition(NamedTuple):
    """When a reason is given: a step of the engine's statement, the place in it, SQL over its columns.

    ``stage`` names the step:

    * ``claim``: what is known of the claim alone (step ``reached``);
    * ``level``: its debtor's claims that reached the same level;
    * ``notice``: the notice that would carry it;
    * ``contact``: that notice among the other notices of its debtor.

    Inside a stage the condition of the lowest ``rank`` that holds gives the reason.
    """

    stage: str
    rank: int
    holds: SQL


class RecoveryDunningReason(models.AbstractModel):
    """Kind of the reasons. Each has a code, a label and the conditions under which it is given."""

    _name = "recovery.dunning.reason"
    _inherit = "recovery.kind"
    _description = "Dunning Reason"

    #: When the reason is given, at one or several places; none for a claim that is to be chased.
    _conditions: tuple[Condition, ...] = ()
    #: Kind of :class:`recovery.withheld` that a run writes down for the debtors it leaves out for this reason.
    _withheld_kind: str | None = None

    @api.model
    def _case(self, stage: str) -> SQL:
        """Return the first reason of ``stage`` whose condition holds, or NULL."""
        tried = [
            (condition, code)
            for code, reason in self._things().items()
            for condition in reason._conditions
            if condition.stage == stage
        ]
        tried.sort(key=lambda pair: pair[0].rank)
        branches = (SQL("WHEN %s THEN %s", condition.holds, code) for condition, code in tried)
        return SQL("CASE %s END", SQL(" ").join(branches))

    @api.model
    def _withheld_kinds(self) -> dict[str, str]:
        """Return {reason: kind of withheld contact} of the reasons that keep a debtor from being contacted."""
        return {
            code: reason._withheld_kind for code, reason in self._things().items() if reason._withheld_kind
        }

    @api.model
    def _explanation(self, row) -> str:
        """The reason in a ``row`` of the engine's statement as a sentence, with its level and day."""
        label = self._thing(row["reason"])._label()
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


class RecoveryDunningReasonSelected(models.AbstractModel):
    _name = "recovery.dunning.reason.selected"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: To Be Chased"

    _code = SELECTED
    _sequence = 0

    def _label(self):
        return self.env._("To be chased")


class RecoveryDunningReasonInPlan(models.AbstractModel):
    _name = "recovery.dunning.reason.in_plan"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: In a Plan"

    _code = IN_PLAN
    _sequence = 10
    _conditions = (Condition("claim", 10, SQL("in_plan")),)

    def _label(self):
        return self.env._("In a plan")


class RecoveryDunningReasonDoNotChase(models.AbstractModel):
    _name = "recovery.dunning.reason.do_not_chase"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Not to Be Chased"

    _code = "do_not_chase"
    _sequence = 20
    _conditions = (Condition("claim", 20, SQL("no_followup OR do_not_chase")),)

    def _label(self):
        return self.env._("Not to be chased")


class RecoveryDunningReasonOwnCompany(models.AbstractModel):
    """The debtor is a company of this database: it is chased only under a policy that somebody chose for it."""

    _name = "recovery.dunning.reason.own_company"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Company of Ours"

    _code = "own_company"
    _sequence = 25
    _conditions = (Condition("claim", 25, SQL("policy_id IS NULL AND is_ours")),)

    def _label(self):
        return self.env._("One of our companies")


class RecoveryDunningReasonNoPolicy(models.AbstractModel):
    _name = "recovery.dunning.reason.no_policy"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: No Policy"

    _code = "no_policy"
    _sequence = 30
    _conditions = (Condition("claim", 30, SQL("policy_id IS NULL")),)

    def _label(self):
        return self.env._("No policy")


class RecoveryDunningReasonOnHold(models.AbstractModel):
    _name = "recovery.dunning.reason.on_hold"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: On Hold"

    _code = "on_hold"
    _sequence = 40
    _conditions = (Condition("claim", 40, SQL("held")),)
    _withheld_kind = "hold"

    def _label(self):
        return self.env._("On hold")


class RecoveryDunningReasonPolicyError(models.AbstractModel):
    """A policy that cannot be applied at all, then a level that cannot be."""

    _name = "recovery.dunning.reason.policy_error"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Policy to Correct"

    _code = "policy_error"
    _sequence = 50
    _conditions = (
        Condition("claim", 50, SQL("policy_broken")),
        Condition("claim", 80, SQL("level_broken")),
    )

    def _label(self):
        return self.env._("Policy to correct")


class RecoveryDunningReasonPreviousNotSent(models.AbstractModel):
    """A notice is not sent yet, or the level waits for one that never was."""

    _name = "recovery.dunning.reason.previous_not_sent"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Previous Notice Not Sent"

    _code = "previous_not_sent"
    _sequence = 60
    _conditions = (
        Condition("claim", 60, SQL("unsent")),
        Condition("claim", 90, SQL("day_reached IS NULL")),
    )

    def _label(self):
        return self.env._("Previous notice not sent")


class RecoveryDunningReasonLastLevelDone(models.AbstractModel):
    _name = "recovery.dunning.reason.last_level_done"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Last Level Done"

    _code = "last_level_done"
    _sequence = 70
    _conditions = (Condition("claim", 70, SQL("level_id IS NULL")),)

    def _label(self):
        return self.env._("Last level done")


class RecoveryDunningReasonWaitingInterval(models.AbstractModel):
    """The days of the level since its previous notice, or those of the policy between any two."""

    _name = "recovery.dunning.reason.waiting_interval"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Waiting between Two Notices"

    _code = "waiting_interval"
    _sequence = 80
    _conditions = (
        Condition("claim", 100, SQL("day_reached > today AND waits_for_notice")),
        Condition("notice", 10, SQL("today - last_contact < min_interval_days")),
    )

    def _label(self):
        return self.env._("Waiting between two notices")


class RecoveryDunningReasonNotDue(models.AbstractModel):
    _name = "recovery.dunning.reason.not_due"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Not Due Yet"

    _code = "not_due"
    _sequence = 90
    _conditions = (Condition("claim", 110, SQL("day_reached > today")),)

    def _label(self):
        return self.env._("Not due yet")


class RecoveryDunningReasonOffsetByCredit(models.AbstractModel):
    _name = "recovery.dunning.reason.offset_by_credit"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Covered by Open Credits"

    _code = "offset_by_credit"
    _sequence = 100
    _conditions = (Condition("claim", 120, SQL("uncovered <= 0")),)

    def _label(self):
        return self.env._("Covered by open credits")


class RecoveryDunningReasonLetGo(models.AbstractModel):
    """What payments left of an invoice is below what the company asks for, or the discount that they earned."""

    _name = "recovery.dunning.reason.let_go"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Let Go"

    _code = "let_go"
    _sequence = 105
    _conditions = (Condition("claim", 130, SQL("is_let_go")),)

    def _label(self):
        return self.env._("Small residue, or discount earned")


class RecoveryDunningReasonBelowMinimum(models.AbstractModel):
    _name = "recovery.dunning.reason.below_minimum"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Below the Minimum"

    _code = "below_minimum"
    _sequence = 110
    _conditions = (
        Condition("level", 10, SQL("level_total < amount_min OR level_total * 100 < share_min * open_total")),
    )

    def _label(self):
        return self.env._("Below the minimum")


class RecoveryDunningReasonNoAddress(models.AbstractModel):
    _name = "recovery.dunning.reason.no_address"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: No Address"

    _code = "no_address"
    _sequence = 120
    _conditions = (Condition("notice", 20, SQL("channel IS NULL")),)
    _withheld_kind = "no_address"

    def _label(self):
        return self.env._("No address for any channel")


class RecoveryDunningReasonContactBudget(models.AbstractModel):
    _name = "recovery.dunning.reason.contact_budget"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Contact Budget"

    _code = "contact_budget"
    _sequence = 130
    _conditions = (Condition("contact", 10, SQL("contact_rank > contacts_left")),)
    _withheld_kind = "budget"

    def _label(self):
        return self.env._("Contact budget used up")
