"""The debtor's pages: its plans, and one plan with its schedule, papers and payments.

Nobody of the portal has a right on the addon's records. A page reads them by sudo after one question: does the plan
belong to the commercial entity of whoever is logged in, or does the link carry the plan's own token.
"""

from odoo import http
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request
from odoo.tools import consteq

from ..models.portal.plan import CHOICES

#: Papers of a plan that its debtor may open, by their name in the address.
PAPERS = {
    "agreement": "payment_plan_recovery.report_agreement",
    "statement": "payment_plan_recovery.report_plan_statement",
}


class RecoveryPortal(PortalAccount):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "recovery_plan_count" in counters:
            values["recovery_plan_count"] = self._recovery_plans().search_count(self._recovery_plan_domain())
        if "recovery_claim_count" in counters:
            # sudo: the user's own commercial entity, whose account the page shows
            debtor = request.env.user.partner_id.sudo().commercial_partner_id
            values["recovery_claim_count"] = debtor._portal_claim_count()
        return values

    def _recovery_plans(self):
        # sudo: no right on plans for the portal; the domain keeps to the user's own commercial entity
        return request.env["recovery.plan"].sudo()

    def _recovery_plan_domain(self):
        return self._recovery_plans()._portal_domain(request.env.user.partner_id)

    def _recovery_plan(self, plan_id, access_token=None):
        """Return the plan, by sudo, when whoever asks may see it.

        :raise MissingError: no such plan, or not one for this visitor: both sound the same
        """
        plan = self._recovery_plans().browse(plan_id).exists()
        known = plan and access_token and plan.access_token and consteq(plan.access_token, access_token)
        if known or (plan and not request.env.user._is_public() and self._recovery_is_own(plan)):
            return plan
        raise MissingError(request.env._("This plan does not exist, or the link to it has ended."))

    def _recovery_is_own(self, plan):
        return plan._portal_is_of(request.env.user.partner_id)

    # -- pages -----------------------------------------------------------------------------

    @http.route(
        ["/my/plans", "/my/plans/page/<int:page>"], type="http", auth="user", website=True, readonly=True
    )
    def recovery_plans(self, page=1, **_kwargs):
        """The plans of the user's commercial entity."""
        plans, domain = self._recovery_plans(), self._recovery_plan_domain()
        pager = portal_pager(
            url="/my/plans", total=plans.search_count(domain), page=page, step=self._items_per_page
        )
        found = plans.search(domain, limit=self._items_per_page, offset=pager["offset"])
        request.session["my_plans_history"] = found.ids[:100]
        values = {"page_name": "recovery_plans", "plans": found, "pager": pager, "default_url": "/my/plans"}
        return request.render(
            "payment_plan_recovery.portal_my_plans", {**self._prepare_portal_layout_values(), **values}
        )

    @http.route("/my/plans/<int:plan_id>", type="http", auth="public", website=True)
    def recovery_plan(self, plan_id, access_token=None, choice=None, amount=None, **kwargs):
        """One plan, and the form to pay what was chosen of it."""
        try:
            plan = self._recovery_plan(plan_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = {"page_name": "recovery_plan", "plan": plan, "amounts": plan._portal_amounts()}
        values |= self._recovery_payment_values(plan, access_token, choice, amount)
        values = self._get_page_view_values(plan, access_token, values, "my_plans_history", False, **kwargs)
        return request.render("payment_plan_recovery.portal_my_plan", values)

    @http.route("/my/plans/<int:plan_id>/<string:paper>", type="http", auth="public", website=True)
    def recovery_plan_paper(self, plan_id, paper, access_token=None, **_kwargs):
        """A paper of the plan as PDF, in the debtor's language."""
        try:
            plan = self._recovery_plan(plan_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if paper not in PAPERS:
            return request.not_found()
        printed = request.env["ir.actions.report"].with_company(plan.company_id)
        pdf = printed._recovery_print(PAPERS[paper], plan)[plan]
        name = f"{plan.name} {paper}.pdf".replace("/", "-")
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(pdf)),
            ("Content-Disposition", http.content_disposition(name, "inline")),
        ]
        return request.make_response(pdf, headers)

    # -- paying ----------------------------------------------------------------------------

    def _recovery_payment_values(self, plan, access_token, choice, amount):
        """Return what Odoo's payment form needs to take the money for ``choice``; nothing when none was made."""
        if choice not in CHOICES or not plan._portal_amounts()["all"]:
            return {}
        try:
            due = plan._portal_amount(choice, self._cast_as_float(amount))
        except ValidationError as error:
            return {"error": str(error)}
        form = self._get_common_page_view_values(
            invoices_data={
                "partner": plan.partner_id,
                "company": plan.company_id,
                "total_amount": due,
                "currency": plan.currency_id,
                "amount_residual": due,
                "payment_reference": plan.name,
                "landing_route": plan.get_portal_url(),
                "transaction_route": f"/my/plans/{plan.id}/transaction/{choice}",
            },
            access_token=access_token,
        )
        return {**form, "payment": True, "amount": due, "choice": choice}

    # -- Odoo's own pages ------------------------------------------------------------------

    def _get_overdue_invoices_domain(self, partner_id=None):
        """What a plan covers is not overdue: it is paid by the plan's instalments."""
        domain = super()._get_overdue_invoices_domain(partner_id)
        partner = (
            request.env["res.partner"].sudo().browse(partner_id)
            if partner_id
            else request.env.user.partner_id
        )
        # sudo: which of its own invoices are in a plan the customer may know
        covered = request.env["recovery.plan.item"].sudo()
        items = covered.search(
            [("is_live", "=", True), ("plan_id.partner_id", "=", partner.sudo().commercial_partner_id.id)]
        )
        return [*domain, ("id", "not in", items.move_id.ids)] if items else domain

    def _overdue_invoices_get_page_view_values(self, overdue_invoices, **kwargs):
        """What is asked for is what is still owed, not what the invoices were made for."""
        values = super()._overdue_invoices_get_page_view_values(overdue_invoices, **kwargs)
        if "payment" in values:
            owed = sum(overdue_invoices.mapped("amount_residual"))
            values["amount"] = values["payment"]["amount"] = owed
        return values
