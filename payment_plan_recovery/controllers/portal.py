"""The debtor's plans, and one plan with its schedule, papers and payments."""

from datetime import timedelta

from odoo import fields, http
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq

from ..models.portal.plan import CHOICES, UNDER_WAY
from .paper import too_many_papers
from .visit import (
    SHOW,
    asked_amount,
    closed,
    discreet,
    pdf_response,
    plan_routes,
    spoken,
    typed_page,
    visited,
)

#: Papers of a plan that its debtor may open, by their name in the address.
PAPERS = {
    "agreement": "payment_plan_recovery.report_agreement",
    "statement": "payment_plan_recovery.report_plan_statement",
}
#: How long the pages say that a payment came, or did not go through.
TOLD_FOR = timedelta(hours=1)


class RecoveryPortal(PortalAccount):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        contact = request.env.user.partner_id.sudo()  # sudo: the user's own contact and commercial entity
        debtor = contact.commercial_partner_id
        if "recovery_plan_count" in counters:
            values["recovery_plan_count"] = (
                0
                if contact.recovery_no_portal
                else self._recovery_plans().search_count(self._recovery_plan_domain())
            )
        if "recovery_claim_count" in counters:
            values["recovery_claim_count"] = 0 if contact.recovery_no_portal else debtor._portal_claim_count()
        return values

    def _recovery_plans(self):
        # sudo: no right on plans for the portal; the domain keeps to the user's own commercial entity
        return request.env["recovery.plan"].sudo()

    def _recovery_plan_domain(self):
        contact = request.env.user.partner_id.sudo()  # sudo: the user's own contact
        debtor = contact.commercial_partner_id
        companies = [] if contact.recovery_no_portal else debtor._recovery_portal_companies()
        return [("company_id", "in", companies), *contact._recovery_portal_plan_domain()]

    def _recovery_page(self, name, **values):
        layout = self._prepare_portal_layout_values()
        # what the browser makes of the page itself, the signature pad, speaks this language, not the browser's
        layout["html_data"] = spoken()
        visit = values.get("visit")
        title = (visit.company if visit else request.env.company.sudo()).name  # sudo: on all that it writes
        words = {**layout, "typed": {}, "title": title, **values}
        return discreet(request.render(f"payment_plan_recovery.portal_{name}", words))

    # -- pages -----------------------------------------------------------------------------

    @http.route(
        ["/my/plans", "/my/plans/page/<int:page>"], type="http", auth="user", website=True, readonly=True
    )
    def recovery_plans(self, page=1, **_kwargs):
        """The plans of the user's commercial entity."""
        plans, domain = self._recovery_plans(), self._recovery_plan_domain()
        pager = portal_pager(
            url="/my/plans",
            total=plans.search_count(domain),
            page=typed_page(page),
            step=self._items_per_page,
        )
        found = plans.search(domain, limit=self._items_per_page, offset=pager["offset"])
        values = {
            "page_name": "recovery_plans",
            "plans": found,
            "pager": pager,
            "default_url": "/my/plans",
            "is_hidden": not found and self._recovery_plans_are_hidden(),
        }
        return self._recovery_page("my_plans", **values)

    def _recovery_plans_are_hidden(self):
        """Whether the user is shown no plan though there may be some."""
        contact = request.env.user.partner_id.sudo()  # sudo: the user's own contact
        theirs = contact._recovery_portal_plan_domain()
        return contact.recovery_no_portal or bool(self._recovery_plans().search_count(theirs, limit=1))

    @http.route("/my/plans/<int:plan_id>/open", type="http", auth="public", website=True, sitemap=False)
    def recovery_plan_by_token(self, plan_id, access_token=None, **_kwargs):
        """The address that Odoo's own mails about a plan carry: it leads to the plan's link."""
        plan = self._recovery_plans().browse(plan_id).exists()
        known = plan.access_token and consteq(plan.access_token.encode(), (access_token or "").encode())
        link = plan.partner_id._recovery_portal_link(plan.company_id, plan) if known else None
        return request.redirect(link._path() if link else f"/my/plans/{plan_id}")

    @http.route(plan_routes(), **SHOW)
    @visited("plan")
    def recovery_plan(self, visit, plan, choice=None, amount=None, **values):
        """One plan, and the form to pay what was chosen of it."""
        return self._recovery_plan_page(visit, plan, choice, amount, done=values.get("done"))

    def _recovery_plan_page(self, visit, plan, choice=None, amount=None, **values):
        values = {**self._recovery_payment_values(visit, plan, choice, amount), **values}
        return self._recovery_page(
            "my_plan",
            page_name="recovery_plan",
            visit=visit,
            plan=plan,
            amounts=plan._portal_amounts(),
            payment_told=self._recovery_payment_told(visit, plan),
            **values,
        )

    def _recovery_payment_told(self, visit, plan=None):
        """Return the last payment begun in this browser, of ``plan``, if lately it came, failed or was given up."""
        begun = request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY)
        last = visit.env["payment.transaction"].browse(begun or []).exists()
        lately = fields.Datetime.now() - TOLD_FOR
        return last.filtered(
            lambda payment: (
                payment.state in ("done", "error", "cancel")
                and payment.recovery_debtor_id == visit.debtor
                and (plan is None or payment.recovery_plan_id == plan)
                and payment.last_state_change > lately
            )
        )

    @http.route(plan_routes("/paper/<string:paper>"), **SHOW)
    @visited("plan")
    def recovery_plan_paper(self, visit, plan, paper, **_kwargs):
        """A document of the plan as PDF."""
        if paper not in PAPERS:
            return closed()
        if refusal := too_many_papers(visit):
            return refusal
        printed = (
            visit.env["ir.actions.report"].with_company(plan.company_id).with_context(lang=plan._language())
        )
        pdf = printed._recovery_print(PAPERS[paper], plan)[plan]
        return pdf_response(pdf, f"{plan.name} {paper}.pdf")

    # -- paying ----------------------------------------------------------------------------

    def _recovery_payment_values(self, visit, plan, choice, amount):
        """Return what Odoo's payment form needs to take the money for ``choice``; nothing when none was made."""
        if choice not in CHOICES or visit.is_preview or plan.date_closed:
            return {}
        left = plan._portal_amounts()["all"]
        if not left:
            return {}
        try:
            whole = plan._portal_amount(choice, asked_amount(visit, amount))
            step = plan._portal_step(choice, whole)
        except UserError as error:
            return {"error": str(error)}
        path = f"/plans/{plan.id}"
        form = self._recovery_payment_form(
            visit,
            step.company,
            total_amount=step.amount,
            currency=plan.currency_id,
            payment_reference=plan.name,
            landing_route=visit.url(path),
            transaction_route=visit.url(f"{path}/transaction/{choice}", left=left, whole=whole),
        )
        later = plan.currency_id.round(whole - step.amount)
        return {**form, "amount": step.amount, "choice": choice, "later": later, "paid_to": step.company}

    def _recovery_payment_form(self, visit, company, **asked):
        """Return what Odoo's payment form needs to take the amount ``asked`` for ``company``."""
        parties = {
            "partner": visit.debtor,
            "company": company,
            "amount_residual": asked["total_amount"],
        }
        form = self._get_common_page_view_values(invoices_data={**parties, **asked}, access_token="")
        if not visit.user:
            form["tokens_sudo"] = form["tokens_sudo"].browse()  # saved means are for their owner's login
        return {**form, "payment": True}

    # -- Odoo's own pages ------------------------------------------------------------------

    @http.route()
    def portal_my_overdue_invoices(self, access_token=None, **kw):
        """Pay all that is overdue on the account, where one is shown.

        It knows what is disputed, promised or being paid, leaves each creditor and currency apart, and takes in what
        other contacts of the debtor were invoiced.
        """
        contact = request.env.user.partner_id.sudo()  # sudo: the user's own contact and commercial entity
        creditors = contact.commercial_partner_id._recovery_portal_creditors()
        if request.env.user._is_public() or contact.recovery_no_portal or not creditors:
            return super().portal_my_overdue_invoices(access_token, **kw)
        is_one = len(creditors) == 1
        return request.redirect(f"/my/creditor/{creditors.id}/pay" if is_one else "/my/statement")

    def _get_overdue_invoices_domain(self, partner_id=None):
        """Not what a plan covers, what is being paid on our pages, or what is declared to an insolvency."""
        domain = super()._get_overdue_invoices_domain(partner_id)
        partner = (
            request.env["res.partner"].sudo().browse(partner_id)
            if partner_id
            else request.env.user.partner_id
        )
        # sudo: which of its own invoices are paid elsewhere the customer may know
        debtor = partner.sudo().commercial_partner_id
        items = debtor.env["recovery.plan.item"].search(
            [("is_live", "=", True), ("plan_id.partner_id", "=", debtor.id)]
        )
        payments = debtor.env["payment.transaction"].search(
            [("recovery_debtor_id", "=", debtor.id), ("state", "in", UNDER_WAY)]
        )
        elsewhere = items.move_id | payments._recovery_under_way().recovery_item_ids.move_id
        elsewhere |= debtor.env["account.move"].search(domain)._recovery_declared()
        return [*domain, ("id", "not in", elsewhere.ids)] if elsewhere else domain

    def _overdue_invoices_get_page_view_values(self, overdue_invoices, **kwargs):
        """What is asked for is what is still owed, not what the invoices were made for."""
        values = super()._overdue_invoices_get_page_view_values(overdue_invoices, **kwargs)
        if "payment" in values:
            owed = sum(overdue_invoices.mapped("amount_residual"))
            values["amount"] = values["payment"]["amount"] = owed
        return values
