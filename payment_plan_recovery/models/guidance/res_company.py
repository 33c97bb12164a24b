"""What a company tells its sales people."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_sales_digest = fields.Boolean(
        string="Tell sales people who pays late",
        help="Once a week each sales person is mailed which of its customers are late, with how much and for how "
        "long: amounts and days, nothing of credit or of what was said.",
        of_creditor=True,
    )
