"""The invoices that a mail carries, or points to where they are too large together."""

from odoo import models

MEGABYTE = 1024 * 1024


class AccountMove(models.Model):
    _inherit = "account.move"

    def _recovery_print_missing(self):
        """Print what was never sent of the invoices, in one go: {invoice: PDF}."""
        # sudo: whether an invoice was sent, of those the collector may read
        missing = self.filtered(lambda invoice: not invoice.sudo().invoice_pdf_report_id)
        printed = {}
        for company, invoices in missing.grouped("company_id").items():
            printer = self.env["ir.actions.report"].with_company(company)
            printed |= printer._recovery_print("account.account_invoices", invoices, {"proforma": True})
        return printed

    def _recovery_mailed_with(self, record, printed):
        """Return how a mail about ``record`` carries the invoices: (attachments, invoices that it links to instead).

        As they were sent; those never sent are kept with the record.

        :param printed: of :meth:`_recovery_print_missing`
        """
        # sudo: the documents of invoices the collector may read
        documents = self.sudo().invoice_pdf_report_id
        documents |= self.env["ir.attachment"]._recovery_keep_with(
            record,
            [
                (invoice._get_invoice_proforma_pdf_report_filename(), printed[invoice])
                for invoice in self
                if invoice in printed
            ],
        )
        size = sum(document.file_size for document in documents)
        if size > record.company_id.recovery_attachment_max * MEGABYTE:
            return documents.browse(), self
        return documents, self.browse()
