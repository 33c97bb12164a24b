"""Replies to what was mailed to a debtor: caught where the mail was, and nothing is asked until somebody read them."""

from datetime import timedelta

from odoo import Command, fields, models

from ..common.company_words import in_words_of_company
from .mail_thread import is_automatic_mail

#: Days within which a reply is to be read; what it is about stays held until it is, however long that takes.
READ_WITHIN = 3


class RecoveryAnswered(models.AbstractModel):
    """Records that are mailed to a debtor, with its ``partner_id``, ``company_id`` and ``user_id`` who answers."""

    _name = "recovery.answered"
    _description = "Answered by a Debtor"
    _inherit = ["recovery.guarded.fields", "mail.thread", "mail.activity.mixin"]

    answered_at = fields.Datetime(
        string="Answered",
        readonly=True,
        copy=False,
        protected=True,
        help="When the debtor last replied to a mail about it.",
    )
    has_unread_reply = fields.Boolean(
        string="Reply to read",
        readonly=True,
        copy=False,
        protected=True,
        help="The debtor replied by mail, and nobody has read it: what it is about is not chased meanwhile.",
    )
    reply_hold_id = fields.Many2one(
        "recovery.hold",
        string="Hold until it is read",
        readonly=True,
        copy=False,
        protected=True,
        ondelete="set null",
        help="Hold that keeps what the reply is about from being chased until somebody has read it.",
    )

    def _message_post_after_hook(self, message, msg_vals):
        """A mail from outside is a reply to be read, unless a machine wrote it; whoever answers it has read it."""
        result = super()._message_post_after_hook(message, msg_vals)
        ours = any(not user.share for user in message.author_id.user_ids)
        if message.message_type == "email" and not ours and not is_automatic_mail(self.env):
            # sudo: the mail gateway writes down what came, whoever it runs as
            self.sudo()._note_reply(message)
        elif (
            message.message_type == "comment"
            and ours
            and message.subtype_id == self.env.ref("mail.mt_comment")
        ):
            self.sudo()._reply_was_read()  # sudo: whoever may write to the debtor has read what it wrote
        return result

    def _note_reply(self, message):
        """Keep that the debtor replied, hold what the reply is about, and ask the person responsible to read it."""
        for record in self:
            worded = in_words_of_company(record)
            record.write({"answered_at": fields.Datetime.now(), "has_unread_reply": True})
            if not record.reply_hold_id:
                record.reply_hold_id = record._hold_for_reply(message)
            summary = worded.env._("Read the reply of %s", record.partner_id.display_name)
            if summary not in record.activity_ids.mapped("summary"):
                record.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=summary,
                    note=message.preview or message.subject or "",
                    user_id=self.env["ir.cron"]._recovery_person(record).id,
                )

    def _hold_for_reply(self, message):
        """Return a new hold on what the reply is about, empty when that is nothing that is owed."""
        holds, items = self.env["recovery.hold"], self._items_of_reply()
        if items is None:
            return holds
        today = self.company_id._recovery_today()
        return holds.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "kind": "reply",
                "date_from": today,
                "date_review": today + timedelta(days=READ_WITHIN),
                "reason": in_words_of_company(self).env._(
                    "Reply to read: %s", message.subject or self.display_name
                ),
                "user_id": self.user_id.id,
            }
        )

    def _items_of_reply(self):
        """Return the open items that a reply is about: none for everything the debtor owes, None for nothing."""
        return

    def _still_owed(self, items):
        """Return the open ones of ``items`` that the debtor still owes, None when there are none."""
        return (
            items.filtered(
                lambda item: not item.reconciled and item.partner_id.commercial_partner_id == self.partner_id
            )
            or None
        )

    def action_read_reply(self):
        """Say that the replies were read: what they are about may be chased again from tomorrow on."""
        self.check_access("write")
        self.sudo()._reply_was_read()  # sudo: protected from clients; the right to write was checked

    def _reply_was_read(self):
        for record in self.filtered("has_unread_reply"):
            summary = in_words_of_company(record).env._(
                "Read the reply of %s", record.partner_id.display_name
            )
            record.reply_hold_id._end_today()
            record.write({"has_unread_reply": False, "reply_hold_id": False})
            record.activity_ids.filtered(lambda one, summary=summary: one.summary == summary).action_done()
