"""The SMS provider's answers conclude the notices whose texts it took or refused."""

from datetime import timedelta

from odoo import models

from ..common.company_words import in_words_of_company
from .mail_turns import GOOD_FOR

#: Answers of the SMS provider after which trying again may help.
TEMPORARY = {"server_error", "insufficient_credit"}


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _send(self, *args, **options):
        """Send what says what is true still: texts of notices that waited long are looked at again before."""
        written = self.env.cr.now() - timedelta(minutes=GOOD_FOR)
        old = {sms.uuid for sms in self if sms.create_date < written}
        # sudo: the notices are looked at whoever runs the queue
        notices = self.env["recovery.notice"].sudo()
        waiting = (
            notices.search([("sms_uuid", "in", list(old)), ("state", "=", "queued")]) if old else notices
        )
        stale = waiting - waiting._still_true()
        stopped = set(stale.mapped("sms_uuid"))
        stale._write_anew()
        going = self.filtered(lambda sms: sms.uuid not in stopped)
        return super(SmsSms, going)._send(*args, **options) if going else None

    def _handle_call_result_hook(self, results):
        """Conclude the notices whose text the provider took or refused."""
        done = super()._handle_call_result_hook(results)
        # sudo: the answers of the provider are written whoever runs the queue
        notices = (
            self.env["recovery.notice"]
            .sudo()
            .search([("sms_uuid", "in", [result["uuid"] for result in results]), ("state", "=", "queued")])
        )
        by_uuid = {notice.sms_uuid: in_words_of_company(notice) for notice in notices}
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
                    notice.env._("The text message was refused: %s", reason),
                    retry=result["state"] in TEMPORARY,
                )
        return done
