"""What waits for a person among solvency checks."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextActionCheck(models.AbstractModel):
    """A solvency check is computed and nobody has decided on it: the debtor's limit is still the old one."""

    _name = "recovery.next.action.solvency_check"
    _description = "Decide on a Solvency Check"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "solvency_check", 70, 0.2, "recovery.solvency.check"

    def _label(self):
        return self.env._("Decide on the solvency check")

    def _advice(self):
        return self.env._(
            "A solvency check waits for a decision. Look at its lines, then approve or change it."
        )

    @api.model
    def _rows(self, companies, _date):
        return SQL(
            """
            SELECT checked.partner_id, checked.company_id, checked.date AS since, checked.id AS res_id
              FROM recovery_solvency_check checked
             WHERE checked.company_id = ANY(%s) AND checked.state IN ('review', 'to_approve')
            """,
            companies.ids,
        )
