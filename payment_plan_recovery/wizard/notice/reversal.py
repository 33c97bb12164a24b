"""Odoo's dialog that credits invoices: which ones it issues anew, and in place of which."""

from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        former = []
        action = super(AccountMoveReversal, self.with_context(recovery_reissued=former)).reverse_moves(
            is_modify
        )
        # Odoo makes them in the order in which it asks for what each of them begins with. Where another addon makes
        # them otherwise, nobody can say which is in place of which.
        anew = self.new_move_ids.sorted("id")
        if len(anew) == len(former):
            for before, move in zip(former, anew, strict=True):
                move.sudo().recovery_replaces_id = before  # sudo: no client writes it; this is what was done
        return action

    def _modify_default_reverse_values(self, origin_move):
        former = self.env.context.get("recovery_reissued")
        if isinstance(former, list):
            former.append(origin_move.id)
        return super()._modify_default_reverse_values(origin_move)
