from odoo import api, models

from ..plan.account_partial_reconcile import AccountPartialReconcile as OfPlans


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    _recovery_followers = (*OfPlans._recovery_followers, "recovery_case_line_ids")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        # sudo: whoever books need not read cases, which follow their claims at once: nobody is to be chased meanwhile
        by_entry = partials.sudo().filtered(
            lambda partial: (
                partial.debit_move_id.recovery_case_line_ids
                and partial.credit_move_id.move_id.move_type == "entry"
            )
        )
        by_entry.debit_move_id.recovery_case_line_ids.filtered("is_live").case_id._follow_moved()
        return partials
