import tempfile

from odoo import http
from odoo.http import request
from werkzeug.wsgi import wrap_file


class RecoveryCreditReviewController(http.Controller):
    @http.route("/recovery/credit/review", type="http", auth="user", readonly=True)
    def credit_review(self):
        """The Excel review of credit of the user's company, for those who may read the figures."""
        # Written to disk and sent from there: a review of a large ledger never sits in memory.
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by the response
        request.env["recovery.credit.review.xlsx"]._write_today(file)
        size = file.tell()
        file.seek(0)
        return request.make_response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                ("Content-Length", size),
                ("Content-Disposition", http.content_disposition("credit_review.xlsx")),
            ],
        )
