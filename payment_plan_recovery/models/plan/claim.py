from odoo import models


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"
    # What the claim's view reads of plans, for the ORM to write out before a search or a read.
    _depends = {
        "recovery.plan.instalment": ["amount_residual", "date_due", "plan_id", "plan_state"],
        "recovery.plan.item": ["is_live", "move_line_id", "plan_id"],
    }
