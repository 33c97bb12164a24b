"""The SMS channel: texts go through Odoo's own SMS queue, whose answers come back to the notice."""

from odoo import fields, models

#: Answers of the SMS provider after which trying again may help.
TEMPORARY = {"server_error", "insufficient_credit"}


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    sms_uuid = fields.Char(
        string="SMS", readonly=True, copy=False, index="btree_not_null", help="Identifies the text message."
    )
    date_delivered = fields.Datetime(
        string="Delivered",
        readonly=True,
        copy=False,
        help="When the debtor had it, as far as the carrier tells.",
    )

    def _send_sms(self):
        """Queue the text messages of a batch; the provider's answer concludes them."""
        contents, messages = self._contents(), self._messages()
        values, texting = [], self.browse()
        for notice in self:
            text = messages[notice]._render("sms", contents[notice.id]) if notice in messages else ""
            number = notice.contact_id._phone_format(fname="phone")
            if not text or not number:
                notice._failed(notice._why_no_text(text), retry=False)
                continue
            texting += notice
            values.append({"body": text, "number": number, "partner_id": notice.contact_id.id})
        # sudo: outgoing texts and their trackers are the outbox's work, whoever queued the notices
        texts = self.env["sms.sms"].sudo().create(values)
        self.env["sms.tracker"].sudo().create(
            [
                {"sms_uuid": text.uuid, "recovery_notice_id": notice.id}
                for notice, text in zip(texting, texts, strict=True)
            ]
        )
        for notice, text in zip(texting, texts, strict=True):
            notice._bulk_write({"sms_uuid": text.uuid, "next_attempt": False})
        texting._message_log_batch(
            bodies={notice.id: text.body for notice, text in zip(texting, texts, strict=True)},
            message_type="sms",
        )

    def _why_no_text(self, text):
        if not text:
            return self.env._("No message of level “%s” has an SMS text.", self.level_id.name)
        return self.env._("%s is no valid telephone number.", self.contact_id.phone)

    def _withdraw(self, state):
        result = super()._withdraw(state)
        self._cancel_texts()
        return result

    def _queue_for_sending(self, at=None):
        self._cancel_texts()
        return super()._queue_for_sending(at)

    def _cancel_texts(self):
        """Take back the text messages that have not left."""
        uuids = [uuid for uuid in self.mapped("sms_uuid") if uuid]
        if uuids:
            # sudo: the outbox takes back what it has queued itself
            waiting = self.env["sms.sms"].sudo().search([("uuid", "in", uuids), ("state", "=", "outgoing")])
            waiting.action_set_canceled()
            self._bulk_write({"sms_uuid": False})


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _handle_call_result_hook(self, results):
        """Conclude the notices whose text the provider took or refused."""
        done = super()._handle_call_result_hook(results)
        # sudo: the answers of the provider are written whoever runs the queue
        notices = (
            self.env["recovery.notice"]
            .sudo()
            .search([("sms_uuid", "in", [result["uuid"] for result in results]), ("state", "=", "queued")])
        )
        by_uuid = {notice.sms_uuid: notice for notice in notices}
        for result in results:
            notice = by_uuid.get(result["uuid"])
            if not notice:
                continue
            if result["state"] in self.IAP_TO_SMS_STATE_SUCCESS:
                notice._sent(server_reply=result["state"])
                notice._trigger_sending()
            else:
                reason = result.get("failure_reason") or result["state"]
                notice._bulk_write({"sms_uuid": False})
                notice._failed(
                    self.env._("The text message was refused: %s", reason), retry=result["state"] in TEMPORARY
                )
        return done


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    recovery_notice_id = fields.Many2one(
        "recovery.notice", ondelete="cascade", index="btree_not_null", help="Notice the text message is of."
    )

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        if sms_state == "sent":  # what Odoo calls a text message that was delivered
            self.recovery_notice_id._bulk_write({"date_delivered": fields.Datetime.now()})
        return super()._action_update_from_sms_state(sms_state, failure_type, failure_reason)

    def _action_update_from_provider_error(self, provider_error):
        self.recovery_notice_id.filtered(lambda notice: notice.state == "sent")._came_back(provider_error)
        return super()._action_update_from_provider_error(provider_error)
