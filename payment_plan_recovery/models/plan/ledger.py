"""What happens to covered items in the ledger otherwise than as agreed, told on their plans.

A credit note, a write-off, a payment far ahead of the schedule, money taken back: the
history of the plan says which item it was and what became of the instalments. What a
transaction did to a plan is told once, when it is committed.
"""

from typing import Any, NamedTuple

from markupsafe import Markup
from odoo import api, models
from odoo.tools import format_date, format_list

#: Journals that money comes in by.
MONEY = ("bank", "cash", "credit")
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


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # Both sides' plans in one query: the paid amounts that follow would look for them side by side.
        ids = {vals[side] for vals in vals_list for side in ("debit_move_id", "credit_move_id")}
        self.env["account.move.line"].sudo().browse(ids).mapped("recovery_item_ids")
        debits = self.env["account.move.line"].browse(vals["debit_move_id"] for vals in vals_list)
        plans = debits._recovery_followed_plans()
        if not plans:
            return super().create(vals_list)
        paid = {plan: plan.amount_paid for plan in plans}
        partials = super().create(vals_list)
        partials._recovery_note_events(paid)
        return partials

    def unlink(self):
        plans = self.debit_move_id._recovery_followed_plans()
        if plans:
            self._recovery_note_events({plan: plan.amount_paid for plan in plans}, undone=True)
        return super().unlink()

    def _recovery_note_events(self, paid, undone=False):
        """Note what was done to covered items, to be told when the transaction ends.

        ``paid`` is what each plan had received before: {plan: amount}.
        """
        # The history of a plan is written whoever reconciles, who may have no right to read it.
        for partial in self.sudo():
            plan = partial.debit_move_id._recovery_followed_plans()[:1]
            if plan in paid:
                plan._note_event(partial._recovery_event(undone), paid[plan])

    def _recovery_event(self, undone):
        credit = self.credit_move_id
        if undone:
            kind = "undone"
        elif credit.journal_id.type in MONEY:
            kind = "payment"
        else:
            kind = "credit_note" if credit.move_id.move_type == "out_refund" else "entry"
        return Event(
            kind,
            self.debit_move_id._recovery_number(),
            self.debit_amount_currency,
            credit.date,
            credit.move_id.id,
            credit.move_id._get_html_link(),
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _recovery_followed_plans(self):
        """Return the plans that count what these items receive."""
        # Whoever reconciles may have no right to read plans: nothing of them is shown to him.
        return self.sudo().recovery_item_ids.filtered("is_followed").plan_id


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
            news = [event for event in events if event.move_id != plan.discount_move_id.id]
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
        before, after = self._paid_by_instalment(paid_before), self._paid_by_instalment()
        changed = [
            self._instalment_text(row)
            for row in self.instalment_ids.sorted("number")
            if self.currency_id.compare_amounts(before.get(row, 0), after.get(row, 0))
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
