"""Mails that a person writes to several debtors at once."""

from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _prepare_mail_values(self, res_ids):
        """Odoo files these in the histories of our records with the system's rights: the user speaks in its own name.

        :raise AccessError: another author or sender is claimed
        """
        prepared = super()._prepare_mail_values(res_ids)
        if not self.env.su:
            for values in prepared.values():
                said = {name: values.get(name) for name in ("author_id", "email_from")}
                self.env["mail.message"]._check_own_words({"model": self.model, **said})
        return prepared
