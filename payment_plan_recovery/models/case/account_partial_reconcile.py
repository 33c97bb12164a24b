from odoo import models

from ..claim.open_money_facts import MONEY_JOURNALS
from ..plan.account_partial_reconcile import AccountPartialReconcile as OfPlans


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    _recovery_followers = (*OfPlans._recovery_followers, "recovery_case_line_ids")

    def _recovery_moving_cases(self):
        """Return the running cases of which entries settle claims: they may go on elsewhere. Matching calls this."""
        # sudo: whoever books need not read cases, which follow their claims at once: nobody is to be chased meanwhile
        by_entry = self.sudo().filtered(
            lambda partial: (
                partial.debit_move_id.recovery_case_line_ids
                and partial.credit_move_id.journal_id.type not in MONEY_JOURNALS
                and partial.credit_move_id.move_id.move_type == "entry"
            )
        )
        return by_entry.debit_move_id.recovery_case_line_ids.filtered("is_live").case_id
