"""Who speaks for all companies."""

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _recovery_in_every_company(self):
        """Tell whether the user works with every creditor, and so may write what they share."""
        self.ensure_one()
        # sudo: only whether there are companies the user does not work in
        creditors = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        return creditors <= self.sudo().company_ids

    def _recovery_actions_of_others(self):
        """Return the codes of next actions that only members of groups do in which the user is not."""
        actions = self.env["recovery.next.action"]._things()
        return [
            code for code, action in actions.items() if action._group and not self.has_group(action._group)
        ]

    def _recovery_whole_creditors(self, company_ids):
        """Tell whether of each creditor in ``company_ids`` every branch is among them: nothing of it lies elsewhere."""
        companies = self.env["res.company"].browse(company_ids)
        return all(set(company._recovery_branch_ids()) <= set(company_ids) for company in companies)
