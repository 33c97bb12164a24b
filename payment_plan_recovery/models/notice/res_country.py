"""Whether a registered letter that nobody collects has arrived, by the law of a country."""

from odoo import fields, models


class ResCountry(models.Model):
    _inherit = "res.country"

    recovery_collected_only = fields.Boolean(
        string="Unclaimed letters did not arrive",
        help="By its law, a registered letter that nobody collects from the post office did not arrive (DE BGB 130, "
        "BGH 26.11.1997, VIII ZR 22/97): a creditor of that country has to send it again in another way. Elsewhere it "
        "was presented, and counts as delivered (FR).",
    )
