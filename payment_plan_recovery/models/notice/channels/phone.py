"""Phone: a call to make, with its script and claims; the call counts once it was made."""

from odoo import api, models
from odoo.tools import SQL

from ...common.channel import Obstacle
from ...common.company_words import in_words_of_company


class RecoveryChannelPhone(models.AbstractModel):
    """A notice is sent when its call is marked done: see ``mail_activity``."""

    _name = "recovery.channel.phone"
    _description = "Phone channel"
    _inherit = "recovery.channel"

    _code = "phone"
    _sequence = 50
    _quiet = ("spoken", "electronic")

    @api.model
    def _label(self):
        return self.env._("Phone call")

    @api.model
    def _reaches(self):
        """No number is needed: the activity asks a person to find one."""
        return SQL("debtor.recovery_no_phone IS NOT TRUE AND contact.recovery_no_phone IS NOT TRUE")

    @api.model
    def _why_not(self, contact):
        if contact.recovery_no_phone or contact.commercial_partner_id.recovery_no_phone:
            return Obstacle("opt_out", self.env._("the debtor asked not to be called"))
        return None

    @api.model
    def _send(self, notices):
        """Ask the responsible of each notice to call."""
        contents, messages = notices._contents(), notices._messages()
        for notice in notices:
            content = contents[notice.id]
            script = messages[notice]._render("script", content) if notice in messages else ""
            notice.activity_schedule(
                "mail.mail_activity_data_call",
                summary=in_words_of_company(notice).env._("Call %s", content.name(content.contact)),
                note=self.env["ir.qweb"]._render(
                    "payment_plan_recovery.call_script", {"content": content, "script": script}
                ),
                user_id=notice.user_id.id or self.env.uid,
            )
        notices._bulk_write({"next_attempt": False})

    @api.model
    def _take_back(self, notices):
        """Take back the calls that were asked for and not made."""
        calling = notices.filtered(lambda notice: notice.channel == self._code or notice.activity_ids)
        calling.activity_unlink(["mail.mail_activity_data_call"])
