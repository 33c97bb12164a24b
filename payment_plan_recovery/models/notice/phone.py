"""The phone channel: a call to make, with its script and claims; the call counts once it was made."""

from odoo import fields, models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    call_outcome = fields.Text(readonly=True, copy=False, help="What came of the call.")

    def _schedule_calls(self):
        """Ask the responsible of each notice to call; the notice is sent when the call is marked done."""
        contents, messages = self._contents(), self._messages()
        for notice in self:
            content = contents[notice.id]
            script = messages[notice]._render("script", content) if notice in messages else ""
            notice.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._("Call %s", content.name(content.contact)),
                note=self.env["ir.qweb"]._render(
                    "payment_plan_recovery.call_script", {"content": content, "script": script}
                ),
                user_id=notice.user_id.id or self.env.uid,
            )
        self._bulk_write({"next_attempt": False})

    def _withdraw(self, state):
        result = super()._withdraw(state)
        self._drop_calls()
        return result

    def _queue_for_sending(self, at=None):
        self._drop_calls()
        return super()._queue_for_sending(at)

    def _drop_calls(self):
        """Take back the calls that were asked for and not made."""
        calling = self.filtered(lambda notice: notice.channel == "phone" or notice.activity_ids)
        calling.activity_unlink(["mail.mail_activity_data_call"])

    def _log_text(self):
        text = super()._log_text()
        return f"{text}: {self.call_outcome}" if self.call_outcome else text


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call marked done concludes its notice; what was said is its outcome."""
        call = self.env.ref("mail.mail_activity_data_call")
        calls = self.filtered(
            lambda activity: activity.res_model == "recovery.notice" and activity.activity_type_id == call
        )
        notices = self.env["recovery.notice"].browse(calls.mapped("res_id")).exists()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        called = notices.filtered(lambda notice: notice.state == "queued" and notice.channel == "phone")
        if called:
            called._sent(call_outcome=feedback or False)
            called._trigger_sending()
        return result
