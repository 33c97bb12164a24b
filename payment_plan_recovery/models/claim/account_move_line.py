from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recovery_level_id = fields.Many2one(
        "recovery.dunning.level",
        string="Next dunning level",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Level at which the item is chased next, whatever its delay, in place of the one that follows.",
    )
