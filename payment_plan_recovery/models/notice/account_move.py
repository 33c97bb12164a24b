"""The invoices that a mail carries, or points to where they are too large together; those that were issued anew."""

from odoo import fields, models

from ..common.guarded_fields import as_action

MEGABYTE = 1024 * 1024


class AccountMove(models.Model):
    _inherit = "account.move"

    recovery_replaces_id = fields.Many2one(
        "account.move",
        string="Issued in place of",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Invoice that was credited and that this one was issued in place of, by Odoo's dialog or as a person "
        "said. What was noted about it, for the same customer, goes on with this one: policy, promises and holds; the "
        "level too, where this one is due no later.",
    )

    def _post(self, soft=True):
        anew = self.filtered(
            lambda move: move.recovery_replaces_id and not move.posted_before and move.is_sale_document()
        )
        strange = self.filtered(
            lambda move: (
                move.move_type == "out_invoice" and not move.recovery_replaces_id and not move.posted_before
            )
        )
        posted = super()._post(soft)
        for move in as_action((anew & posted).sudo()):  # sudo: what was noted goes on whoever posts
            former = move.recovery_replaces_id
            if former.state == "posted" and former.commercial_partner_id == move.commercial_partner_id:
                self.env["recovery.reissued"]._take_over(move, former)
        self.env["recovery.reissued"]._ask_about_alike(strange & posted)
        return posted

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
