from odoo import api, models
from odoo.tools import SQL


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model
    def _recovery_followers_sql(self, ids):
        self.env["recovery.case.line"].flush_model(["move_line_id", "case_id"])
        return [
            *super()._recovery_followers_sql(ids),
            SQL(
                """
                SELECT 'account.move.line', 'recovery_case_line_ids', item.id,
                       ARRAY(SELECT id FROM recovery_case_line WHERE move_line_id = item.id
                              ORDER BY case_id, date_due, id)
                  FROM unnest(%s::int[]) item(id)
                """,
                ids,
            ),
        ]
