import tempfile

from odoo import http
from odoo.http import request
from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file


class RecoveryCreditReviewController(http.Controller):
    @http.route("/recovery/credit/review", type="http", auth="user", readonly=True)
    def credit_review(self, company_id=""):
        """The Excel review of credit of a company of the user's, for those who may read the figures."""
        company = self._company_of_user(company_id)
        # Written to disk and sent from there: a review of a large ledger never sits in memory.
        file = tempfile.TemporaryFile()  # noqa: SIM115 closed by the response
        request.env["recovery.credit.review.xlsx"].with_company(company)._write_today(file)
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

    def _company_of_user(self, number):
        """Return the company of that number if the user works for it, without a number the user's main one."""
        if not number:
            return request.env.company
        company = request.env.user.company_ids.filtered(lambda company: str(company.id) == number)
        if not company:
            raise NotFound
        return company
