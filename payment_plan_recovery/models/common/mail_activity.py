"""Activities: where they may be moved, which Odoo lets everybody do anywhere and tells its name; who asks for them."""

from odoo import models

from .mail_message import is_ours


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        """Let a client move activities only to what it reads, where that is of recovery.

        :raise AccessError: the user may not read a record that an activity is moved to
        """
        result = super().write(vals)
        if {"res_model", "res_model_id", "res_id"} & vals.keys() and not self.env.su:
            moved = self.filtered(lambda activity: is_ours(activity.res_model) and activity.res_id)
            for model, activities in moved.grouped("res_model").items():
                self.env[model].browse(activities.mapped("res_id")).check_access("read")
        return result

    def _recovery_asked_by(self):
        """Return who asks, as the mail to whom it is asked of says it: the debtor, where it acted by its link."""
        self.ensure_one()
        asked_by = self.create_uid
        if asked_by._is_public() and (is_ours(self.res_model) or self.res_model == "res.partner"):
            # sudo: told to whom the record is given to look at
            return self.env[self.res_model].browse(self.res_id).sudo()._recovery_visitor().name
        return asked_by.name
