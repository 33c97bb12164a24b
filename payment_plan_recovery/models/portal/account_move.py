"""Invoices for which Odoo's own pages take no money: a plan covers them, they are being paid, or are declared."""

from odoo import models

from .plan import UNDER_WAY


class AccountMove(models.Model):
    _inherit = "account.move"

    def _has_to_be_paid(self):
        elsewhere = self._recovery_plan_in_force() or self._recovery_being_paid() or self._recovery_declared()
        return super()._has_to_be_paid() and not elsewhere

    def _get_online_payment_error(self):
        return "\n".join(filter(None, [super()._get_online_payment_error(), self._recovery_not_paid_here()]))

    def _recovery_not_paid_here(self):
        """Return why Odoo's page takes no money for the invoice, in words for who owes it; nothing where it does,
        or where nothing is left to pay.
        """
        if not self.amount_residual:
            return ""
        plan = self._recovery_plan_in_force()
        if plan:
            return self.env._("This invoice is paid by the instalments of %s.", plan.name)
        if self._recovery_being_paid():
            return self.env._("A payment of this invoice is under way.")
        if self._recovery_declared():
            return self.env._("This invoice is declared in insolvency proceedings: nothing is paid on it.")
        return ""

    def _recovery_plan_in_force(self):
        """Return the live plan that covers the invoice, if any."""
        # sudo: a customer on the portal has no right on plans, and learns only that there is one
        items = self.sudo().line_ids.recovery_item_ids
        return items.filtered("is_live").plan_id[:1]

    def _recovery_being_paid(self):
        """Return those of the invoices for which a payment of our pages is under way."""
        # sudo: a customer on the portal has no right on payments, and learns only that one is under way
        invoices = self.sudo()
        payments = invoices.env["payment.transaction"].search(
            [("recovery_item_ids", "in", invoices.line_ids.ids), ("state", "in", UNDER_WAY)]
        )
        return self & payments._recovery_under_way().recovery_item_ids.move_id

    def _recovery_declared(self):
        """Return those of the invoices that are declared to an insolvency."""
        # sudo: a customer on the portal has no right on holds, and learns only of its own insolvency
        items = self.sudo()._recovery_receivable_items()
        return self & items.env["recovery.hold"]._declared(items).move_id
