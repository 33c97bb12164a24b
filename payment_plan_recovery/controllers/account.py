"""The debtor's account with a creditor: what is open, by age, what was agreed and written, and what it can do."""

from odoo import http
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.http import request
from werkzeug.urls import url_encode

from ..models.common.planner import one_by_one
from .paper import too_many_papers
from .portal import RecoveryPortal
from .visit import (
    ACT,
    SHOW,
    asked_amount,
    closed,
    pdf_response,
    plain,
    routes,
    typed_ids,
    typed_page,
    visited,
)

RECEIPT = "account.action_report_payment_receipt"
STATEMENT = "payment_plan_recovery.report_statement"
#: In the address of a payment, all that is overdue; else the numbers of the chosen items.
OVERDUE = "overdue"
#: Where the link of one plan leads when the plan has ended, and the link with it: it says nothing of anybody.
FAREWELL = "/r/thanks"


def farewell(visit, **query):
    """Return the address of that page, in the language of the visit."""
    return f"{FAREWELL}?{url_encode({'lang': visit.env.lang, **query})}"


class RecoveryAccount(RecoveryPortal):
    # -- ways in ---------------------------------------------------------------------------

    @http.route("/my/statement", type="http", auth="user", website=True, readonly=True)
    def recovery_statement(self, **_kwargs):
        """What the user's commercial entity owes: with one creditor its account, else the list of creditors."""
        contact = request.env.user.partner_id.sudo()  # sudo: the user's own contact
        debtor = contact.commercial_partner_id
        companies = debtor._recovery_portal_creditors() if not contact.recovery_no_portal else []
        if len(companies) == 1:
            return request.redirect(f"/my/creditor/{companies.id}")
        # that nothing is owed is said only where it is so
        is_hidden = contact.recovery_no_portal or bool(not companies and debtor._recovery_portal_dealings())
        open_with = debtor.env["recovery.claim"]._portal_open_with(debtor, companies)
        values = {"page_name": "recovery_statement", "open_with": open_with, "is_hidden": is_hidden}
        return self._recovery_page("my_creditors", **values)

    @http.route("/r", type="http", auth="public", website=True, multilang=False, sitemap=False)
    def recovery_type_code(self, code=None, **_kwargs):
        """Where the short address of a letter leads: the code is typed here."""
        typed = request.env["recovery.portal.link"]._typed(code)
        if typed:
            return request.redirect(f"/r/{typed}")
        return plain("type_code")

    @http.route(FAREWELL, type="http", auth="public", website=True, multilang=False, sitemap=False)
    def recovery_farewell(self, done=None, lang=None, **_kwargs):
        """What is said, in the language of the page before, to whoever has just ended what its link was about."""
        if lang in dict(request.env["res.lang"].get_installed()):
            request.update_context(lang=lang)
        return plain("farewell", done=done)

    # -- pages -----------------------------------------------------------------------------

    @http.route(routes() + routes("/page/<int:page>"), **SHOW)
    @visited("any")
    def recovery_account(self, visit, page=1, done=None, **_kwargs):
        """The account; for the link of one plan that plan."""
        if visit.only:
            return request.redirect(visit.url(f"/plans/{visit.only.id}"))
        return self._recovery_account_page(visit, page, done=done)

    def _recovery_account_page(self, visit, page=1, **values):
        if visit.only:
            return self._recovery_plan_page(visit, visit.only, **values)
        step = self._items_per_page
        with one_by_one(visit.env.cr):  # for all that is asked: the planner is told once
            content, opened = visit.debtor._portal_account(visit.company, (typed_page(page) - 1) * step, step)
            # what is let go is next of nothing, no more than what money lies over
            lists = visit.debtor._portal_file(visit.company, bool(content.credits or opened.let_go))
            rows = self._recovery_rows(visit, page, opened=opened)
        values = {
            "page_name": "recovery_account",
            "visit": visit,
            "content": content,
            "unplanned": opened.unplanned,
            **rows,
            **lists,
            "is_late_left": self._recovery_is_late_left(visit, content, opened, rows["rows"]),
            "payment_told": self._recovery_payment_told(visit),
            **values,
        }
        return self._recovery_page("account", **values)

    def _recovery_is_late_left(self, visit, content, opened, rows):
        """Whether anything late is left to pay and to promise: not announced, not disputed, not covered by open money.

        It is where nothing is said of a late one on the page and no money waits; else all of them are looked up.
        """
        if not opened.unplanned or opened.unplanned >= content.date:
            return False
        if not content.credits and any(row.is_plainly_late() for row in rows):
            return True
        return bool(visit.debtor._portal_left_to_pay(visit.company)[0])

    def _recovery_rows(self, visit, page, path="", domain=(), opened=None):
        """Return a page of the open claims of ``domain``, and the way to the others; ``opened``: where it was read."""
        debtor, company, step = visit.debtor, visit.company, self._items_per_page
        found = []
        if opened:
            total, found = opened.count, opened.page
        else:
            asked = [*debtor._recovery_portal_domain(company), *domain]
            total = visit.env["recovery.claim"].search_count(asked)
        pager = portal_pager(url=visit.url(path), total=total, page=typed_page(page), step=step)
        if total and not found:  # it was not asked for, or there is no such page
            found = debtor._portal_found(company, domain, pager["offset"], step)
        rows = debtor._portal_rows(company, found, opened and opened.let_go)
        return {"rows": rows, "claims_pager": pager}

    @http.route(routes("/statement"), **SHOW)
    @visited()
    def recovery_statement_paper(self, visit, **_kwargs):
        """The statement of account as PDF."""
        if refusal := too_many_papers(visit):
            return refusal
        printer = visit.env["ir.actions.report"].with_company(visit.company)
        pdf = printer._recovery_print(STATEMENT, visit.debtor)[visit.debtor]
        return pdf_response(pdf, "statement.pdf")

    @http.route(routes("/invoices/<int:move_id>"), **SHOW)
    @visited()
    def recovery_invoice(self, visit, move_id, **_kwargs):
        """An invoice that is open, as PDF."""
        move = visit.debtor._portal_invoice(visit.company, move_id)
        if not move:
            return closed()
        if not move.invoice_pdf_report_id and (refusal := too_many_papers(visit)):
            return refusal
        pdf = move._get_invoice_legal_documents("pdf", allow_fallback=True)
        return pdf_response(pdf["content"], pdf["filename"])

    @http.route(routes("/notices/<int:notice_id>"), **SHOW)
    @visited()
    def recovery_notice(self, visit, notice_id, **_kwargs):
        """The document of a notice that went out, as it went out."""
        notice = visit.debtor._portal_notices(visit.company).filtered(lambda one: one.id == notice_id)
        if not notice.attachment_id:
            return closed()
        return pdf_response(notice.attachment_id.raw, f"{notice.name}.pdf")

    @http.route(routes("/receipts/<int:payment_id>"), **SHOW)
    @visited()
    def recovery_receipt(self, visit, payment_id, **_kwargs):
        """The receipt of a payment, as PDF."""
        payment = visit.debtor._portal_receipts(visit.company).filtered(lambda one: one.id == payment_id)
        if not payment:
            return closed()
        if refusal := too_many_papers(visit):
            return refusal
        printer = visit.env["ir.actions.report"].with_company(visit.company)
        return pdf_response(printer._recovery_print(RECEIPT, payment)[payment], f"{payment.name}.pdf")

    @http.route(routes("/pay"), **SHOW)
    @visited()
    def recovery_pay(self, visit, amount=None, **_kwargs):
        """The form to pay what is overdue, or the invoices that were ticked, or a part."""
        ticked = typed_ids(request.httprequest.args.getlist("items"))
        chosen = "-".join(map(str, ticked)) or OVERDUE
        due, items = visit.debtor._portal_payable(visit.company, ticked)
        amount = asked_amount(visit, amount) or due
        amount = visit.debtor._portal_check_part(visit.company, items, amount, due)
        values = {"page_name": "recovery_act", "visit": visit, "items": items, "amount": amount, "due": due}
        if not visit.is_preview:
            values |= self._recovery_payment_form(
                visit,
                items.company_id,
                total_amount=amount,
                currency=items.currency_id,
                payment_reference=", ".join(items.move_id.mapped("name")[:3]),
                landing_route=visit.url(),
                transaction_route=visit.url(f"/pay/{chosen}/transaction", left=due),
            )
            values["amount"] = amount
        return self._recovery_page("pay", **values)

    # -- acts ------------------------------------------------------------------------------

    @http.route(routes("/promise") + routes("/write"), **SHOW)
    @visited()
    def recovery_account_again(self, visit, **_kwargs):
        """Where what was done is done: whoever reloads the answer to it is back on the account."""
        return request.redirect(visit.url())

    @http.route(routes("/promise"), **ACT)
    @visited(acts=True)
    def recovery_promise(self, visit, date=None, **_kwargs):
        """Note that the debtor will pay by ``date`` what is late today: how much is late, the server says."""
        visit.debtor._portal_promise(visit.company, date, visit.author())
        return request.redirect(visit.url(done="promise"))
