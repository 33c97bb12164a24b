"""What happens to covered items in the ledger otherwise than as agreed, told on their plans.

A credit note, a write-off, a payment far ahead of the schedule, money taken back: the
history of the plan says which item it was and what became of the instalments. What a
transaction did to a plan is told once, when it is committed.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from markupsafe import Markup
from odoo import api, models
from odoo.tools import format_date, format_list

from ..common.company_words import in_words_of_company
from ..common.kernel import exact

#: Where a transaction keeps what is to be told at its end.
PENDING = "payment_plan_recovery.plan_ledger"


class Event(NamedTuple):
    """One reconciliation of a covered item, made or undone; ``amount`` in the plan's currency."""

    kind: str  # "payment", "credit_note", "entry", "undone", or "before": undone, and of before the plan
    item: str
    amount: float
    date: Any
    move_id: int
    entry: Markup


class Noted(NamedTuple):
    """What a transaction did to covered items, to be told at its end."""

    made: list  # ids of reconciliations whose plans nobody has looked for yet
    by_plan: dict  # {plan's id: (what it had received before, [Event])}


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    @api.model
    def _noted(self):
        """Return what the transaction keeps for its end."""
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = Noted([], {})
            precommit.add(self.env["recovery.plan"].sudo()._tell_events)
        return precommit.data[PENDING]

    @api.model
    def _note_made(self, partials):
        """Keep reconciliations of items in plans for the end of the transaction: nothing is read for each."""
        self._noted().made.extend(partials.ids)

    @api.model
    def _note_undone(self, partials):
        """Keep what is about to be undone of followed plans for the end of the transaction."""
        # sudo: the history of a plan is written whoever reconciles, who may have no right to read it
        partials = partials.sudo()
        if not partials.debit_move_id.recovery_item_ids.filtered("is_followed"):
            return
        self._look_at_made()  # what is undone may have been made just before
        by_plan = self._noted().by_plan
        for partial in partials:
            item = partial.debit_move_id.recovery_item_ids.filtered("is_followed")[:1]
            if item:
                plan = item.plan_id
                _paid, events = by_plan.setdefault(plan.id, (plan.amount_paid, []))
                kind = "before" if partial.id <= item.partial_from else "undone"
                events.append(partial._recovery_event(kind))

    @api.model
    def _look_at_made(self):
        """See to which followed plans the reconciliations belong that were made since this was asked last.

        At the end of the transaction, and before items begin or cease to be followed: all together, in as many queries
        as for one.
        """
        noted = self.env.cr.precommit.data.get(PENDING)
        if not noted or not noted.made:
            return
        # sudo: as above
        partials = self.env["account.partial.reconcile"].sudo().browse(noted.made).exists()
        noted.made.clear()
        received, events = defaultdict(float), defaultdict(list)
        for partial in partials:
            for item in partial.debit_move_id.recovery_item_ids.filtered("is_followed")[:1]:
                received[item] += partial.debit_amount_currency
                events[item.plan_id].append(partial._recovery_event())
        for plan, mine in events.items():
            _paid, known = noted.by_plan.setdefault(plan.id, (plan._paid_without(received), []))
            known.extend(mine)

    def _paid_without(self, received):
        """Return what the plan would have received without ``received``: {item: amount matched with it}."""
        paid = 0.0
        for item in self.item_ids:
            if item in received:
                residual = item.move_line_id.amount_residual_currency + received[item]
                paid += max(item.amount_covered - residual, 0)
            else:
                paid += item.amount_paid
        return self.currency_id.round(paid)

    @api.model
    def _tell_events(self):
        """Write in the plans' history what the transaction did to them, but for instalments paid as agreed."""
        self._look_at_made()
        pending = self.env.cr.precommit.data.pop(PENDING, Noted([], {})).by_plan
        plans = self.browse(pending).exists()
        shares = self.env["recovery.plan.instalment"]._shares(
            {plan.id: exact(pending[plan.id][0], plan.currency_id) for plan in plans}
        )
        bodies = {}
        for plan in plans:
            _paid, events = pending[plan.id]
            plan._ask_about_beside(events)
            plan._ask_about_moved(events)
            news = [event for event in events if event.move_id not in plan.discount_move_ids.ids]
            if news and plan._is_news(news, shares[plan.id]):
                bodies[plan.id] = in_words_of_company(plan)._events_body(news, shares[plan.id])
        self.browse(bodies)._message_log_batch(bodies)

    def _is_news(self, events, shares):
        """Tell whether a plan's history has to say what happened.

        Payments are no news unless they reach beyond the instalment that comes next.
        """
        if any(event.kind != "payment" for event in events):
            return True
        date = max(event.date for event in events)
        due = sum(share.amount for share in shares if share.date_due <= date)
        coming = next((share.amount for share in shares if share.date_due > date), 0)
        return self.currency_id.compare_amounts(self.amount_paid, due + coming) > 0

    def _events_body(self, events, shares):
        lines = Markup().join(Markup("<li>%s</li>") % self._event_text(event) for event in events)
        return Markup("<ul>%s</ul><p>%s</p>") % (lines, self._effect_text(shares))

    def _event_text(self, event):
        figures = {"item": event.item, "amount": self._money(event.amount), "entry": event.entry}
        if event.kind == "payment":
            return self.env._("%(item)s: %(amount)s paid, not as scheduled, by %(entry)s.", **figures)
        if event.kind == "credit_note":
            return self.env._("%(item)s: %(amount)s less to pay, credited by %(entry)s.", **figures)
        if event.kind == "entry":
            return self.env._("%(item)s: %(amount)s less to pay, not by a payment: %(entry)s.", **figures)
        if event.kind == "before":
            return self.env._(
                "%(item)s: %(amount)s of %(entry)s, received before the plan, taken back: owed beside it.",
                **figures,
            )
        return self.env._("%(item)s: %(amount)s of %(entry)s taken back, to be paid again.", **figures)

    def _effect_text(self, shares):
        """Say what became of the instalments; ``shares``: what they would have received without it, see ``spread``."""
        changed = [self._instalment_text(share) for share in shares if share.received != share.asked]
        if not changed:
            return self.env._("The schedule stays as it was.")
        unpaid = [share for share in shares if share.received != share.amount]
        if not unpaid:
            return self.env._("Nothing remains to pay on the schedule.")
        following = min(unpaid, key=lambda share: share.date_due)
        return self.env._(
            "On the schedule: %(changed)s. Next to pay: %(amount)s on %(date)s.",
            changed=format_list(self.env, changed),
            amount=self._money(following.amount - following.received),
            date=format_date(self.env, following.date_due),
        )

    def _instalment_text(self, share):
        if share.received == share.amount:
            return self.env._("instalment %(number)s is paid", number=share.number)
        if not share.received:
            return self.env._("instalment %(number)s is unpaid again", number=share.number)
        return self.env._(
            "instalment %(number)s has %(paid)s of %(amount)s",
            number=share.number,
            paid=self._money(share.received),
            amount=self._money(share.amount),
        )
