"""How long a cure notice leaves to pay."""

from odoo import models


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _cure_days(self):
        """Return the days to pay that a cure notice gives, nothing for any other notice."""
        plan = self.line_ids.instalment_id.plan_id[:1]
        if self.level_id.policy_id.claim_kind == "cure" and plan:
            return plan.cure_days
        return None
