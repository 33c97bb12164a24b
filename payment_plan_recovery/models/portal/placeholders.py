"""The debtor's link as a word of messages."""

from odoo import api, models


class RecoveryPlaceholderLink(models.AbstractModel):
    _name = "recovery.placeholder.link"
    _description = "{link}"
    _inherit = "recovery.placeholder"

    _code = "link"
    _sequence = 155

    @api.model
    def _label(self):
        return self.env._("Address of the debtor's account or plan online")

    @api.model
    def _value(self, content):
        link = content.debtor._recovery_portal_link(content.company, content.plan)
        return link._url() if link else ""
