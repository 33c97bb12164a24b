"""What is asked of a person is due by the creditor's day, not by the day of whoever caused it."""

from odoo import models


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    def activity_schedule(self, act_type_xmlid="", date_deadline=None, summary="", note="", **act_values):
        """Let activities on our records that are due at once be due on their company's day."""
        if date_deadline or not self._name.startswith("recovery.") or "company_id" not in self._fields:
            return super().activity_schedule(act_type_xmlid, date_deadline, summary, note, **act_values)
        activities = self.env["mail.activity"]
        for company, records in self.grouped("company_id").items():
            today = (company or self.env.company)._recovery_today()
            activities |= super(MailActivityMixin, records).activity_schedule(
                act_type_xmlid, today, summary, note, **act_values
            )
        return activities
