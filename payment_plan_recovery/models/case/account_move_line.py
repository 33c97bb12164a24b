from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recovery_case_line_ids = fields.One2many(
        "recovery.case.line",
        "move_line_id",
        string="In cases",
        readonly=True,
        help="Cases with which the item left dunning, and those it came back from.",
    )
