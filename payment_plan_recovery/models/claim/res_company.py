"""What a company does about promises and small residues."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_confirm_promises = fields.Boolean(
        string="Confirm promises by e-mail",
        default=True,
        help="A debtor with an e-mail address is sent what was promised as soon as it is noted.",
        of_creditor=True,
    )
    recovery_residue_amount = fields.Monetary(
        string="Small residue",
        help="What payments leave of an invoice below this amount is neither chased nor priced; zero chases every "
        "cent. An invoice of which nothing was received is no residue, however small.",
        of_creditor=True,
    )
