from odoo import models

from ..plan.account_partial_reconcile import AccountPartialReconcile as OfPlans


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    _recovery_followers = (*OfPlans._recovery_followers, "recovery_case_line_ids")
