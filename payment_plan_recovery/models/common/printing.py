"""Documents of many records, printed in one go."""

from odoo import api, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _recovery_print(self, report, records, data=None):
        """Return the PDF of each record: {record: bytes}. One run of wkhtmltopdf prints them all.

        The letterhead and the paper are those of the environment's company.
        """
        # sudo: the letterhead reads the company's settings
        printer = self.sudo().with_context(webp_as_jpg=True)  # wkhtmltopdf draws no WebP
        streams = printer._render_qweb_pdf_prepare_streams(report, dict(data or {}), res_ids=records.ids)
        return {record: streams[record.id]["stream"].getvalue() for record in records}
