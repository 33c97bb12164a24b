"""What a message about an incentive may say."""

from markupsafe import Markup
from odoo import api, models


class RecoveryPlaceholderBenefits(models.AbstractModel):
    _name = "recovery.placeholder.benefits"
    _description = "{benefits}"
    _inherit = "recovery.placeholder"

    _code = "benefits"
    _sequence = 230
    _block = True

    @api.model
    def _label(self):
        return self.env._("List of what an incentive gives")

    @api.model
    def _value(self, content):
        lines = Markup().join(Markup("<li>%s</li>") % benefit for benefit in content.benefits)
        return Markup("<ul>%s</ul>") % lines if lines else ""
