"""A hold that moves a debtor's case on, to mediation or litigation, with the file that goes along."""

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
        documents = self.env["recovery.document"].with_company(self.company_id)
        sent = notices.union(*notices._earlier().values()).sorted(lambda notice: (notice.date, notice.id))
        papers = [(documents._thing("evidence"), sent), (documents._thing("statement"), self.partner_id)]
        self.env["ir.attachment"].create(
            [
                {
                    "name": document._file_name(),
                    "raw": document._print_together(records),
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for document, records in papers
            ]
        )
