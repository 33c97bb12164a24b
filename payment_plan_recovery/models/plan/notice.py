from datetime import timedelta

from odoo import models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _cure_deadline(self):
        """Return the last day to pay that a cure notice names, nothing for any other notice."""
        plan = self.line_ids.instalment_id.plan_id[:1]
        if self.level_id.policy_id.claim_kind == "cure" and plan:
            return self.date + timedelta(days=plan.cure_days)
        return None
