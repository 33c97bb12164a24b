"""Mails that answered a debtor's own act and lay in Odoo's queue: what they say was true on another day."""

from datetime import timedelta

from odoo import api, fields, models

from ..common.company_words import in_words_of_company
from ..common.labelled import labelled

#: Days for which a mail that waits to go says what is true still: what is announced, promised, offered has its day.
GOOD_FOR_DAYS = 5


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Give up what was written to debtors long ago and never left, before the queue is gone through."""
        if not email_ids:
            self._recovery_give_up(self._recovery_overdue())
        return super().process_email_queue(email_ids=email_ids, batch_size=batch_size)

    @api.model
    def _recovery_overdue(self):
        """Return the mails of occasions that have lain in the queue, or since somebody put them there again."""
        bound = fields.Datetime.now() - timedelta(days=GOOD_FOR_DAYS)
        return self.search(
            [
                ("state", "=", "outgoing"),
                ("write_date", "<", bound),
                ("message_type", "=", "email_outgoing"),
                ("model", "=like", "recovery.%"),
                ("model", "!=", "recovery.notice"),  # the outbox knows itself what is to be sent still
                "|",
                ("scheduled_date", "=", False),
                ("scheduled_date", "<", bound),
            ]
        )

    @api.model
    def _recovery_give_up(self, mails):
        """Leave ``mails`` unsent; their histories show it, and whoever is responsible may write anew."""
        jobs = self.env["ir.cron"]
        for mail in mails:
            record = self.env[mail.model].browse(mail.res_id).exists() if mail.model in self.env else None
            words = in_words_of_company(record).env if record else self.env
            reason = words._(
                "It waited for more than %s days: what it says may be true no more.", GOOD_FOR_DAYS
            )
            mail.write({"state": "cancel", "failure_reason": reason})
            mail.mail_message_id.notification_ids.write(
                {"notification_status": "exception", "failure_type": "unknown", "failure_reason": reason}
            )
            if record:
                summary = words._("A mail to the debtor was not sent: write anew if it is needed still")
                jobs._recovery_ask_about(record, labelled(words, mail.subject, reason), summary)
