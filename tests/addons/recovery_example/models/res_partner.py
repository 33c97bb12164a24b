"""What the example's things are about."""

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_court = fields.Char(
        string="Before the court of",
        help="Court that the debtor's claims are before; nobody chases them then.",
    )
    recovery_folder = fields.Char(
        string="Folder of notices", help="Folder of the server that the debtor collects its notices from."
    )
