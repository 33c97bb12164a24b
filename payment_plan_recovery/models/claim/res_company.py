"""What a company does about promises."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_confirm_promises = fields.Boolean(
        string="Confirm promises by e-mail",
        default=True,
        help="A debtor with an e-mail address is sent what was promised as soon as it is noted.",
    )
