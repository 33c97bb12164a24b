"""Plans over claims of running cases: what the debtor agreed to ends the case, whoever opened it meanwhile."""

from odoo import models
from odoo.exceptions import UserError

from ..common.company_words import in_words_of_company


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _in_running_cases(self):
        """Return those of the plans that cover a claim of a running case."""
        # sudo: cases run whoever looks, in whichever branch
        plans = self.sudo()
        running = plans.env["recovery.case.line"]._running_over(plans.item_ids.move_line_id).move_line_id
        return self.filtered(lambda plan: plan.sudo().item_ids.move_line_id & running)

    def _meet_cases(self):
        """Make plans that begin the agreement of the cases they cover; of a case covered in part, ask its person.

        Putting a plan in force calls this.

        :raise UserError: an insolvency takes in what a plan covers
        """
        # sudo: nobody agrees on what is declared, whoever asks; of cases only their own people are told anything
        plans = self.sudo()
        covered = plans.item_ids.move_line_id
        declared = plans.env["recovery.hold"]._declared(covered)
        if declared:
            raise UserError(
                self.env._(
                    "%(items)s: declared to the insolvency of %(debtor)s, nothing is agreed on it meanwhile. "
                    "Cancel the plan.",
                    items=", ".join(declared.mapped("display_name")),
                    debtor=", ".join(declared.partner_id.commercial_partner_id.mapped("display_name")),
                )
            )
        for case in plans.env["recovery.case.line"]._running_over(covered).case_id:
            claims = case.line_ids.move_line_id
            for plan in plans.filtered(lambda plan, claims=claims: plan.item_ids.move_line_id & claims):
                plan._meet_case(case)

    def _meet_case(self, case):
        """Make the plan the agreement that ends ``case``, or ask the case's person where it covers a part of it."""
        words = in_words_of_company(case).env
        owed = case.line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        if owed <= self.item_ids.move_line_id:
            case.plan_id = self
            case._message_log(body=words._("%s covers the claims: it ends the case.", self.display_name))
        else:
            case.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=words._("%s covers a part of the claims: go on with the rest?", self.display_name),
                user_id=words["ir.cron"]._recovery_person(case).id,
            )
