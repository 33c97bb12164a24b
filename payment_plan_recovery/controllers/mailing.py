from odoo import http
from odoo.http import request


class RecoveryMailingController(http.Controller):
    @http.route(
        "/payment_plan_recovery/mailing/<model('recovery.mailing'):mailing>",
        type="http",
        auth="user",
        readonly=True,
    )
    def letters(self, mailing):
        """The letters of a mailing as one PDF, for those who may read it."""
        mailing.check_access("read")
        pdf = mailing._merged_pdf()
        return request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(pdf)),
                ("Content-Disposition", http.content_disposition(f"letters_{mailing.id}.pdf")),
            ],
        )
