"""A call that is marked done concludes its notice."""

from odoo import models


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
