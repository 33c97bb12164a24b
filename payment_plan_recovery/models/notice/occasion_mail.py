"""Thanks for a plan kept to its end."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_thank_for_plans = fields.Boolean(
        string="Thank for plans kept",
        default=True,
        help="A debtor with an e-mail address is thanked once the last instalment has arrived.",
    )


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    date_thanked = fields.Date(
        string="Thanked on", readonly=True, copy=False, help="When the debtor was thanked for keeping it."
    )

    def _become_completed(self, date):
        result = super()._become_completed(date)
        self.filtered(lambda plan: plan.state == "completed")._thank(date)
        return result

    def _thank(self, date):
        """Thank the debtors who kept their plan to its end, once even when a payment bounced meanwhile."""
        kept = self.filtered(lambda plan: plan.company_id.recovery_thank_for_plans and not plan.date_thanked)
        contents = kept._contents(date)
        thanked = self.env["recovery.message"]._mail_occasion(
            "plan_kept", {plan: contents[plan.id] for plan in kept}
        )
        # sudo: protected from clients; the transition checked the right to write
        self.union(*thanked).sudo().date_thanked = date
