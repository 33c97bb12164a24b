"""What the debtor is written in an exchange leads to it: nobody has to look for where to answer."""

from odoo import models

#: Where the page of each lies on the debtor's account.
PATHS = {"recovery.dispute": "disputes", "recovery.request": "requests"}


class RecoveryExchange(models.AbstractModel):
    _inherit = "recovery.exchange"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Give the debtor and its contacts, whom Odoo gives no button, the way to the exchange by the debtor's link."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        # sudo: whoever writes to a debtor gives it its link; which contacts are the debtor's is no secret
        exchange = self.sudo()[:1]
        link = exchange.partner_id._recovery_portal_link(exchange.company_id) if exchange else None
        if not link:
            return groups
        debtor = exchange.partner_id.commercial_partner_id
        ours = debtor.search([("commercial_partner_id", "=", debtor.id), ("recovery_no_portal", "=", False)])
        known = set(ours.ids)
        way = {
            "url": f"{link._url()}/{PATHS[self._name]}/{exchange.id}",
            "title": self.env._("See it online and answer"),
        }
        group = {"active": True, "has_button_access": True, "button_access": way}
        return [["debtor", lambda to: to["type"] != "user" and to["id"] in known, group], *groups]
