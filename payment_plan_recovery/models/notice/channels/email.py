"""E-mail: mails are written in a batch, then handed to the mail server one by one: see ``mail_handover``."""

from odoo import api, models
from odoo.tools import SQL

from ...common.channel import Obstacle
from ...common.guarded_fields import as_action


class RecoveryChannelEmail(models.AbstractModel):
    """A notice is sent when the mail server took its mail."""

    _name = "recovery.channel.email"
    _description = "E-mail channel"
    _inherit = "recovery.channel"

    _code = "email"
    _sequence = 10
    _batch_size = 200
    _quiet = ("electronic",)

    @api.model
    def _label(self):
        return self.env._("E-mail")

    @api.model
    def _reaches(self):
        return SQL(
            "contact.email_normalized <> ''"
            " AND debtor.recovery_no_email IS NOT TRUE AND contact.recovery_no_email IS NOT TRUE"
            " AND COALESCE(contact.message_bounce, 0) = 0"
            " AND NOT EXISTS (SELECT FROM mail_blacklist refused"
            " WHERE refused.email = contact.email_normalized AND refused.active)"
        )

    @api.model
    def _why_not(self, contact):
        if contact.recovery_no_email or contact.commercial_partner_id.recovery_no_email:
            return Obstacle("opt_out", self.env._("the debtor asked for no e-mail"))
        # of several addresses the first, which is also what a run's statement looks at
        if not contact.email_normalized:
            return Obstacle("no_address", self.env._("no valid e-mail address"))
        if contact.is_blacklisted:
            return Obstacle("blacklisted", self.env._("the address %s is on the blacklist", contact.email))
        if contact.message_bounce:
            return Obstacle("bounced", self.env._("mails to %s came back", contact.email))
        return None

    @api.model
    def _send(self, notices):
        """Write the mails of a batch; they are handed over once the batch is committed."""
        notices.filtered(lambda notice: notice._document()._goes_with_mails)._archive_documents()
        contents = notices._contents()
        messages = notices._messages()
        ready = notices._fail_wordless(messages)._fail_blank(messages)
        printed = ready._print_missing_invoices()
        values = [notice._mail_values(messages[notice], contents[notice.id], printed) for notice in ready]
        addresses = ready._reply_addresses()
        for notice, (kept, _outgoing) in zip(ready, values, strict=True):
            kept["reply_to"] = addresses[notice.id]
        # sudo: writing outgoing mails is the outbox's work, whoever queued the notices
        kept = self.env["mail.message"].sudo()._create_as_written([message for message, _mail in values])
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    dict(mail, mail_message_id=message.id)
                    for message, (_message, mail) in zip(kept, values, strict=True)
                ]
            )
        )
        for notice, mail in zip(ready, mails, strict=True):
            words = messages[notice]
            notice._bulk_write({"mail_id": mail.id, "message_ref": mail.message_id, "words_id": words.id})

    @api.model
    def _take_back(self, notices):
        """Take back the mails, with what they put into the history."""
        # sudo: the outbox removes what it has written itself, from the history too
        mails = as_action(notices.sudo()).mail_id
        if mails:
            prepared = notices.filtered(lambda notice: notice.sudo().mail_id)
            messages = mails.mail_message_id
            documents = messages.attachment_ids.filtered(lambda one: one.res_model == notices._name)
            prepared._bulk_write(
                {
                    "attachment_id": False,
                    "document_sha256": False,
                    "message_ref": False,
                    "words_id": False,
                }
            )
            mails.unlink()
            messages.unlink()
            documents.unlink()
