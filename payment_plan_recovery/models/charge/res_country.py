"""On which accounts late charges are income in a country's chart, where their products name none."""

from odoo import api, fields, models


class ResCountry(models.Model):
    _inherit = "res.country"

    recovery_interest_account = fields.Char(
        string="Account of late interest",
        help="How the code of the account begins on which interest for late payment is income in the chart of accounts "
        "of this country (FR: 7631). The first such account is taken where the product names none.",
    )
    recovery_fee_account = fields.Char(
        string="Account of fixed sums",
        help="The same for fixed sums and costs of collection (FR: 758).",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["recovery.declared"]._forget_declared()  # whose rules hold there is remembered
        return super().create(vals_list)

    def write(self, vals):
        if "recovery_law_id" in vals:
            self.env["recovery.declared"]._forget_declared()
        return super().write(vals)
