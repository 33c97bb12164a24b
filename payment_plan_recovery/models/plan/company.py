from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_discount_account_id = fields.Many2one(
        "account.account",
        string="Account of plan discounts",
        check_company=True,
        help="Account of the discounts earned by paying a plan on time; "
        "leave empty for the invoices' own accounts.",
    )
