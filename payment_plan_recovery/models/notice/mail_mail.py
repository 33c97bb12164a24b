"""The notices' mails in Odoo's own mail queue."""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Leave the notices' mails to the outbox, which knows whether they are still to be sent."""
        # sudo: whoever sends mails need not read notices
        notices = self.env["recovery.notice"].sudo().search([("mail_id", "in", self.ids)])
        return super(MailMail, self - notices.mail_id).send(auto_commit, raise_exception, post_send_callback)
