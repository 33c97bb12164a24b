"""Activities that are moved: Odoo lets everybody lay an activity of his own on any record, and tells its name."""

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
