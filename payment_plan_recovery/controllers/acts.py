"""What a debtor does online besides paying and signing: asks, disputes, corrects, writes, rates.

Each act is kept as an interaction on its file, tells the person responsible and is counted by the hour.
"""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.portal.typed import typed_day
from .account import RecoveryAccount
from .visit import ACT, SHOW, asked_amount, closed, plan_routes, routes, typed_ids, visited


class RecoveryActs(RecoveryAccount):
    def _recovery_act_page(self, visit, name, **values):
        return self._recovery_page(name, page_name="recovery_act", visit=visit, **values)

    def _recovery_files(self):
        """Return the files sent with the form: [(name, content)]."""
        sent = request.httprequest.files.getlist("files")
        return [(file.filename, file.read()) for file in sent if file.filename]

    # -- a plan ----------------------------------------------------------------------------

    @http.route(routes("/ask"), **SHOW)
    @visited()
    def recovery_ask(self, visit, **_kwargs):
        """The form to ask for a plan."""
        return self._recovery_ask_page(visit)

    def _recovery_ask_page(self, visit, **values):
        asked = visit.env["recovery.request"]._open_of(visit.debtor, visit.company, "plan")
        today = visit.company._recovery_today()
        return self._recovery_act_page(visit, "ask", asked=asked, today=today, **values)

    @http.route(routes("/ask"), **ACT)
    @visited(acts=True, again="_recovery_ask_page")
    def recovery_ask_for_plan(self, visit, description=None, amount=None, date=None, **_kwargs):
        """Ask for a plan over what is late; whoever asks again asks for that instead."""
        asked = visit.env["recovery.request"]._ask_for_plan(
            visit.debtor,
            visit.company,
            visit.payer,
            description=description,
            amount=asked_amount(visit, amount) or 0.0,
            date_first=typed_day(date),
        )
        chosen = asked.plan_id if asked.plan_id.recovery_portal_choice else None
        return request.redirect(visit.url(f"/plans/{chosen.id}") if chosen else visit.url(done="asked"))

    # -- disputes --------------------------------------------------------------------------

    @http.route(routes("/dispute") + routes("/dispute/page/<int:page>"), **SHOW)
    @visited()
    def recovery_dispute_form(self, visit, page=1, **_kwargs):
        """The form to dispute invoices."""
        return self._recovery_dispute_form_page(visit, {"page": page})

    def _recovery_dispute_form_page(self, visit, typed, **values):
        causes = visit.env["recovery.dispute"]._fields["cause"]._description_selection(visit.env)
        page = typed.get("page", 1)
        free = self._recovery_rows(visit, page, "/dispute", [("instalment_id", "=", False)])
        ticked = typed_ids(request.httprequest.form.getlist("items"))
        return self._recovery_act_page(
            visit, "dispute_form", causes=causes, typed=typed, ticked=ticked, **free, **values
        )

    @http.route(routes("/dispute"), **ACT)
    @visited(acts=True, again="_recovery_dispute_form_page")
    def recovery_dispute_raise(self, visit, cause=None, description=None, amount=None, **_kwargs):
        """Dispute what was ticked, or a part of one invoice."""
        ticked = request.httprequest.form.getlist("items")
        dispute = visit.env["recovery.dispute"]._raise(
            visit.debtor,
            visit.company,
            visit.payer,
            items=typed_ids(ticked),
            cause=cause,
            description=description,
            amount=asked_amount(visit, amount) or 0.0,
            files=self._recovery_files(),
        )
        return request.redirect(visit.url(f"/disputes/{dispute.id}"))

    @http.route(routes("/disputes/<int:dispute_id>"), **SHOW)
    @visited()
    def recovery_dispute(self, visit, dispute_id, done=None, **_kwargs):
        """A dispute and what was written about it."""
        return self._recovery_dispute_page(visit, {"dispute_id": dispute_id}, done=done)

    def _recovery_dispute_page(self, visit, typed, **values):
        dispute = self._recovery_own(visit, "recovery.dispute", typed["dispute_id"])
        if not dispute:
            return closed()
        return self._recovery_act_page(visit, "dispute", record=dispute, typed=typed, **values)

    @http.route(routes("/disputes/<int:dispute_id>"), **ACT)
    @visited(acts=True, again="_recovery_dispute_page")
    def recovery_dispute_answer(self, visit, dispute_id, body=None, rating=None, **_kwargs):
        """Write more about a dispute that is open; rate one that is closed."""
        dispute = self._recovery_own(visit, "recovery.dispute", dispute_id)
        if not dispute:
            return closed()
        if dispute.state == "closed":
            if rating is None:  # the page was opened while the dispute was
                raise UserError(
                    visit.env._(
                        "This dispute was closed meanwhile. How it ended stands on this page; write to us if you "
                        "disagree."
                    )
                )
            dispute._portal_rate(dispute._numbers(), rating, body, visit.author())
            return request.redirect(visit.url(f"/disputes/{dispute.id}", done="rated"))
        self._recovery_say(visit, dispute, body)
        return request.redirect(visit.url(f"/disputes/{dispute.id}"))

    # -- writing ---------------------------------------------------------------------------

    @http.route(routes("/write"), **ACT)
    @visited(acts=True)
    def recovery_write(self, visit, body=None, **_kwargs):
        """Write to the creditor: it opens an exchange, to be answered, or goes on with the one that is open."""
        requests = visit.env["recovery.request"]
        asked = requests._open_of(visit.debtor, visit.company, "message")
        if asked:
            self._recovery_say(visit, asked, body)
        else:
            asked = requests._open(visit.debtor, visit.company, "message", visit.payer, description=body)
            asked._keep_said(body, visit.payer, self._recovery_kept_files(visit))
        return request.redirect(visit.url(f"/requests/{asked.id}"))

    @http.route(routes("/requests/<int:request_id>"), **SHOW)
    @visited()
    def recovery_request(self, visit, request_id, **_kwargs):
        """What was asked, and what was written about it."""
        return self._recovery_request_page(visit, {"request_id": request_id})

    def _recovery_request_page(self, visit, typed, **values):
        asked = self._recovery_own(visit, "recovery.request", typed["request_id"])
        if not asked:
            return closed()
        return self._recovery_act_page(visit, "request", record=asked, typed=typed, **values)

    @http.route(routes("/requests/<int:request_id>"), **ACT)
    @visited(acts=True, again="_recovery_request_page")
    def recovery_request_answer(self, visit, request_id, body=None, **_kwargs):
        """Write more about what was asked."""
        asked = self._recovery_own(visit, "recovery.request", request_id)
        if not asked:
            return closed()
        if asked.state == "closed":  # the page was opened while it was open
            raise UserError(
                visit.env._("This was answered and closed meanwhile. Write to us again from your account.")
            )
        self._recovery_say(visit, asked, body)
        return request.redirect(visit.url(f"/requests/{asked.id}"))

    @http.route(routes("/requests/<int:request_id>/withdraw"), **SHOW)
    @visited()
    def recovery_request_reloaded(self, visit, request_id, **_kwargs):
        """Where what was asked is taken back: whoever reloads the answer to it is back at what was asked."""
        return request.redirect(visit.url(f"/requests/{request_id}"))

    @http.route(routes("/requests/<int:request_id>/withdraw"), **ACT)
    @visited(acts=True, again="_recovery_request_page")
    def recovery_request_withdraw(self, visit, request_id, **_kwargs):
        """Take back what was asked and has no answer yet."""
        asked = self._recovery_own(visit, "recovery.request", request_id)
        if not asked:
            return closed()
        asked._withdraw(visit.author())
        return request.redirect(visit.url(f"/requests/{asked.id}"))

    def _recovery_own(self, visit, model, number):
        """Return a record of the visit's debtor and creditor, else an empty one."""
        return visit.env[model].search(
            [("id", "=", number), *visit.debtor._recovery_portal_domain(visit.company)]
        )

    def _recovery_say(self, visit, record, body):
        if not (body or "").strip():
            raise UserError(visit.env._("Write something first."))
        if record._has_just_said(body, visit.payer) and not self._recovery_files():
            return  # a second click
        record._portal_say(body, visit.payer, self._recovery_kept_files(visit))

    def _recovery_kept_files(self, visit):
        return visit.env["recovery.portal.files"]._keep(self._recovery_files())

    @http.route(routes("/disputes/<int:dispute_id>/files/<int:file_id>"), **SHOW)
    @visited()
    def recovery_dispute_file(self, visit, dispute_id, file_id, **_kwargs):
        """A file of what was written about a dispute."""
        return self._recovery_file(self._recovery_own(visit, "recovery.dispute", dispute_id), file_id)

    @http.route(routes("/requests/<int:request_id>/files/<int:file_id>"), **SHOW)
    @visited()
    def recovery_request_file(self, visit, request_id, file_id, **_kwargs):
        """A file of what was written about what was asked."""
        return self._recovery_file(self._recovery_own(visit, "recovery.request", request_id), file_id)

    def _recovery_file(self, record, file_id):
        """Return a file of what the debtor wrote about ``record``, or was written; to be kept, never run."""
        file = record._exchanged().attachment_ids.filtered(lambda one: one.id == file_id)
        if not file:
            return closed()
        # sudo: of an exchange of the visit's debtor, which it reads with all that was sent
        stream = request.env["ir.binary"].sudo()._get_stream_from(file)
        return stream.get_response(as_attachment=True)

    # -- contact data ----------------------------------------------------------------------

    @http.route(routes("/data"), **SHOW)
    @visited()
    def recovery_data(self, visit, **_kwargs):
        """What we have of the debtor, to be corrected."""
        return self._recovery_data_page(visit)

    def _recovery_data_page(self, visit, **values):
        asked = visit.env["recovery.request"]._open_of(visit.debtor, visit.company, "contact")
        return self._recovery_act_page(visit, "data", asked=asked, **values)

    @http.route(routes("/data"), **ACT)
    @visited(acts=True, again="_recovery_data_page")
    def recovery_data_correct(self, visit, **words):
        """Propose other contact data: a person checks it before it is used."""
        visit.env["recovery.request"]._correct(visit.debtor, visit.company, visit.payer, words)
        return request.redirect(visit.url(done="asked"))

    @http.route(plan_routes("/autopay") + plan_routes("/rate"), **SHOW)
    @visited("plan")
    def recovery_plan_reloaded(self, visit, plan, **_kwargs):
        """Where something is done with a plan: whoever reloads the answer to it is back at the plan."""
        return request.redirect(visit.url(f"/plans/{plan.id}"))

    # -- automatic payment -----------------------------------------------------------------

    @http.route(plan_routes("/autopay"), **ACT)
    @visited("plan", acts=True)
    def recovery_autopay(self, visit, plan, token=None, **_kwargs):
        """Authorise a means of payment for the instalments to come; without one, stop it."""
        if token:
            plan._portal_authorise(token, visit.author(), visit.user)
        else:
            plan._portal_stop_autopay(visit.author())
        return request.redirect(visit.url(f"/plans/{plan.id}"))

    # -- rating ----------------------------------------------------------------------------

    @http.route(plan_routes("/rate"), **ACT)
    @visited("plan", acts=True)
    def recovery_rate_plan(self, visit, plan, rating=None, body=None, **_kwargs):
        """Say how a plan that is over was handled."""
        if not plan.date_closed:
            raise UserError(visit.env._("A plan is rated once it is over."))
        plan._portal_rate(plan.name, rating, body, visit.author())
        return request.redirect(visit.url(f"/plans/{plan.id}", done="rated"))
