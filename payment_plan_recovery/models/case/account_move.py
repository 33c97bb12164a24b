"""Ways to a case: from claims, invoices, a debtor, notices."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_recovery_case(self):
        """Open a case over the open items of the invoices."""
        return self.env["recovery.case"]._open_action(self.commercial_partner_id, self._recovery_items())
