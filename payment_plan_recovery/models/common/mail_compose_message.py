"""Mails that a person writes to several debtors at once."""

from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _prepare_mail_values(self, res_ids):
        """Odoo files these in the histories of our records with the system's rights: the user speaks in its own name.

        :raise AccessError: another author or sender is claimed, or a record is none that the user may read
        """
        prepared = super()._prepare_mail_values(res_ids)
        if not self.env.su:
            messages = self.env["mail.message"]
            about = {"message_type": "user_notification", "model": self.model}
            messages._check_is_read([{**about, "res_id": record_id} for record_id in prepared])
            for values in prepared.values():
                said = {name: values.get(name) for name in ("author_id", "email_from")}
                messages._check_own_words({"model": self.model, **said})
        return prepared
