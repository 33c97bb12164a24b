from odoo import models


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    def _recovery_charges(self, date):
        """Return {claim id: Charges} at ``date``.

        An instalment has none: its plan's terms say what lateness costs.
        """
        found = self.move_line_id._recovery_charges(date)
        return {claim.id: found[claim.move_line_id.id] for claim in self if claim.move_line_id}
