"""Holds while a debtor's case is with a mediator or a court, and the file that goes along."""

from odoo import fields, models


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
