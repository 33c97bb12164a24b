"""Replies to notices: where they come in, and what they are about."""

from odoo import models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    #: The worklist looks for what is to be read, among all that was ever sent.
    _unread_reply = models.Index("(company_id) WHERE has_unread_reply")

    def _items_of_reply(self):
        """Return what the notice asked for and is still open; everything the debtor owes, for instalments of a plan."""
        if self.line_ids.instalment_id:
            return self.line_ids.move_line_id.browse()
        return self._still_owed(self.line_ids.move_line_id)

    def _reply_addresses(self):
        """Return where each notice is replied to: {notice id: address}.

        The address that catches replies to everything, where the company has one: the reply is then filed with its
        notice. Else the person responsible.
        """
        if not self:
            return {}  # asked about nobody, Odoo would answer about a record to come
        return self._notify_get_reply_to_batch(
            defaults={notice.id: notice._reply_default() for notice in self},
            author_ids={notice.id: notice.company_id.partner_id.id for notice in self},
        )

    def _reply_default(self):
        sender = self.company_id.email_formatted or self.env.user.email_formatted
        return self.user_id.email_formatted or sender
