"""From what was said or mailed back to the debtor."""

from odoo import models


class RecoveryContact(models.Model):
    _inherit = "recovery.contact"

    def action_write_again(self):
        """Write to the debtor again; a reply that waits is read with it."""
        self.ensure_one()
        action = self.partner_id.action_recovery_write()
        if self.has_unread_reply:
            action["context"]["default_answers_id"] = self.id
        return action
