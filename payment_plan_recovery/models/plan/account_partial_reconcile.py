from odoo import api, models

from ..claim.open_money_facts import MONEY_JOURNALS
from .ledger import Event


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    #: What is kept of journal items and follows what they receive; a room further down adds its own.
    _recovery_followers = ("recovery_item_ids",)

    @api.model_create_multi
    def create(self, vals_list):
        # Both sides' followers in one query each: the amounts that follow would look for them side by side.
        ids = {vals[side] for vals in vals_list for side in ("debit_move_id", "credit_move_id")}
        lines = self.env["account.move.line"].sudo().browse(ids)
        for name in self._recovery_followers:
            lines.mapped(name)
        debits = self.env["account.move.line"].browse(vals["debit_move_id"] for vals in vals_list)
        plans = debits._recovery_followed_plans()
        if not plans:
            return super().create(vals_list)
        paid = {plan: plan.amount_paid for plan in plans}
        partials = super().create(vals_list)
        partials._recovery_note_events(paid)
        return partials

    def unlink(self):
        plans = self and self.debit_move_id._recovery_followed_plans()
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
        elif credit.journal_id.type in MONEY_JOURNALS:
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
