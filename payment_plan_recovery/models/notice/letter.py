"""Letters: printed in batches, each archived unchangeable with its fingerprint before it counts as sent."""

import hashlib

from odoo import api, models
from odoo.exceptions import UserError

#: Report printed for each kind of letter.
REPORTS = {
    "reminder": "payment_plan_recovery.action_report_letter",
    "formal_notice": "payment_plan_recovery.action_report_formal_notice",
}


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _print_letters(self):
        """Print the letters of a batch and archive them; only then are they sent."""
        worded = self._fail_wordless(self._messages())
        worded._archive_documents()
        worded._sent()

    def _archive_documents(self):
        """Print each notice's document and keep it as it goes out, with its SHA-256."""
        alike = self.grouped(lambda notice: (notice.company_id, notice.level_id.letter_kind))
        for (company, kind), notices in alike.items():
            for notice, pdf in notices.with_company(company)._print(REPORTS[kind]).items():
                notice._archive(pdf)

    def _print(self, report):
        """Return the PDF of each notice: {notice: bytes}. All are printed in one go."""
        return self.env["ir.actions.report"]._recovery_print(report, self)

    def _archive(self, pdf):
        self.ensure_one()
        # sudo: a document of the outbox; nobody may write it afterwards, see IrAttachment
        document = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{(self.name or str(self.id)).replace('/', '-')}.pdf",
                    "raw": pdf,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self._bulk_write({"attachment_id": document.id, "document_sha256": hashlib.sha256(pdf).hexdigest()})

    def action_preview_document(self):
        """Open the document as it was sent or, before that, as it would be printed now."""
        self.ensure_one()
        if self.attachment_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self.attachment_id.id}?download=false",
                "target": "new",
            }
        return self.env.ref(REPORTS[self.level_id.letter_kind]).report_action(self)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    #: What makes up the document and its place.
    _archived_fields = frozenset(
        ("raw", "datas", "db_datas", "store_fname", "checksum", "url", "type", "res_model", "res_id")
    )

    def write(self, vals):
        if self._archived_fields & vals.keys():
            self._refuse_if_archived()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_archived(self):
        self._refuse_if_archived()

    def _refuse_if_archived(self):
        # sudo: a document is protected whoever writes it
        if self.env["recovery.notice"].sudo().search_count([("attachment_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("This document was sent to a debtor and is kept as it went out."))
