"""What follows the entries and credit notes that are matched with what it is about; the room of plans asks."""

from odoo import models

from .open_money_facts import MONEY_JOURNALS


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _recovery_name_moved(self):
        """Let what was noted about claims go on where entries move them to: they are no more settled than paid."""
        # sudo: whoever books need not read what was noted
        entries = (
            self.sudo()
            .credit_move_id.filtered(lambda item: item.journal_id.type not in MONEY_JOURNALS)
            .move_id.filtered(lambda move: move.move_type == "entry")
        )
        goes_on = entries.line_ids.filtered(
            lambda line: line.balance > 0 and line.account_type == "asset_receivable" and not line.reconciled
        )
        moved = self.env["recovery.carried"]._origins(goes_on.ids) if goes_on else {}
        if moved:
            items = {goes_on.browse(item_id): before for item_id, before in moved.items()}
            self.env["recovery.named.items"]._name_moved(items)

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
