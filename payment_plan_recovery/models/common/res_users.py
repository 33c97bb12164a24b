"""Who speaks for all companies, who reads the ledger, and which users are one person."""

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _recovery_in_every_company(self):
        """Tell whether the user works with every creditor, and so may write what they share."""
        self.ensure_one()
        # sudo: only whether there are companies the user does not work in
        creditors = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        return creditors <= self.sudo().company_ids

    def _recovery_reads_ledger(self):
        """Tell whether the user reads the ledger, and with it debtors' files."""
        return any(map(self.has_group, ("account.group_account_invoice", "account.group_account_readonly")))

    def _recovery_person(self):
        """Return every user of the same persons, archived ones too: two users of one contact are one pair of eyes."""
        # sudo: who is who does not depend on who asks
        users = self.sudo().with_context(active_test=False)
        return self | users.search([("partner_id", "in", users.partner_id.ids)]).with_env(self.env)

    def _recovery_actions_of_others(self):
        """Return the codes of next actions that only members of groups do in which the user is not."""
        actions = self.env["recovery.next.action"]._things()
        return [
            code for code, action in actions.items() if action._group and not self.has_group(action._group)
        ]

    def _recovery_of_items(self, company_ids):
        """Return the domain of what names items (``move_line_ids``) and concerns who works in ``company_ids``.

        What is kept there or in a company these are branches of, what names an item of theirs, and what is about
        everything that a debtor owes the creditor, wherever it is kept. See :meth:`_recovery_of_plans`.
        """
        companies = self.env["res.company"].browse(company_ids)
        together = {branch for company in companies for branch in company._recovery_branch_ids()}
        if together <= set(company_ids):
            return [("company_id", "in", company_ids)]
        of_creditor = [("move_line_ids", "=", False), ("company_id", "in", list(together))]
        return [
            "|",
            "|",
            ("company_id", "parent_of", company_ids),
            ("move_line_ids.company_id", "in", company_ids),
            "&",
            *of_creditor,
        ]

    def _recovery_of_plans(self, company_ids, agreed="company_id", owed="plan_id.item_ids.company_id"):
        """Return the domain of what belongs to plans that were agreed in ``company_ids``, or pay what these are owed.

        Whoever has chosen every branch of its creditors need not be asked of each item.

        :param agreed: field of where the plan was agreed; ``owed`` of whom its items are owed to
        """
        companies = self.env["res.company"].browse(company_ids)
        there = (agreed, "in", company_ids)
        if all(set(company._recovery_branch_ids()) <= set(company_ids) for company in companies):
            return [there]
        return ["|", there, (owed, "in", company_ids)]
