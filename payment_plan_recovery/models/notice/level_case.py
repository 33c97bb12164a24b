"""Moving a debtor's case on, to mediation or litigation: a hold, the file that goes along, a person asked."""

from odoo import fields, models

#: Days after which somebody looks at the case again.
REVIEW_DAYS = 30


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _move_case(self, kind):
        """Take the claims of each debtor's notices out of dunning and hand their file over.

        :param kind: kind of the hold: "mediation" or "litigation"

        What is in that hand already stays there. The file is the evidence of all that was sent about the
        claims and the statement of account; whoever is responsible for the notice is asked to take it on.
        """
        for (company, debtor), notices in self.grouped(lambda one: (one.company_id, one.partner_id)).items():
            items = notices.line_ids.filtered("is_live").move_line_id
            # The outbox works for every company, while holds run in the current one.
            holds = self.env["recovery.hold"].with_company(company)
            running = holds._running(fields.Date.context_today(self), debtor)
            alike = running.filtered(lambda hold: hold.kind == kind)
            left = items - alike.move_line_ids
            if alike.filtered(lambda hold: not hold.move_line_ids) or (alike and not left):
                continue
            hold = holds.create(notices._case_values(company, debtor, kind, left))
            hold._attach_file(notices)
            hold.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Take over the case of %s", debtor.display_name),
                note=self.env._("The evidence of sending and the statement of account are attached."),
                user_id=hold.user_id.id,
            )

    def _case_values(self, company, debtor, kind, items):
        today = fields.Date.context_today(self)
        responsible = self.user_id[:1] or company.recovery_dunning_user_id or self.env.user
        return {
            "partner_id": debtor.id,
            "company_id": company.id,
            "move_line_ids": [fields.Command.set(items.ids)],
            "kind": kind,
            "date_from": today,
            "date_review": fields.Date.add(today, days=REVIEW_DAYS),
            "reason": self.env._("Without payment after %s.", ", ".join(self.mapped("display_name"))),
            "user_id": responsible.id,
        }


class RecoveryHold(models.Model):
    _inherit = "recovery.hold"

    kind = fields.Selection(
        selection_add=[("mediation", "Mediation"), ("litigation", "Litigation"), ("manual",)],
        ondelete={"mediation": "cascade", "litigation": "cascade"},
    )

    def _attach_file(self, notices):
        """Attach the evidence of every notice sent on the claims, and the statement of account."""
        self.ensure_one()
        # sudo: the letterhead reads the company's settings
        report = self.env["ir.actions.report"].sudo().with_company(self.company_id)
        report = report.with_context(force_report_rendering=True)
        sent = notices.union(*notices._earlier().values()).sorted(lambda notice: (notice.date, notice.id))
        evidence, _kind = report._render_qweb_pdf("payment_plan_recovery.report_evidence", sent.ids)
        account, _kind = report._render_qweb_pdf(
            "payment_plan_recovery.report_statement", self.partner_id.ids
        )
        self.env["ir.attachment"].create(
            [
                {"name": name, "raw": pdf, "res_model": self._name, "res_id": self.id}
                for name, pdf in (
                    (self.env._("Evidence of sending.pdf"), evidence),
                    (self.env._("Statement of account.pdf"), account),
                )
            ]
        )
