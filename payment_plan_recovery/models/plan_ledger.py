"""What happens to covered items in the ledger otherwise than by a payment, told on their plans."""

from odoo import api, models
from odoo.tools.misc import formatLang

#: Journals that money comes in by.
MONEY = ("bank", "cash", "credit")


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # Both sides' plans in one query: the paid amounts that follow would look for them side by side.
        ids = {vals[side] for vals in vals_list for side in ("debit_move_id", "credit_move_id")}
        self.env["account.move.line"].sudo().browse(ids).mapped("recovery_item_ids")
        partials = super().create(vals_list)
        partials._recovery_followed().filtered(
            lambda partial: partial.credit_move_id.journal_id.type not in MONEY
        )._recovery_tell_plans(
            lambda env, amount, entry: env._(
                "%(amount)s less to pay, not by a payment: %(entry)s. It counts for the oldest instalments.",
                amount=amount,
                entry=entry,
            )
        )
        return partials

    def unlink(self):
        self._recovery_followed()._recovery_tell_plans(
            lambda env, amount, entry: env._(
                "%(amount)s taken back: %(entry)s is no longer set against a covered item.",
                amount=amount,
                entry=entry,
            )
        )
        return super().unlink()

    def _recovery_followed(self):
        """Return the reconciliations of items whose plan follows them."""
        # The history of a plan is written whoever reconciles, who may have no right to read it.
        return self.sudo().filtered(
            lambda partial: any(partial.debit_move_id.recovery_item_ids.mapped("is_followed"))
        )

    def _recovery_tell_plans(self, wording):
        """Write each reconciliation in the history of its plan, in the plan's currency."""
        bodies = {}
        for partial in self:
            plan = partial.debit_move_id.recovery_item_ids.filtered("is_followed").plan_id[:1]
            amount = formatLang(
                self.env, partial.debit_amount_currency, currency_obj=partial.debit_currency_id
            )
            entry = partial.credit_move_id.move_id._get_html_link()
            bodies.setdefault(plan, []).append(wording(self.env, amount, entry))
        for plan, texts in bodies.items():
            for text in texts:
                plan._message_log(body=text)
