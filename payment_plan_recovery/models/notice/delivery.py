"""What became of a notice: its delivery, a call's outcome, and what comes back."""

from odoo import fields, models
from odoo.tools.misc import format_date

from ..common.company_words import by_company, in_words_of_company

#: Channels whose notices the post carries.
PAPER = ("letter", "registered")


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    date_received = fields.Date(
        string="Received",
        readonly=True,
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
        readonly=True,
        copy=False,
        help="Why the post brought the letter back. A registered letter that was unclaimed or refused "
        "stays valid: it was presented at the debtor's address. One that found no addressee has to be "
        "sent again, and so has one that nobody collected where the creditor's country says so (DE).",
    )
    sms_uuid = fields.Char(
        string="SMS", readonly=True, copy=False, index="btree_not_null", help="Identifies the text message."
    )
    date_delivered = fields.Datetime(
        string="Delivered",
        readonly=True,
        copy=False,
        help="When the debtor had it, as far as the carrier tells, or it was presented.",
    )
    call_outcome = fields.Text(readonly=True, copy=False, help="What came of the call.")
    date_returned = fields.Datetime(
        string="Came back",
        readonly=True,
        copy=False,
        help="When a notice that had been sent came back; its claims do not escalate until it is sent again.",
    )

    def action_open_delivery(self):
        """Ask what became of posted letters."""
        self._require_posted()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delivery"),
            "res_model": "recovery.notice.delivery",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_ids": self.ids, "default_date": self._today_at_most()},
        }

    def action_note_delivery(self, date=None, return_kind=False):
        """Record the delivery of posted letters, or why the post brought them back.

        What was unclaimed or refused was presented, and counts as delivered; what found no addressee did not
        arrive, and has to be sent again. What was unclaimed did not arrive either where the law of the creditor's
        country says so (``recovery_collected_only``).

        :param date: day of receipt or presentation, today without one
        :param return_kind: why it came back, nothing when the debtor had it
        :raise UserError: one of them was not posted, or the day is not between its posting and today
        """
        self.check_access("write")
        self._require_posted()
        for company, notices in by_company(self):
            today = company._recovery_today()
            day = fields.Date.to_date(date) or today
            notices._require_delivered_by_then(day, today)
            if reason := notices._why_not_arrived(return_kind):
                notices._bulk_write(
                    {"return_kind": return_kind, "date_received": False, "date_delivered": False}
                )
                notices._came_back(reason)
                continue
            notices._bulk_write(
                {
                    "date_received": day,
                    "date_delivered": company._recovery_noon(day),
                    "return_kind": return_kind,
                }
            )
            closed = company._recovery_closed_days(day)
            for notice in notices.filtered("counts_from_delivery"):
                notice._bulk_write({"date_deadline": notice._deadline_from(day, closed)})
            notices._log_delivery(day, return_kind)

    def _why_not_arrived(self, return_kind):
        """Return why letters of one company that the post brought back did not arrive, nothing if they did."""
        if return_kind == "unknown":
            return self.env._("the addressee is not known at this address")
        if return_kind == "unclaimed" and self._is_collected_only():
            return self.env._("nobody collected it, so that by law it did not arrive")
        return ""

    def _is_collected_only(self):
        return self.company_id._recovery_country()._recovery_law().recovery_collected_only

    def _require_posted(self):
        self._require(
            self.filtered(lambda notice: notice.state == "sent" and notice.channel in PAPER),
            self.env._("Choose letters that were posted."),
        )

    def _require_delivered_by_then(self, day, today):
        self._require(
            self.filtered(lambda notice: notice.date <= day <= today),
            self.env._("A letter is delivered on the day it was posted or later, and not after today."),
        )

    def _log_delivery(self, day, return_kind):
        kinds = dict(self._fields["return_kind"]._description_selection(self.env))
        what = kinds[return_kind] if return_kind else self.env._("Received")
        text = self.env._("%(what)s on %(day)s", what=what, day=format_date(self.env, day))
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    def _came_back(self, reason):
        """Record that sent notices did not arrive: they count as failed, no day runs, and a person is told."""
        for _company, notices in by_company(self):
            notices._bulk_write(
                {
                    "state": "failed",
                    "date_returned": fields.Datetime.now(),
                    "date_deadline": False,
                    "failure_reason": notices.env._("It came back: %s", reason),
                }
            )
        for notice in self:
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=in_words_of_company(notice).env._(
                    "Find another way to reach %s", notice.partner_id.display_name
                ),
                note=reason,
                user_id=notice.user_id.id or self.env.uid,
            )

    def _keep_earlier_try(self):
        """Tell the history what is known of letters that were posted, before they are written anew.

        The document that went stays in the file, and is not the one of the next try.
        """
        tried = self.filtered("date_posted")
        for _company, notices in by_company(tried):
            notices._message_log_batch(bodies={notice.id: notice._earlier_try_text() for notice in notices})
        tried._bulk_write(
            {"attachment_id": False, "document_sha256": False, "mailing_id": False, "posted_to": False}
        )
        tried.activity_unlink(["mail.mail_activity_data_todo"])

    def _earlier_try_text(self):
        kinds = dict(self._fields["return_kind"]._description_selection(self.env))
        return self.env._(
            "Sent anew. Tried before: %s",
            ", ".join(
                [
                    *(self.posted_to or "").splitlines(),
                    self._posted_text(),
                    *([kinds[self.return_kind]] if self.return_kind else []),
                    *([f"SHA-256 {self.document_sha256}"] if self.document_sha256 else []),
                ]
            ),
        )

    def _message_receive_bounce(self, email, partner):
        """Called by Odoo's mail gateway when a mail of the notice bounces."""
        result = super()._message_receive_bounce(email, partner)
        for _company, notices in by_company(self.filtered(lambda notice: notice.state == "sent")):
            notices._came_back(notices.env._("the mail to %s could not be delivered", email))
        return result
