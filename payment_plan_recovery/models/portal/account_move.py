"""Invoices that a plan covers, or that are being paid on our pages: Odoo's own pages take no money for them."""

from odoo import models

from .plan import UNDER_WAY


class AccountMove(models.Model):
    _inherit = "account.move"

    def _has_to_be_paid(self):
        elsewhere = self._recovery_plan_in_force() or self._recovery_being_paid()
        return super()._has_to_be_paid() and not elsewhere and not self._recovery_is_declared()

    def _get_online_payment_error(self):
        error = super()._get_online_payment_error()
        plan = self._recovery_plan_in_force()
        if plan:
            reason = self.env._("This invoice is paid by the instalments of %s.", plan.name)
        elif self._recovery_being_paid():
            reason = self.env._("A payment of this invoice is under way.")
        elif self._recovery_is_declared():
            reason = self.env._("Nothing is paid here while an insolvency runs. Write to us.")
        else:
            return error
        return "\n".join(filter(None, [error, reason]))

    def _recovery_plan_in_force(self):
        """Return the live plan that covers the invoice, if any."""
        # sudo: a customer on the portal has no right on plans, and learns only that there is one
        items = self.sudo().line_ids.recovery_item_ids
        return items.filtered("is_live").plan_id[:1]

    def _recovery_is_declared(self):
        """Whether an insolvency takes in what is owed on the invoice."""
        # sudo: a customer on the portal has no right on holds, and learns only that it is not paid here
        invoice = self.sudo()
        creditor, items = invoice.company_id._recovery_creditor(), invoice._recovery_receivable_items()
        return bool(invoice.commercial_partner_id._portal_declared(creditor, items))

    def _recovery_being_paid(self):
        """Return those of the invoices for which a payment of our pages is under way."""
        # sudo: a customer on the portal has no right on payments, and learns only that one is under way
        invoices = self.sudo()
        payments = invoices.env["payment.transaction"].search(
            [("recovery_item_ids", "in", invoices.line_ids.ids), ("state", "in", UNDER_WAY)]
        )
        return self & payments._recovery_under_way().recovery_item_ids.move_id
