from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_plan_policy_id = fields.Many2one(
        "recovery.plan.policy", string="Plan policy", help="Policy of a new instalment plan."
    )
    recovery_discount_account_id = fields.Many2one(
        "account.account",
        string="Account of plan discounts",
        check_company=True,
        help="Account of the discounts earned by paying a plan on time; "
        "leave empty for the invoices' own accounts.",
    )
    recovery_thank_for_plans = fields.Boolean(
        string="Thank for plans kept",
        default=True,
        help="A debtor with an e-mail address is thanked once the last instalment has arrived.",
        of_creditor=True,
    )
    recovery_mail_statements = fields.Boolean(
        string="Mail plan statements every month",
        help="From the first of each month on, a debtor with a plan in force and an e-mail address is sent its "
        "account: what fell due, what came in, what remains.",
        of_creditor=True,
    )

    @api.model
    def _recovery_by_day(self):
        """Return {day: the companies where it is that day now}, of every company there is."""
        # sudo: which day it is somewhere is no secret, and plans are looked for under their own rules
        companies = self.sudo().search([])  # pylint: disable=no-search-all
        return companies.grouped(lambda company: company._recovery_today())
