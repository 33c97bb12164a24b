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
        link = content.debtor._recovery_portal_link_of(content)
        if link or not self.env.context.get("recovery_without_link"):
            return link._url() if link else ""
        # The words around it stand, and are compared: where a code is typed, without the code.
        is_shown = content.debtor._recovery_portal_allowed(content.company)
        return f"{content.company.get_base_url()}/r" if is_shown else ""
