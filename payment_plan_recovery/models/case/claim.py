"""From claims to a case."""

from odoo import models


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    def action_case(self):
        """Open a case over the claims; of instalments, over nothing: their plan comes first."""
        return self.env["recovery.case"]._open_action(self.partner_id, self.move_line_id)
