from odoo import models

#: Documents that make a debtor owe. Credit notes lower what is owed and are never held up.
CREDIT_GIVING = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "recovery.credit.document"]

    _recovery_draft_idx = models.Index(
        "(commercial_partner_id) "
        "WHERE state = 'draft' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    def write(self, vals):
        # Posting, by whatever path, is this one write: ``_post`` makes it, and so would a direct call.
        if vals.get("state") != "posted":
            return super().write(vals)
        with self._credit_control():
            return super().write(vals)

    def _credit_documents(self):
        return self.filtered(
            lambda move: move.state != "posted" and move.move_type in CREDIT_GIVING and move.partner_id
        )

    def _credit_amount(self):
        return self.amount_total_signed
