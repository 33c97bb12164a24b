"""What became of a notice: posting, delivery, a call's outcome, and what comes back."""

from odoo import fields, models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    mailing_id = fields.Many2one(
        "recovery.mailing",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The letters printed and posted together with this one.",
    )
    tracking_number = fields.Char(copy=False, help="Number of the registered letter, as the post gives it.")
    date_posted = fields.Date(string="Posted", copy=False, help="When the letter was handed to the post.")
    date_received = fields.Date(
        string="Received",
        copy=False,
        help="When the debtor signed for the registered letter, or it was presented.",
    )
    return_kind = fields.Selection(
        [
            ("unclaimed", "Unclaimed"),
            ("refused", "Refused"),
            ("unknown", "Not known at this address"),
        ],
        string="Returned as",
        copy=False,
        help="Why the post brought the letter back. A registered letter that was unclaimed or refused "
        "stays valid: it was presented at the debtor's address. One that found no addressee has to be "
        "sent again.",
    )
    sms_uuid = fields.Char(
        string="SMS", readonly=True, copy=False, index="btree_not_null", help="Identifies the text message."
    )
    date_delivered = fields.Datetime(
        string="Delivered",
        readonly=True,
        copy=False,
        help="When the debtor had it, as far as the carrier tells.",
    )
    call_outcome = fields.Text(readonly=True, copy=False, help="What came of the call.")
    date_returned = fields.Datetime(
        string="Came back",
        readonly=True,
        copy=False,
        help="When a notice that had been sent came back; its claims do not escalate until it is sent again.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("return_kind") == "unknown":
            self.filtered(lambda notice: notice.state == "sent")._came_back(
                self.env._("the addressee is not known at this address")
            )
        return result

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
