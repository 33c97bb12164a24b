"""Choosing, signing and refusing an agreement on the portal."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .account import farewell
from .portal import RecoveryPortal
from .visit import ACT, SHOW, closed, discreet, find_visit, pdf_response, plan_routes, visited

#: Where the session keeps which document its visitor was shown: nobody goes on with another's.
SHOWN = "recovery_signature"


class RecoverySigning(RecoveryPortal):
    # -- reading ---------------------------------------------------------------------------

    @http.route(plan_routes("/sign"), **ACT)
    @visited("plan", acts=True)
    def recovery_sign_begin(self, visit, plan, **_kwargs):
        """Print what is to be signed, and keep it as it is shown."""
        if plan.state != "proposed":
            raise UserError(visit.env._("This offer is no longer open."))
        trace = {
            "ip_address": request.httprequest.remote_addr,
            "user_agent": request.httprequest.user_agent.string,
            "user_id": visit.user.id if visit.user else False,
            "link_id": visit.link.id if visit.link else False,
        }
        shown = visit.env["recovery.signature"]._show(plan, "debtor", trace)
        request.session[SHOWN] = shown.id
        return request.redirect(visit.url(f"/plans/{plan.id}/sign"))

    @http.route(plan_routes("/sign"), **SHOW)
    @visited("plan")
    def recovery_sign(self, visit, plan, **values):
        """The document that was shown, and what is asked to sign it."""
        shown = self._recovery_shown(visit, plan)
        if not shown:
            return request.redirect(visit.url(f"/plans/{plan.id}"))
        return self._recovery_sign_page(visit, plan, shown, sent=values.get("sent"))

    def _recovery_sign_page(self, visit, plan, shown, **values):
        return self._recovery_page(
            "sign", page_name="recovery_sign", visit=visit, plan=plan, shown=shown, **values
        )

    def _recovery_shown(self, visit, plan):
        """Return what this visitor was shown and may still sign, or an empty record."""
        found = visit.env["recovery.signature"].browse(request.session.get(SHOWN)).exists()
        return found if found.plan_id == plan and found._is_current() else found.browse()

    def _recovery_no_longer(self, visit):
        """What is said to whoever goes back after signing, waits too long, or began with another offer meanwhile."""
        return visit.env._(
            "This document is no longer open here: look at the offer, and begin to sign again."
        )

    @http.route(
        [path for step in ("/code", "/confirm") for path in plan_routes(f"/sign{step}")]
        + [path for step in ("/choose", "/refuse") for path in plan_routes(step)],
        **SHOW,
    )
    @visited("plan")
    def recovery_plan_again(self, visit, plan, **_kwargs):
        """Where something is done with an offer: whoever reloads the answer to it is back at the offer."""
        return request.redirect(visit.url(f"/plans/{plan.id}"))

    @http.route(plan_routes("/sign/document"), **SHOW)
    @visited("plan")
    def recovery_sign_document(self, visit, plan, **_kwargs):
        """The very file that is signed."""
        shown = self._recovery_shown(visit, plan)
        return pdf_response(shown.document_id.raw, f"{plan.name}.pdf") if shown else closed()

    @http.route(plan_routes("/signed"), **SHOW)
    @visited("plan")
    def recovery_signed_document(self, visit, plan, **_kwargs):
        """The agreement that both have signed."""
        signed = plan.signed_document_id
        return pdf_response(signed.raw, f"{plan.name}.pdf") if signed else closed()

    # -- signing ---------------------------------------------------------------------------

    @http.route(plan_routes("/sign/code"), **ACT)
    @visited("plan", acts=True)
    def recovery_sign_code(self, visit, plan, address=None, **_kwargs):
        """Send a one-time code to an address that was known before."""
        shown = self._recovery_shown(visit, plan)
        if not shown:
            raise UserError(self._recovery_no_longer(visit))
        return self._recovery_sign_step(visit, plan, shown, lambda: shown._send_code(address), sent="1")

    @http.route(plan_routes("/sign/confirm"), **ACT)
    @visited("plan")
    def recovery_sign_confirm(self, visit, plan, code=None, **words):
        """Take the code, the consent and, of a natural person, the sum in figures and words."""
        if visit.is_preview:
            return closed()
        shown = self._recovery_shown(visit, plan)
        if not shown:
            raise UserError(self._recovery_no_longer(visit))

        def confirm():
            if not words.get("consent"):
                raise UserError(visit.env._("Tick that you agree, if you do."))
            if not shown._check_code(words.get("one_time_code")):
                return visit.env._("The code is wrong or too old. Ask for a new one.")
            return shown._confirm(
                words.get("name"), words.get("capacity"), words.get("figures"), words.get("words")
            )

        return self._recovery_sign_step(visit, plan, shown, confirm, typed=words)

    def _recovery_sign_step(self, visit, plan, shown, step, typed=None, **query):
        """Do a step; what is wrong with it is told on the page, and a wrong code stays counted."""
        try:
            with request.env.cr.savepoint():
                error = step()
        except UserError as refusal:
            error = str(refusal)
        if isinstance(error, str):
            return discreet(self._recovery_sign_page(visit, plan, shown, error=error, typed=typed or {}))
        return request.redirect(visit.url(f"/plans/{plan.id}/sign", **query))

    @http.route(plan_routes("/sign/finish"), type="jsonrpc", auth="public")
    def recovery_sign_finish(self, plan_id, name=None, signature=None, **words):
        """Take the signature that was drawn or typed; called by Odoo's signature form."""
        visit = find_visit({**words, "plan_id": plan_id})
        plan = visit.plan(plan_id) if visit and not visit.is_preview else None
        shown = self._recovery_shown(visit, plan) if plan else None
        if not shown or not signature:
            return {"error": request.env._("This offer is no longer open. Reload the page.")}
        try:
            with request.env.cr.savepoint():
                plan._portal_sign(shown, signature)
        except UserError as error:
            return {"error": str(error)}
        request.session.pop(SHOWN, None)
        return {"force_refresh": True, "redirect_url": visit.url(f"/plans/{plan.id}", done="signed")}

    # -- choosing and refusing ---------------------------------------------------------------

    @http.route(plan_routes("/refuse"), **ACT)
    @visited("plan", acts=True)
    def recovery_refuse(self, visit, plan, reason=None, **_kwargs):
        """Refuse the offer, with a reason."""
        if plan.state != "proposed":
            raise UserError(visit.env._("This offer is no longer open."))
        plan._portal_refuse(reason, visit.author())
        return request.redirect(farewell(visit, done="refused") if visit.only else visit.url(done="refused"))

    @http.route(plan_routes("/choose"), **ACT)
    @visited("plan", acts=True)
    def recovery_choose(self, visit, plan, option=None, **_kwargs):
        """Choose one of the ways to pay of a draft: it becomes an offer, to be signed."""
        plan._portal_choose(option, visit.author())
        return request.redirect(visit.url(f"/plans/{plan.id}"))
