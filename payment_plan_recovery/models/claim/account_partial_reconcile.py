"""Which disputes follow the credit notes that are matched with what they are about; the room of plans asks."""

from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _recovery_disputes(self):
        """Return the open disputes about a part of what credit notes are matched with; payments are asked nothing."""
        # sudo: whoever matches a credit note need not read what is disputed
        credited = self.sudo().filtered(
            lambda partial: partial.credit_move_id.move_id.move_type == "out_refund"
        )
        disputes = credited.env["recovery.dispute"]
        if not credited:
            return disputes
        return disputes.search(
            [
                ("state", "=", "open"),
                ("amount", ">", 0),
                ("move_line_ids", "in", credited.debit_move_id.ids),
            ]
        )
