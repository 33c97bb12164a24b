"""What was booked beyond what is owed, given back by credit notes."""

from odoo import Command, models
from odoo.exceptions import UserError


class RecoveryChargeCredit(models.AbstractModel):
    _name = "recovery.charge.credit"
    _description = "Credit of Late Charges"

    def action_credit_excess(self):
        """Draft a credit note for each charge invoice that claims more than is owed, and open them.

        The credit notes give back the excess only. Raises UserError when none of the charges has any.
        """
        self.env["account.move"].check_access("create")
        charges = self.filtered(
            lambda charge: charge.state == "booked" and charge.excess and charge.invoice_id
        )
        if not charges:
            raise UserError(self.env._("None of these charges was booked beyond what is owed."))
        notes = self.env["account.move"]
        for invoice, credited in charges.grouped("invoice_id").items():
            notes |= credited._credit_note(invoice)
        # sudo: charges are written by what they go through; the right to make credit notes was checked
        charges.sudo().excess = 0.0
        return notes._recovery_listed(self.env._("Credit notes for late charges"))

    def _credit_note(self, invoice):
        """Draft the credit note that gives back the charges' excess on ``invoice``."""
        lines = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "name": charge.env._("Charged too much: %s", charge.display_name),
                    "quantity": 1,
                    "price_unit": charge.excess,
                    "account_id": line.account_id.id,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                    "recovery_charge_id": charge.id,
                }
            )
            for charge in self.with_context(lang=invoice.partner_id._recovery_lang(invoice.company_id))
            for line in charge.invoice_line_ids.filtered(lambda line: line.move_id == invoice)[:1]
        ]
        today = invoice.company_id._recovery_today()
        return (
            self.env["account.move"]
            .with_company(invoice.company_id)
            .create(
                {
                    "move_type": "out_refund",
                    "partner_id": invoice.partner_id.id,
                    "currency_id": invoice.currency_id.id,
                    "journal_id": invoice.journal_id.id,
                    "invoice_date": max(today, invoice.invoice_date),
                    "reversed_entry_id": invoice.id,
                    "ref": invoice.name,
                    "is_recovery_charge": True,
                    "invoice_line_ids": lines,
                }
            )
        )
