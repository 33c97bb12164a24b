import io

from odoo import http
from odoo.http import request


class RecoveryChargeController(http.Controller):
    @http.route("/recovery/charges", type="http", auth="user", readonly=True)
    def charges(self, ids=""):
        """The Excel workbook of charges, for those who may read them."""
        numbers = [int(number) for number in ids.split(",") if number.isdecimal()]
        charges = request.env["recovery.charge"].search([("id", "in", numbers)])
        file = io.BytesIO()
        request.env["recovery.charge.xlsx"]._write(charges, file)
        return request.make_response(
            file.getvalue(),
            headers=[
                ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                ("Content-Disposition", http.content_disposition("late_charges.xlsx")),
            ],
        )
