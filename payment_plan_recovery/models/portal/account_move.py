"""Invoices that a plan covers are paid by its instalments: Odoo's own pages do not take money for them."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self._recovery_plan_in_force()

    def _get_online_payment_error(self):
        error = super()._get_online_payment_error()
        plan = self._recovery_plan_in_force()
        if not plan:
            return error
        reason = self.env._("This invoice is paid by the instalments of %s.", plan.name)
        return "\n".join(filter(None, [error, reason]))

    def _recovery_plan_in_force(self):
        """Return the live plan that covers the invoice, if any."""
        # sudo: a customer on the portal has no right on plans, and learns only that there is one
        items = self.sudo().line_ids.recovery_item_ids
        return items.filtered("is_live").plan_id[:1]
