"""From notices to a case: by hand, or because a level says so."""

from odoo import models

from ..common.company_words import words_of


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def action_recovery_case(self):
        """Open a case over the claims of the notices."""
        return self.env["recovery.case"]._open_action(self.partner_id, self.line_ids.move_line_id)

    def _move_case(self, way):
        """Open a case over the claims of each debtor's notices and hand their file over.

        :param way: "mediation" or "litigation"

        What is in a running case already stays there; what is due under a plan stays with the plan until it is
        broken. The file is the evidence of all that was sent about the claims and the statement of account;
        whoever is responsible for the notice is asked to take it on.
        """
        for (company, debtor), notices in self.grouped(lambda one: (one.company_id, one.partner_id)).items():
            items = notices.line_ids.filtered("is_live").move_line_id
            items = items.filtered(lambda item: not any(item.recovery_item_ids.mapped("is_live")))
            responsible = notices.user_id[:1] or company.recovery_dunning_user_id or self.env.user
            words = words_of(company)
            # The outbox works for every company, while cases are opened in the current one.
            cases = self.env["recovery.case"].with_company(company)
            reason = words._("Without payment after %s.", ", ".join(notices.mapped("display_name")))
            for case in cases._open(debtor, items, way=way, reason=reason, user_id=responsible.id):
                case.hold_id._attach_file(notices)
                case.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=words._("Take over the case of %s", debtor.display_name),
                    note=words._("The evidence of sending and the statement of account are attached."),
                    user_id=responsible.id,
                )
