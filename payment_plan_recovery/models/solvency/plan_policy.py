"""Limits of plans by segment: a policy may be for the debtors of some segments alone."""

from odoo import fields, models


class RecoveryPlanPolicy(models.Model):
    _inherit = "recovery.plan.policy"

    segment_ids = fields.Many2many(
        "recovery.segment",
        string="Segments",
        help="Debtors whose plans begin with this policy, in place of the company's; leave empty for no segment in "
        "particular.",
    )

    def _for_segment(self, company, debtor):
        """Return the first of these policies that is for the debtor's segment, if any."""
        if not self.segment_ids:
            return self.browse()
        # sudo: which limits hold does not depend on who asks
        segment = debtor.sudo().with_company(company).recovery_segment_id
        return self.filtered(lambda policy: segment in policy.segment_ids)[:1]
