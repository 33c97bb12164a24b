from odoo import fields, models


class RecoveryDunningPolicy(models.Model):
    _inherit = "recovery.dunning.policy"

    # Runs choose policies by kind: the levels of this one are raised by the follow-up of plans alone.
    claim_kind = fields.Selection(selection_add=[("cure", "Plans in default")], ondelete={"cure": "set item"})
