import tempfile

from odoo import http
from odoo.http import request
from werkzeug.wsgi import wrap_file


class RecoveryReviewController(http.Controller):
    @http.route("/recovery/run/<model('recovery.dunning.run'):run>/review", type="http", auth="user")
    def review(self, run):
        """The Excel review of a run, for those who may read it."""
        run.check_access("read")
        # Written to disk and sent from there: a review of a large ledger never sits in memory.
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by the response
        run.write_review(file)
        size = file.tell()
        file.seek(0)
        return request.make_response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                ("Content-Length", size),
                ("Content-Disposition", http.content_disposition("recovery_review.xlsx")),
            ],
        )
