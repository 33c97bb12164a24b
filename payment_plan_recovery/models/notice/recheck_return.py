"""What comes back: bounced mails, undelivered text messages, letters the post returns."""

from odoo import api, fields, models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    date_returned = fields.Datetime(
        string="Came back",
        readonly=True,
        copy=False,
        help="When a notice that had been sent came back; its claims do not escalate until it is sent again.",
    )

    def _came_back(self, reason):
        """Record that sent notices did not arrive: they count as failed, and a person is told."""
        self._bulk_write(
            {
                "state": "failed",
                "date_returned": fields.Datetime.now(),
                "failure_reason": self.env._("It came back: %s", reason),
            }
        )
        for notice in self:
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Find another way to reach %s", notice.partner_id.display_name),
                note=reason,
                user_id=notice.user_id.id or self.env.uid,
            )

    def _message_receive_bounce(self, email, partner):
        """Called by Odoo's mail gateway when a mail of the notice bounces."""
        result = super()._message_receive_bounce(email, partner)
        self.filtered(lambda notice: notice.state == "sent")._came_back(
            self.env._("the mail to %s could not be delivered", email)
        )
        return result

    @api.model
    def _queue_values(self):
        return {**super()._queue_values(), "date_returned": False}
