"""Money that was received for a plan and waits to be matched: it is never asked for again, and a person matches it.

The kernel of open money says over which covered items it lies, ``recovery.plan.instalment`` over which instalments.
Only matching makes it the plan's: until then the plan is not late by it, and not complete by it either.
"""

from collections import defaultdict

from odoo import models
from odoo.tools.misc import formatLang

from .plan import LIVE_STATES

#: What a person has to do before anything else happens to the plan.
MATCH = "payment_plan_recovery.mail_activity_match_money"
#: States in which a plan is worse and worse off.
WORSE = ("active", "late", "in_default", "broken")


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _covered_instalments(self, date=None):
        """Return {instalment: what lies over it} of the plans on ``date``, by default each creditor's today."""
        covered = {}
        for today, plans in self.grouped(lambda plan: date or plan.company_id._recovery_today()).items():
            covered |= plans.instalment_ids._covered(today)
        return covered

    def _worse_off(self, states):
        """Return the plans that follow-up would bring to a worse state than theirs, or that are in default.

        :param states: {plan: the state that follows for it}
        """
        return self.filtered(
            lambda plan: (
                plan.state in WORSE
                and states.get(plan) in WORSE
                and (
                    WORSE.index(states[plan]) > WORSE.index(plan.state)
                    or states[plan] == plan.state == "in_default"
                )
            )
        )

    def _money_apart(self, date):
        """Return {plan: amounts as text} of the plans for which money may have come that lies over nothing.

        It waits in the bank's books for somebody to say what it is, or came in another currency.
        """
        apart = {}
        # sudo: only which companies belong together, a user may be in one branch
        for creditor, plans in self.grouped(lambda plan: plan.company_id.sudo().root_id).items():
            found = self.env["recovery.open.money"].of_debtors(plans.partner_id, creditor, date)
            for plan in plans:
                money = found.get(plan.partner_id)
                sums = [*money.suspense.items(), *money.elsewhere(plan.currency_id).items()] if money else ()
                if sums:
                    apart[plan] = " + ".join(
                        formatLang(self.env, amount, currency_obj=currency) for currency, amount in sums
                    )
        return apart

    def _ask_to_match(self, date, apart):
        """Have somebody match what was received: once while it waits, and no longer than it does.

        :param apart: {plan: amounts as text} of money that lies over nothing and keeps the plan where it is
        """
        notes = self._match_notes(date) | {
            plan: self.env._(
                "%s of the debtor waits in the bank's books, or came in another currency. Say what it is for: until "
                "then the plan gets no worse.",
                amounts,
            )
            for plan, amounts in apart.items()
        }
        to_match = self.env.ref(MATCH)
        activities = self.activity_ids.filtered(lambda activity: activity.activity_type_id == to_match)
        asked = self.browse(activities.mapped("res_id"))
        asked.filtered(lambda plan: plan not in notes).activity_unlink([MATCH])
        for plan, note in notes.items():
            if plan not in asked:
                plan.with_context(mail_activity_quick_update=True).activity_schedule(
                    MATCH,
                    date_deadline=date,
                    note=note,
                    user_id=self.env["ir.cron"]._recovery_person(plan).id,
                )

    def _match_notes(self, date):
        """Return {plan: what to match} of the plans in force for which money waits that is due by ``date``."""
        covered = self.filtered(lambda plan: plan.state in LIVE_STATES)._due_before(date)._covered(date)
        waiting = defaultdict(float)
        for row, amount in covered.items():
            waiting[row.plan_id] += amount
        earned = self.browse(plan.id for plan in waiting)._earned_amounts(date)
        return {
            plan: self.env._(
                "%(amount)s of the plan is settled by money that is not matched with the covered items, or by the "
                "discount for early payment that was earned (%(discount)s). Match the money and book the discount: the "
                "plan gets no worse meanwhile, but is complete only then.",
                amount=plan._money(amount),
                discount=plan._money(earned[plan]),
            )
            if plan in earned
            else self.env._(
                "%s received for the plan is not matched with the covered items. Match it: it counts as received "
                "meanwhile, but the plan is complete only by what is matched.",
                plan._money(amount),
            )
            for plan, amount in waiting.items()
        }
