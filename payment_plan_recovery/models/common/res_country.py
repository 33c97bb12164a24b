"""Under whose law a country is, and what its law says of last days, for whatever is owed or granted up to a day."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCountry(models.Model):
    _inherit = "res.country"

    recovery_law_id = fields.Many2one(
        "res.country",
        string="Under the law of",
        index="btree_not_null",
        ondelete="restrict",
        help="Country whose law of payments holds here too, and to which nobody here is abroad: of the overseas "
        "departments, France (Constitution, article 73). What is declared for that country holds here, unless it is "
        "declared for this one by name.",
    )
    recovery_next_working_day = fields.Boolean(
        string="Last days on working days",
        help="By its law, what has to be paid by a day off is paid in time on the next working day (DE BGB 193): a "
        "discount for early payment too, by the calendar of the creditor in that country. Elsewhere a day is a day "
        "(FR).",
    )

    @api.constrains("recovery_law_id")
    def _check_law(self):
        for country in self:
            law = country.recovery_law_id
            under = law and self.search_count([("recovery_law_id", "=", country.id)], limit=1)
            if law and (law == country or law.recovery_law_id or under):
                raise ValidationError(
                    self.env._(
                        "%(law)s is under the law of another country itself, or %(country)s is a law to others: "
                        "choose the country whose law it is.",
                        law=law.name,
                        country=country.name,
                    )
                )

    def _recovery_law(self):
        """Return the country whose law holds in this one."""
        return self.recovery_law_id or self

    def _recovery_laws(self):
        """Return the countries of which what is declared holds in these: themselves, and those whose law it is."""
        return self | self.recovery_law_id
