"""Late charges are as old as what they are for, whenever an invoice claims them."""

from odoo import models


class RecoveryArose(models.AbstractModel):
    _inherit = "recovery.arose"

    def _days_of_charges(self, items):
        """Return {item id: day} of invoices of nothing but late charges: the day of the youngest claim they charge.

        Finding the days of items calls this.
        """
        days = {}
        billing = items.filtered("move_id.is_recovery_charge")
        invoices = billing.move_id._only_claims_charges()
        if not invoices:
            return days
        charges = self.env["recovery.charge"].sudo().search([("invoice_id", "in", invoices.ids)])
        arose = self._days(charges.move_line_id)
        for invoice, claimed in charges.grouped("invoice_id").items():
            youngest = max(arose[charge.move_line_id] for charge in claimed)
            days.update(dict.fromkeys((billing & invoice.line_ids).ids, youngest))
        return days
