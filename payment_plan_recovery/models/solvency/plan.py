"""The debtor's risk class limits plans as their policy does.

The room of plans lies above this one and knows no risk class: it calls these by name
where it reads its policy's limits. So nothing there is imported from here, and a plan's
limits stay in one place each.
"""

from odoo import models


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _class_exceptions(self, offer):
        """Return why ``offer`` is outside what debtors of the class get: translated reasons, none if within."""
        return self._risk_class()._plan_exceptions(offer)

    def _class_months(self):
        """Return the longest time from the first instalment to the last of such a debtor, zero for no limit."""
        return self._risk_class().plan_max_months

    def _risk_class(self):
        """Return the debtor's class with the creditor."""
        terms = self.partner_id.commercial_partner_id._recovery_credit_terms(self.company_id)
        return terms.risk_class.with_env(self.env)  # read with the rights that read the plan
