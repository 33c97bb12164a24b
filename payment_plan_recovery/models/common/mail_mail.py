"""The mail that carries a message of a history."""

from odoo import api, models

from .guarded_fields import as_action


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        super()._compute_display_name()
        # sudo: which message a mail carries does not depend on who asks
        carrying = self.filtered(lambda mail: mail.sudo().mail_message_id)
        messages = self.env["mail.message"].browse(mail.mail_message_id.id for mail in carrying.sudo())
        messages._hide_subjects(carrying)

    @api.model_create_multi
    def create(self, vals_list):
        """Odoo completes the message that a mail carries (its subject, its references) when it writes the mail."""
        # Nobody but the system and Settings creates mails; the latter does not rewrite a history by it.
        mails = super(MailMail, as_action(self) if self.env.su else self).create(vals_list)
        return mails.with_env(self.env)
