"""From notices to a case."""

from odoo import models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def action_recovery_case(self):
        """Open a case over the claims of the notices."""
        return self.env["recovery.case"]._open_action(self.partner_id, self.line_ids.move_line_id)
