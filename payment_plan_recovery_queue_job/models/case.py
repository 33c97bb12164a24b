from odoo import models


class RecoveryCase(models.Model):
    _inherit = "recovery.case"

    def action_build_evidence(self):
        """Build the dossiers of many cases by jobs, that of one while its user waits."""
        if len(self) == 1:
            super().action_build_evidence()
            return
        self.check_access("write")
        self.env["recovery.dispatch"]._dispatch("recovery.dossier", "_build", [(self.ids, {})], of=self._name)
