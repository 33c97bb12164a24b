"""The debtor's account: what is open with each creditor, by age, and the day by which it says that it will pay.

Nobody of the portal has a right on the addon's records. Everything here is read and written by sudo for one debtor:
the commercial entity of the user who is logged in, never one named by the browser.
"""

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request

STATEMENT = "payment_plan_recovery.report_statement"


class RecoveryAccount(CustomerPortal):
    def _recovery_debtor(self):
        # sudo: the user's own commercial entity, whose account the pages show
        return request.env.user.partner_id.sudo().commercial_partner_id

    @http.route("/my/statement", type="http", auth="user", website=True)
    def recovery_statement(self, promised=None, **_kwargs):
        """What the user's commercial entity owes, a section a creditor."""
        return self._recovery_statement_page(promised=promised)

    def _recovery_statement_page(self, **values):
        values |= {"page_name": "recovery_statement", "accounts": self._recovery_debtor()._portal_accounts()}
        return request.render(
            "payment_plan_recovery.portal_my_statement", {**self._prepare_portal_layout_values(), **values}
        )

    @http.route("/my/statement/<int:company_id>", type="http", auth="user", website=True)
    def recovery_statement_paper(self, company_id, **_kwargs):
        """The statement of account with one creditor as PDF."""
        debtor = self._recovery_debtor()
        company = debtor._portal_creditors().filtered(lambda creditor: creditor.id == company_id)
        if not company:
            return request.not_found()
        pdf = (
            request.env["ir.actions.report"].with_company(company)._recovery_print(STATEMENT, debtor)[debtor]
        )
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(pdf)),
            ("Content-Disposition", http.content_disposition("statement.pdf", "inline")),
        ]
        return request.make_response(pdf, headers)

    @http.route(
        "/my/statement/<int:company_id>/promise", type="http", auth="user", website=True, methods=["POST"]
    )
    def recovery_promise(self, company_id, date=None, **_kwargs):
        """Note that the debtor will pay by ``date`` what is late today: how much is late, the server says."""
        debtor = self._recovery_debtor()
        company = debtor._portal_creditors().filtered(lambda creditor: creditor.id == company_id)
        if not company:
            return request.not_found()
        try:
            # a refusal leaves nothing behind
            with request.env.cr.savepoint():
                debtor._portal_promise(company, date)
        except UserError as error:
            return self._recovery_statement_page(error=str(error))
        return request.redirect("/my/statement?promised=1")
