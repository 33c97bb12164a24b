"""The debtor's risk class limits plans as the policy does: how long one may run without approval."""

from odoo import models
from odoo.tools import format_date


class RecoveryRiskClass(models.Model):
    _inherit = "recovery.risk.class"

    def _plan_exceptions(self, offer):
        """Return why ``offer`` is outside what debtors of the class get: translated reasons, none if within."""
        latest = offer.due_within(self.plan_max_months)
        if not latest:
            return []
        return [
            self.env._(
                "The last instalment is on %(date)s; "
                "the debtor's class %(code)s allows %(months)s months, until %(limit)s.",
                date=format_date(self.env, offer.dates[-1]),
                code=self.code,
                months=self.plan_max_months,
                limit=format_date(self.env, latest),
            )
        ]


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _limits_exceeded(self, offer, date):
        return super()._limits_exceeded(offer, date) + self._risk_class()._plan_exceptions(offer)

    def _months_allowed(self):
        limits = (super()._months_allowed(), self._risk_class().plan_max_months)
        return min((months for months in limits if months), default=0)

    def _risk_class(self):
        """Return the debtor's class with the creditor."""
        debtor = self.partner_id.with_company(self.company_id)
        # sudo: the limit holds for whoever proposes; plans and classes are read by the same groups.
        return debtor.sudo().recovery_risk_class.sudo(False)
