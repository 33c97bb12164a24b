"""Items that come to be owed by another debtor: an invoice was corrected, or somebody takes it over."""

from odoo import Command, api, models

from ..common.company_words import by_company
from ..common.debtor_change import DebtorChange
from ..common.guarded_fields import as_action
from .debtor_change import follow_with_holds

#: Kinds of holds that say what became of a debtor: no day ends that, and of whoever owes an item next they say nothing.
OF_DEBTOR = ("insolvency", "deceased", "guardianship")


class RecoveryGiven(models.AbstractModel):
    """Lets go along with items what is about them, and stay with its debtor what that one said."""

    _name = "recovery.given"
    _description = "Items Given to Another Debtor"

    @api.model
    def _follow(self, items):
        """Let go along what names posted ``items``, whoever owed them before.

        A hold goes where its items went. A promise is its debtor's word: it is for what that one owes still, or
        withdrawn. A dispute is answered where it was raised, and what it disputes is held until then.
        """
        items = items.filtered(
            lambda item: item.parent_state == "posted" and item.account_type == "asset_receivable"
        )
        for debtor, given in items.grouped(lambda item: item.partner_id.commercial_partner_id).items():
            if not debtor:
                continue
            named = [("move_line_ids", "in", given.ids), ("partner_id", "!=", debtor.id)]
            # sudo: whoever corrects an invoice need not read what was noted about it
            promises = self.env["recovery.promise"].sudo().search([*named, ("state", "=", "open")])
            for former, promised in promises.grouped("partner_id").items():
                self._narrow(promised, DebtorChange(former, debtor, given, whole=False, alone=False))
            holds = self.env["recovery.hold"].sudo().search(named)._go_on()
            for former, held in holds.grouped("partner_id").items():
                self._hold_there(held, DebtorChange(former, debtor, given, whole=False, alone=False))

    def _narrow(self, promises, change):
        """Ask of whoever promised only what it owes still."""
        for promise, named in promises._named_items().items():
            if left := named - change.items:
                as_action(promise).move_line_ids = [Command.set(left.ids)]
            else:
                as_action(promise).action_cancel()
        for _company, told in by_company(promises):
            told._message_log_batch(bodies=dict.fromkeys(told.ids, change.told(told.env)))

    def _hold_there(self, holds, change):
        """Hold the items of ``change`` where they are owed now."""
        of_debtor = holds.filtered(lambda hold: hold.kind in OF_DEBTOR)
        for hold in of_debtor:
            if left := hold.move_line_ids - change.items:
                hold.move_line_ids = left
            else:
                hold._lose_items()
        follow_with_holds(holds - of_debtor, change)


def held_for(dispute):
    """Return {debtor: items} that ``dispute`` holds, its own debtor first: another one may owe some by now."""
    owed = dispute._all_items().grouped(lambda item: item.partner_id.commercial_partner_id)
    owing = sorted(owed, key=lambda debtor: (debtor != dispute.partner_id, debtor.id))
    return {debtor or dispute.partner_id: owed[debtor] for debtor in owing}


def hold_disputed(dispute, told):
    """Hold what ``dispute`` (by sudo) is about where it is owed, and return the holds: one of each debtor.

    They are made or corrected, from the day on which they began; what it is about no more is held no longer.

    :param told: what each of the holds says
    """
    before = dispute.hold_id._with_parts()
    holds = before.browse()
    for debtor, items in held_for(dispute).items():
        says = {**told, "partner_id": debtor.id, "move_line_ids": [Command.set(items.ids)]}
        if hold := before.filtered(lambda hold, debtor=debtor: hold.partner_id == debtor)[:1]:
            hold.write({**says, "date_from": hold.date_from})
        else:
            hold = hold.create({**says, "part_of_id": dispute.hold_id.id})
        dispute.hold_id = dispute.hold_id or hold
        holds |= hold
    (before - holds).action_end()
    return holds
