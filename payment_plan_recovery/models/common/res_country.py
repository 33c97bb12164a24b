"""What the law of a country says of last days, for whatever is owed or granted up to a day."""

from odoo import fields, models


class ResCountry(models.Model):
    _inherit = "res.country"

    recovery_next_working_day = fields.Boolean(
        string="Last days on working days",
        help="By its law, what has to be paid by a day off is paid in time on the next working day (DE BGB 193): a "
        "discount for early payment too, by the calendar of the creditor in that country. Elsewhere a day is a day "
        "(FR).",
    )
