from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # Both sides' cases in one query: what is still owed of them would be looked for side by side.
        ids = {vals[side] for vals in vals_list for side in ("debit_move_id", "credit_move_id")}
        self.env["account.move.line"].sudo().browse(ids).mapped("recovery_case_line_ids")
        return super().create(vals_list)
