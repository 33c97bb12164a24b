"""Odoo's dialog that credits invoices and issues them anew: what was agreed on them has to be agreed on again."""

from odoo import Command, models

from ...models.common.company_words import in_words_of_company
from ...models.common.guarded_fields import as_action
from ...models.plan.plan import LIVE_STATES

#: Days in which somebody agrees with the debtor again, before the new invoice is chased.
DAYS = 14


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def modify_moves(self):
        """Hold what is issued anew in place of what a plan covers: the debtor pays as agreed, and somebody asks.

        For the plan the credit note is one like any other: an agreement is not changed behind the debtor's back.
        """
        plans = plans_of(self.move_ids)
        action = super().modify_moves()
        for anew in self.new_move_ids.sudo():
            if plan := plans.get(anew.recovery_replaces_id):
                agree_again(as_action(plan), anew)
        return action


def plans_of(moves):
    """Return {invoice: plan in force that covers it} of ``moves``."""
    # sudo: an accountant who may not read plans must not have who keeps one chased
    covering = moves.env["recovery.plan.item"].sudo()
    covering = covering.search(
        [
            ("move_line_id.move_id", "in", moves.ids),
            ("is_live", "=", True),
            ("plan_id.state", "in", LIVE_STATES),
        ]
    )
    return {item.move_line_id.move_id: item.plan_id for item in covering}


def agree_again(plan, anew):
    """Hold the invoice ``anew``, and ask whoever follows up the ``plan`` to agree on it with the debtor (by sudo)."""
    today, words = plan.company_id._recovery_today(), in_words_of_company(plan)
    reason = words.env._(
        "%(former)s, which %(plan)s covers, was credited and is issued anew: agree with the debtor on the new invoice.",
        former=anew.recovery_replaces_id.name,
        plan=plan.name,
    )
    plan.env["recovery.hold"].create(
        {
            "partner_id": anew.commercial_partner_id.id,
            "company_id": anew.company_id.id,
            "kind": "negotiation",
            "date_from": today,
            "date_until": plan.company_id._recovery_day_in(DAYS),
            "reason": reason,
            "move_line_ids": [Command.set(anew._recovery_receivable_items().ids)],
        }
    )
    words._ask_person(reason, today)
