"""Ways from a notice to a new hold or promise of its debtor."""

from odoo import models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def action_recovery_hold(self):
        """A new hold on the items of the notices; on the debtor when they are about instalments."""
        return self.env["recovery.hold"]._new_action(self.partner_id, self.line_ids.move_line_id)

    def action_recovery_promise(self):
        """A new promise for the items of the notices."""
        return self.env["recovery.promise"]._new_action(self.partner_id, self.line_ids.move_line_id)
