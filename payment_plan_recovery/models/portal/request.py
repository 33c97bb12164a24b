"""What debtors ask for online: a plan, other contact data, an answer. Each waits for a person."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ...tools.text import one_line
from ..common.company_words import words_of
from ..common.keep import keep
from ..common.labelled import labelled
from .plan import REST_AGAIN

#: What a debtor may correct of itself, by the field of the request that holds it.
CONTACT_DATA = {
    "new_email": "email",
    "new_phone": "phone",
    "new_street": "street",
    "new_zip": "zip",
    "new_city": "city",
}


class RecoveryRequest(models.Model):
    """Something a debtor asks for on the portal, from the asking to the answer: what it says, nobody else writes."""

    _name = "recovery.request"
    _description = "Request on the Portal"
    _inherit = ["recovery.debtor.mixin", "recovery.exchange"]
    _order = "state desc, id desc"
    _check_company_auto = True
    _by_actions = True

    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, index=True, help="Who asks.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    kind = fields.Selection(
        [("plan", "Instalment plan"), ("contact", "Contact data"), ("message", "Message")],
        required=True,
        help="What the debtor asks for.",
    )
    description = fields.Text(string="What it says", required=True, help="In the debtor's words.")
    amount = fields.Monetary(string="Can pay", help="What the debtor says that it can pay each month.")
    date_first = fields.Date(string="From", help="When the debtor says that it can begin.")
    plan_id = fields.Many2one(
        "recovery.plan", check_company=True, index="btree_not_null", help="The plan that was drafted for it."
    )
    new_email = fields.Char(string="E-mail", help="As the debtor corrects it.")
    new_phone = fields.Char(string="Telephone", help="As the debtor corrects it.")
    new_street = fields.Char(string="Street", help="As the debtor corrects it.")
    new_zip = fields.Char(string="Postcode", help="As the debtor corrects it.")
    new_city = fields.Char(string="Town", help="As the debtor corrects it.")
    user_id = fields.Many2one("res.users", string="Responsible", protected=False, help="Who answers.")
    date_opened = fields.Date(
        required=True, default=lambda self: self.env.company._recovery_today(), readonly=True
    )
    hold_id = fields.Many2one("recovery.hold", readonly=True, copy=False, protected=True)
    is_withdrawn = fields.Boolean(
        string="Withdrawn",
        readonly=True,
        copy=False,
        protected=True,
        help="The debtor withdrew it, or asked anew: nobody has to answer it any more.",
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Answered")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        protected=True,
    )

    @api.depends_context("lang")
    @api.depends("partner_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = labelled(
                self.env, request.partner_id.display_name, kinds.get(request.kind)
            )

    # -- asking ----------------------------------------------------------------------------

    @api.model
    def _open(self, debtor, company, kind, author, **values):
        """Note what a debtor asks for; one of a kind at a time.

        :param author: the contact who asks
        :raise UserError: nothing is said, or it asked already and has no answer yet
        """
        if not (values.get("description") or "").strip():
            raise UserError(self.env._("Say in a few words what you need."))
        keep(debtor)
        if self._open_of(debtor, company, kind):
            raise UserError(self.env._("You have asked already, and we are at it: write there if need be."))
        responsible = debtor._recovery_responsible(company)
        request = self.create(
            {
                "partner_id": debtor.id,
                "company_id": company.id,
                "kind": kind,
                "user_id": responsible.id,
                "date_opened": company._recovery_today(),
                **values,
            }
        )
        words = words_of(company)
        kinds = dict(self._fields["kind"]._description_selection(words))
        debtor._portal_note(
            company,
            labelled(words, f"{kinds[kind]} ({author.name})", values["description"]),
            request,
            words._("A debtor asks on the portal: answer it"),
        )
        return request

    @api.model
    def _open_of(self, debtor, company, kind):
        """Return what a debtor asked for, of a kind, and nobody has answered yet; else an empty one."""
        mine = debtor._recovery_portal_domain(company)
        return self.search([*mine, ("kind", "=", kind), ("state", "=", "open")], limit=1)

    def _withdraw(self, author, note=True):
        """Take back what the debtor asked for: nobody answers it, and a plan that was only drafted for it is given up.

        :param author: who says so, for the file
        :param note: whether the person responsible is told; whoever asks anew is told of by that
        :raise UserError: it was answered meanwhile, or an offer lies for it
        """
        keep(self.partner_id)
        if self.state != "open":
            raise UserError(
                self.env._("This was answered and closed meanwhile. Write to us again from your account.")
            )
        if self._is_offered():
            raise UserError(
                self.env._("We have made you an offer for it: sign it, refuse it, or write to us.")
            )
        self.plan_id.filtered(lambda plan: plan.state == "draft").action_cancel()
        self.is_withdrawn = True
        self._close()
        if note:
            words = words_of(self.company_id)
            said = words._("%(who)s withdrew what it asked for: %(what)s", who=author, what=self.description)
            self.partner_id._portal_note(self.company_id, said)

    def _is_offered(self):
        """Whether an offer lies for what was asked: it is signed or refused, and not asked for anew."""
        return self.plan_id.state in ("proposed", "accepted")

    def _pass_rest_on(self):
        """Return the hold that goes on today, which another request takes over; an empty one when none does."""
        hold = self.hold_id.filtered(
            lambda hold: not hold.date_until or hold.date_until > self.company_id._recovery_today()
        )
        if hold:
            self.hold_id = False
        return hold

    @api.model
    def _ask_for_plan(self, debtor, company, author, **said):
        """Note that the debtor asks for a plan over what is late, draft it, and let the debtor rest meanwhile.

        What it asked before, and nobody has answered yet, gives way; its rest goes on, and gets no longer.

        :param said: description; amount each month and date_first as the debtor says them
        """
        late = debtor._portal_late_claims(company)
        former = self._open_of(debtor, company, "plan")
        company = debtor._portal_kept_by(late, company)
        rest = former._pass_rest_on()
        if former:
            former._withdraw(author.name, note=False)
        today = company._recovery_today()
        first = min(max(said.get("date_first") or today, today), today + timedelta(days=31))
        request = self._open(
            debtor,
            company,
            "plan",
            author,
            **{**said, "date_first": first, "currency_id": late.currency_id.id},
        )
        request.hold_id = rest or request._rest(late.move_line_id)
        request.plan_id = request._draft(late.move_line_id)
        return request

    def _rest(self, items):
        """Return a hold on ``items`` for the days that the company declared; none when it rested lately."""
        holds = self.env["recovery.hold"]
        today, days = self.date_opened, self.company_id.recovery_portal_hold_days
        words = words_of(self.company_id)
        rested = self.search_count(
            [
                *self.partner_id._recovery_portal_domain(self.company_id),
                ("hold_id", "!=", False),
                ("date_opened", ">", today - timedelta(days=REST_AGAIN)),
            ],
            limit=1,
        )
        if rested or not days:
            return holds
        return holds.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "move_line_ids": [fields.Command.set(items.ids)],
                "kind": "negotiation",
                "date_from": today,
                "date_until": today + timedelta(days=days),
                "reason": words._("The debtor asked for a plan on the portal: %s", self.description),
                "user_id": self.user_id.id,
            }
        )

    def _draft(self, items):
        """Return a draft plan over ``items`` with its ways to pay, which the debtor may choose from if declared."""
        plan = self.env["recovery.plan"].with_company(self.company_id)
        terms = {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "user_id": self.user_id.id,
            "date_start": self.date_first,
            "recovery_portal_choice": self.company_id.recovery_portal_plans,
            "item_ids": [fields.Command.create({"move_line_id": item.id}) for item in items],
        }
        if self.amount > 0:
            terms |= {"amount_max": self.amount, "instalment_count": 0}
        draft = plan.create(terms)
        draft.action_compare_options()
        return draft

    @api.model
    def _correct(self, debtor, company, author, data):
        """Propose other contact data of the debtor; a person checks it before it is used.

        What it proposed before, and nobody has checked yet, gives way.

        :param data: {field of the request: what the debtor says}; other words say nothing
        """
        changed = {
            name: one_line(data[name])
            for name, field in CONTACT_DATA.items()
            if (data.get(name) or "").strip() and one_line(data[name]) != (debtor[field] or "")
        }
        if not changed:
            raise UserError(self.env._("Nothing is different from what we have."))
        if "new_email" in changed and not email_normalize(changed["new_email"]):
            raise UserError(self.env._("Write one e-mail address, such as name@example.com."))
        said = ", ".join(changed.values())
        if former := self._open_of(debtor, company, "contact"):
            former._withdraw(author.name, note=False)
        return self._open(debtor, company, "contact", author, description=said, **changed)

    # -- answering -------------------------------------------------------------------------

    def action_apply(self):
        """Take over the contact data that the debtor corrected."""
        self.ensure_one()
        self.check_access("write")
        if self.kind != "contact" or self.state != "open":
            raise UserError(self.env._("There is no contact data to take over here."))
        values = {field: self[name] for name, field in CONTACT_DATA.items() if self[name]}
        # sudo: collectors correct no contacts otherwise; these values are the debtor's own, and were looked at
        self.partner_id.sudo().write(values)
        self.partner_id.sudo()._message_log(
            body=words_of(self.company_id)._(
                "Corrected by the debtor on the portal, checked by %s.", self.env.user.name
            )
        )
        self._close()

    def action_close(self):
        """The request is answered."""
        self.check_access("write")
        self._close()

    def _close(self):
        # sudo: protected from clients; the right to write was checked
        closing = self.sudo().filtered(lambda request: request.state == "open")
        closing.write({"state": "closed", "is_waiting": False})
        closing.hold_id._end_today()
        closing.activity_ids.action_done()

    @api.model
    def _waiting_sql(self, companies) -> SQL:
        """Return a query of (partner_id, company_id, since, res_id): requests that wait for an answer."""
        return SQL(
            """
            SELECT request.partner_id, request.company_id, request.date_opened AS since, request.id AS res_id
              FROM recovery_request request
             WHERE request.company_id = ANY(%s) AND request.state = 'open' AND request.is_waiting
            """,
            companies.ids,
        )
