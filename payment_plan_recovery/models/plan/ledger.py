"""What happens to covered items in the ledger otherwise than as agreed, told on their plans.

A credit note, a write-off, a payment far ahead of the schedule, money taken back: the
history of the plan says which item it was and what became of the instalments. What a
transaction did to a plan is told once, when it is committed.
"""

from typing import Any, NamedTuple

from markupsafe import Markup
from odoo import api, models
from odoo.tools import format_date, format_list

#: Where a transaction keeps what is to be told at its end.
PENDING = "payment_plan_recovery.plan_ledger"


class Event(NamedTuple):
    """One reconciliation of a covered item, made or undone; ``amount`` in the plan's currency."""

    kind: str  # "payment", "credit_note", "entry" or "undone"
    item: str
    amount: float
    date: Any
    move_id: int
    entry: Markup


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _note_event(self, event, paid):
        """Keep an event for the end of the transaction, before whose first one the plan had ``paid``."""
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self.env["recovery.plan"].sudo()._tell_events)
        _paid, events = precommit.data[PENDING].setdefault(self.id, (paid, []))
        events.append(event)

    @api.model
    def _tell_events(self):
        """Write in the plans' history what the transaction did to them, but for instalments paid as agreed."""
        pending = self.env.cr.precommit.data.pop(PENDING, {})
        bodies = {}
        for plan in self.browse(pending).exists():
            paid, events = pending[plan.id]
            news = [event for event in events if event.move_id not in plan.discount_move_ids.ids]
            if news and plan._is_news(news):
                bodies[plan.id] = plan._events_body(news, paid)
        self.browse(bodies)._message_log_batch(bodies)

    def _is_news(self, events):
        """Tell whether a plan's history has to say what happened.

        Payments are no news unless they reach beyond the instalment that comes next.
        """
        if any(event.kind != "payment" for event in events):
            return True
        date = max(event.date for event in events)
        rows = self.instalment_ids.sorted("number")
        due = sum(row.amount for row in rows if row.date_due <= date)
        coming = next((row.amount for row in rows if row.date_due > date), 0)
        return self.currency_id.compare_amounts(self.amount_paid, due + coming) > 0

    def _events_body(self, events, paid_before):
        lines = Markup().join(Markup("<li>%s</li>") % self._event_text(event) for event in events)
        return Markup("<ul>%s</ul><p>%s</p>") % (lines, self._effect_text(paid_before))

    def _event_text(self, event):
        figures = {"item": event.item, "amount": self._money(event.amount), "entry": event.entry}
        if event.kind == "payment":
            return self.env._("%(item)s: %(amount)s paid, not as scheduled, by %(entry)s.", **figures)
        if event.kind == "credit_note":
            return self.env._("%(item)s: %(amount)s less to pay, credited by %(entry)s.", **figures)
        if event.kind == "entry":
            return self.env._("%(item)s: %(amount)s less to pay, not by a payment: %(entry)s.", **figures)
        return self.env._("%(item)s: %(amount)s of %(entry)s taken back, to be paid again.", **figures)

    def _effect_text(self, paid_before):
        """Say what became of the instalments since the plan had received ``paid_before``."""
        before = self._paid_by_instalment(paid_before)
        changed = [
            self._instalment_text(row)
            for row in self.instalment_ids.sorted("number")
            if self.currency_id.compare_amounts(before.get(row, 0), row.amount_paid)
        ]
        if not changed:
            return self.env._("The schedule stays as it was.")
        following = self.instalment_ids.filtered("amount_residual").sorted("date_due")[:1]
        if not following:
            return self.env._("Nothing remains to pay on the schedule.")
        return self.env._(
            "On the schedule: %(changed)s. Next to pay: %(amount)s on %(date)s.",
            changed=format_list(self.env, changed),
            amount=self._money(following.amount_residual),
            date=format_date(self.env, following.date_due),
        )

    def _instalment_text(self, row):
        figures = {
            "number": row.number,
            "paid": self._money(row.amount_paid),
            "amount": self._money(row.amount),
        }
        if not row.amount_residual:
            return self.env._("instalment %(number)s is paid", **figures)
        if not row.amount_paid:
            return self.env._("instalment %(number)s is unpaid again", **figures)
        return self.env._("instalment %(number)s has %(paid)s of %(amount)s", **figures)
