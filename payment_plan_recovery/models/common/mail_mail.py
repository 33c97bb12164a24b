"""The mail that carries a message of a history."""

from odoo import api, models

from .guarded_fields import as_action


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Odoo completes the message that a mail carries (its subject, its references) when it writes the mail."""
        # Nobody but the system and Settings creates mails; the latter does not rewrite a history by it.
        mails = super(MailMail, as_action(self) if self.env.su else self).create(vals_list)
        return mails.with_env(self.env)
