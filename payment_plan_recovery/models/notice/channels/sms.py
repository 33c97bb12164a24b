"""Text messages: they go through Odoo's own SMS queue, whose answers come back to the notice."""

from odoo import api, models
from odoo.tools import SQL

from ...common.channel import Obstacle

#: What is not in the alphabet of text messages and reads the same without: one of them and a part holds 70 characters
#: instead of 160.
PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2019": "'"})


class RecoveryChannelSms(models.AbstractModel):
    """A notice is sent when the provider took its text: see ``sms_sms``."""

    _name = "recovery.channel.sms"
    _description = "SMS channel"
    _inherit = "recovery.channel"

    _code = "sms"
    _sequence = 20
    _batch_size = 200
    _quiet = ("spoken", "electronic")

    @api.model
    def _label(self):
        return self.env._("SMS")

    @api.model
    def _reaches(self):
        return SQL(
            "contact.phone <> '' AND debtor.recovery_representative_id IS NULL"
            " AND debtor.recovery_no_sms IS NOT TRUE AND contact.recovery_no_sms IS NOT TRUE"
        )

    @api.model
    def _why_not(self, contact):
        if contact.recovery_no_sms or contact.commercial_partner_id.recovery_no_sms:
            return Obstacle("opt_out", self.env._("the debtor asked for no text message"))
        # sudo: as the debtor is declared, whoever sends
        if contact.commercial_partner_id.sudo().recovery_representative_id:
            return Obstacle("opt_out", self.env._("the debtor is represented: no text message goes"))
        if not contact.phone:
            return Obstacle("no_address", self.env._("no telephone number"))
        return None

    @api.model
    def _send(self, notices):
        """Queue the text messages of a batch; the provider's answer concludes them."""
        contents, messages = notices._contents(), notices._messages()
        values, texting = [], notices.browse()
        for notice in notices:
            text = self._text(messages[notice], contents[notice.id]) if notice in messages else ""
            number = notice.contact_id._recovery_text_number(notice.company_id)
            if not text or not number:
                notice._failed(self._why_no_text(notice, text), retry=False)
                continue
            texting += notice
            values.append({"body": text, "number": number, "partner_id": notice.contact_id.id})
        # sudo: outgoing texts and their trackers are the outbox's work, whoever queued the notices
        texts = self.env["sms.sms"].sudo().create(values)
        pairs = list(zip(texting, texts, strict=True))
        self.env["sms.tracker"].sudo().create(
            [{"sms_uuid": text.uuid, "recovery_notice_id": notice.id} for notice, text in pairs]
        )
        for notice, text in pairs:
            notice._bulk_write({"sms_uuid": text.uuid, "next_attempt": False})
        texting._message_log_batch(
            bodies={notice.id: text.body for notice, text in pairs}, message_type="sms"
        )

    @api.model
    def _text(self, message, content):
        """Return the text of a message, with the address of the debtor's account where it may be opened online."""
        text = message._render("sms", content).translate(PLAIN)
        link = self.env["recovery.placeholder"]._fill("{link}", content)
        return f"{text} {link}" if text and link and link not in text else text

    @api.model
    def _why_no_text(self, notice, text):
        if not text:
            return self.env._("No message of level “%s” has an SMS text.", notice.level_id.name)
        return self.env._("%s is no valid telephone number.", notice.contact_id.phone)

    @api.model
    def _take_back(self, notices):
        """Take back the text messages that have not left."""
        uuids = [uuid for uuid in notices.mapped("sms_uuid") if uuid]
        if uuids:
            # sudo: the outbox takes back what it has queued itself
            waiting = self.env["sms.sms"].sudo().search([("uuid", "in", uuids), ("state", "=", "outgoing")])
            waiting.action_set_canceled()
            notices._bulk_write({"sms_uuid": False})
