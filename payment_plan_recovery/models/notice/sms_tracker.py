"""What the carrier tells of a text message goes to its notice."""

from odoo import fields, models


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
