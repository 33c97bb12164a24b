"""Plans over claims of running cases: what the debtor agreed to ends the case, whoever opened it meanwhile."""

from odoo import models
from odoo.exceptions import UserError

from ..common.company_words import in_words_of_company


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _running_cases(self):
        """Return the running cases with a claim that the plans cover."""
        # sudo: they run whoever looks, in whichever branch; callers tell nothing of them but to their own people
        lines = self.env["recovery.case.line"].sudo()
        covered = self.sudo().item_ids.move_line_id
        return lines.search([("move_line_id", "in", covered.ids), ("is_live", "=", True)]).case_id

    def _meet_cases(self):
        """Make plans that begin the agreement of the cases they cover; of a case covered in part, ask its person.

        Putting a plan in force calls this.

        :raise UserError: an insolvency takes in what a plan covers
        """
        for plan in self:
            # sudo: nobody agrees on what is declared, whoever asks
            items = plan.sudo().item_ids.move_line_id
            if declared := plan.env["recovery.hold"].sudo()._declared(items):
                raise UserError(
                    plan.env._(
                        "%(items)s: declared to the insolvency of %(debtor)s, nothing is agreed on it meanwhile. "
                        "Cancel the plan.",
                        items=", ".join(declared.mapped("display_name")),
                        debtor=plan.partner_id.display_name,
                    )
                )
            for case in plan._running_cases():
                owed = case.line_ids.move_line_id.filtered(lambda item: not item.reconciled)
                words = in_words_of_company(case).env
                if owed <= items:
                    case.plan_id = plan
                    case._message_log(
                        body=words._("%s covers the claims: it ends the case.", plan.display_name)
                    )
                else:
                    case.activity_schedule(
                        "mail.mail_activity_data_todo",
                        summary=words._(
                            "%s covers a part of the claims: go on with the rest?", plan.display_name
                        ),
                        user_id=words["ir.cron"]._recovery_person(case).id,
                    )
