"""Documents of many records, printed in one go; QR codes drawn fast."""

import io
import logging
import signal

from odoo import api, models
from odoo.exceptions import UserError

from .qr_code import qr_png

_logger = logging.getLogger(__name__)

#: What tells a page of ours.
OUR_PAGE = "o_recovery"
#: Milliseconds that Odoo lets wkhtmltopdf wait for a page's scripts, unless this parameter says how many.
DELAY = "report.print_delay"
#: What Odoo's message tells of a process that ended by reading memory it does not have.
CRASHED = str(-signal.SIGSEGV)
#: Lines a hair's breadth further apart.
LOOSER = "<style>.o_recovery { line-height: 1.33 !important; }</style></head>"


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

    @api.model
    def _recovery_merge(self, pdfs):
        """Return one PDF of several, in their order."""
        with self._merge_pdfs([io.BytesIO(pdf) for pdf in pdfs]) as merged:
            return merged.getvalue()

    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        """Print; what wkhtmltopdf crashes on is printed once more, set a hair's breadth looser.

        It crashes where the ends of a page, of a table and of a part that is kept whole meet in one place, which a
        letter of any length may come to.
        """
        bodies = list(bodies)
        printer = self.with_context(recovery_at_once=all(OUR_PAGE in body for body in bodies))
        try:
            return super(IrActionsReport, printer)._run_wkhtmltopdf(bodies, *args, **kwargs)
        except UserError as error:
            if CRASHED not in str(error) or not any(OUR_PAGE in body for body in bodies):
                raise
            _logger.info("wkhtmltopdf crashed on a document: it is set a little looser and printed again")
        looser = [body.replace("</head>", LOOSER, 1) for body in bodies]
        return super(IrActionsReport, printer)._run_wkhtmltopdf(looser, *args, **kwargs)

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """Our pages have no script that goes on once they are loaded: they are printed at once, not after a second."""
        words = super()._build_wkhtmltopdf_args(*args, **kwargs)
        # sudo: whoever may print is told what is set for everybody
        declared = self.env["ir.config_parameter"].sudo().get_param(DELAY)
        if self.env.context.get("recovery_at_once") and not declared:
            words[words.index("--javascript-delay") + 1] = "0"
        return words

    @api.model
    def barcode(self, barcode_type, value, **kwargs):
        """Draw a plain QR code of a letter fast; whatever else there is, as Odoo does."""
        if barcode_type == "QR" and self.env.context.get("recovery_plain_qr") and not kwargs.get("mask"):
            border = 4 if int(kwargs.get("quiet", 1)) else 0
            return qr_png(value, kwargs.get("barLevel", "L"), border)
        return super().barcode(barcode_type, value, **kwargs)
