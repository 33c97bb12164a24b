"""What is asked of a person about our records: due by the creditor's day, in words and not in markup."""

from markupsafe import Markup
from odoo import models
from odoo.tools import plaintext2html

from .mail_message import is_ours


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    def activity_schedule(self, act_type_xmlid="", date_deadline=None, summary="", note="", **act_values):
        """Let activities on our records that are due at once be due on their company's day, not on that of whoever
        caused it.

        A note is text, a debtor's most likely: it becomes markup here, so that nothing it says does.
        """
        if not is_ours(self._name):
            return super().activity_schedule(act_type_xmlid, date_deadline, summary, note, **act_values)
        if note and not isinstance(note, Markup):
            note = plaintext2html(note)
        if date_deadline or "company_id" not in self._fields:
            return super().activity_schedule(act_type_xmlid, date_deadline, summary, note, **act_values)
        activities = self.env["mail.activity"]
        for company, records in self.grouped("company_id").items():
            today = (company or self.env.company)._recovery_today()
            activities |= super(MailActivityMixin, records).activity_schedule(
                act_type_xmlid, today, summary, note, **act_values
            )
        return activities
