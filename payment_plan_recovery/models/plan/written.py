"""What is written about debtors in plans."""

from odoo import models
from odoo.tools import SQL


class RecoveryWrittenPlan(models.AbstractModel):
    """Plans, what they cover and their instalments."""

    _name = "recovery.written.plan"
    _inherit = "recovery.written"
    _description = "Facts Written: Plans"

    _code = "plan"

    def _partners(self, newer):
        return SQL(
            "SELECT plan.partner_id FROM recovery_plan plan WHERE %s"
            " UNION ALL SELECT plan.partner_id FROM recovery_plan_item covered"
            " JOIN recovery_plan plan ON plan.id = covered.plan_id WHERE %s"
            " UNION ALL SELECT plan.partner_id FROM recovery_plan_instalment instalment"
            " JOIN recovery_plan plan ON plan.id = instalment.plan_id WHERE %s",
            newer("plan"),
            newer("covered"),
            newer("instalment"),
        )
