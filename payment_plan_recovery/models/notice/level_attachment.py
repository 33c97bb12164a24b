"""What a mail carries besides its words: unpaid invoices, the statement of account."""

from odoo import fields, models

MEGABYTE = 1024 * 1024


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_attachment_max = fields.Integer(
        string="Attached invoices (MB)",
        default=5,
        help="When a mail's invoices are larger together, it carries links to them on the portal instead.",
    )


class RecoveryDunningLevel(models.Model):
    _inherit = "recovery.dunning.level"

    attach_invoices = fields.Boolean(
        string="Attach the unpaid invoices",
        help="Mails carry the invoices' PDFs, or links to them on the portal when they are too large.",
    )
    attach_statement = fields.Boolean(
        string="Attach the statement of account", help="Mails carry everything the debtor owes, by age."
    )


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def _mail_documents(self):
        """Return the mail's documents: (attachments, invoices that are linked instead)."""
        attachments, linked = super()._mail_documents()
        level = self.level_id
        if level.attach_statement:
            attachments |= self._statement_of_account()
        if level.attach_invoices:
            invoices = self.line_ids.filtered("is_live").move_line_id.move_id.filtered(
                lambda move: move.is_sale_document(include_receipts=True)
            )
            documents = self._invoice_pdfs(invoices)
            size = sum(document.file_size for document in documents)
            if size > self.company_id.recovery_attachment_max * MEGABYTE:
                linked |= invoices
            else:
                attachments |= documents
        return attachments, linked

    def _invoice_pdfs(self, invoices):
        """Return the invoices' own PDFs, as they were sent; those never sent are printed now."""
        # sudo: the documents of invoices the collector may read
        documents = invoices.sudo().invoice_pdf_report_id
        missing = invoices.filtered(lambda invoice: not invoice.sudo().invoice_pdf_report_id)
        printed = [invoice._get_invoice_legal_documents("pdf", allow_fallback=True) for invoice in missing]
        return documents | self._attach([(pdf["filename"], pdf["content"]) for pdf in printed if pdf])

    def _statement_of_account(self):
        pdf, _kind = (
            self.env["ir.actions.report"]
            .sudo()  # sudo: the letterhead reads the company's settings
            .with_company(self.company_id)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("payment_plan_recovery.report_statement", self.partner_id.ids)
        )
        return self._attach([(self.env._("Statement of account.pdf"), pdf)])

    def _attach(self, files):
        """Keep printed files with the notice."""
        # sudo: the outbox's own attachments
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {"name": name, "raw": content, "res_model": self._name, "res_id": self.id}
                    for name, content in files
                ]
            )
        )
