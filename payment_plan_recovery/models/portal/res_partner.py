"""A debtor's account as it sees it on the portal. Callers come by sudo, with the debtor of whoever is logged in."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from ..claim.hold import SET_ASIDE
from ..claim.not_bound import unbound_among
from ..common.company_words import words_of
from ..common.keep import keep
from ..common.planner import one_by_one
from ..plan.plan import CLOSED_STATES
from .plan import REST_AGAIN
from .typed import typed_day

#: Kinds of holds for which what they name is neither promised nor put in a plan by the debtor: it is not asked for.
NOT_PROMISED = (*SET_ASIDE, "manual")


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_no_portal = fields.Boolean(
        string="No account on the portal",
        help="On a debtor: neither links nor logins open its account. On a contact: its login does not.",
    )
    recovery_portal_link_ids = fields.One2many(
        "recovery.portal.link",
        "partner_id",
        string="Links to the portal",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    # -- who may see it --------------------------------------------------------------------

    def _recovery_portal_allowed(self, company):
        """Whether the debtor's account with ``company`` may be seen on the portal at all."""
        return company.recovery_portal and not self.commercial_partner_id.recovery_no_portal

    def _recovery_portal_creditors(self):
        """Return the creditors that the debtor owes, or has or had a plan with, and that show it."""
        return self._recovery_portal_dealings().filtered(self._recovery_portal_allowed)

    def _recovery_portal_dealings(self):
        """Return the creditors that the debtor owes, or has or had a plan with, whether they show it or not."""
        found = self.env["recovery.claim"]._read_group([("partner_id", "=", self.id)], ["company_id"])
        planned = self.env["recovery.plan"]._read_group(self._recovery_portal_plan_domain(), ["company_id"])
        companies = self.env["res.company"].union(*(company for (company,) in found + planned))
        return companies._recovery_creditor()

    def _recovery_portal_companies(self):
        """Return the ids of these creditors and of all their branches."""
        creditors = self._recovery_portal_creditors()
        return [company_id for creditor in creditors for company_id in creditor._recovery_branch_ids()]

    def _recovery_portal_domain(self, company):
        """Return what is the debtor's with a creditor, whichever of its branches: what they are owed is one account."""
        return [("partner_id", "=", self.id), ("company_id", "in", company._recovery_branch_ids())]

    def _recovery_portal_plan_domain(self):
        """Return the plans that the debtor may see: offers, those it signed, whatever came of them, and its choices."""
        return [
            ("partner_id", "=", self.commercial_partner_id.id),
            "|",
            "|",
            ("state", "not in", ("draft", "cancelled")),
            ("date_accepted", "!=", False),
            "&",
            ("state", "=", "draft"),
            ("recovery_portal_choice", "=", True),
        ]

    def _recovery_portal_link(self, company, plan=None):
        """Return the link that a message of ``company`` to the debtor carries, by sudo; an empty one for none.

        A message about a plan opens that plan only; about a draft that the debtor cannot see, the account. The debtors
        of a batch get theirs together. What is printed ``recovery_without_link`` (context) carries none: papers for
        others, and words that are compared, since a link is renewed and nothing is agreed by it.
        """
        # sudo: whoever writes to a debtor gives it its link, and reads nothing of it but the address
        links = self.env["recovery.portal.link"].sudo()
        company = company.sudo()
        is_left_out = self.env.context.get("recovery_without_link")
        if not self or is_left_out or not self._recovery_portal_allowed(company):
            return links
        plan = plan and plan.sudo()
        if plan and (plan.state != "draft" or plan.recovery_portal_choice or plan.date_accepted):
            return links if plan.state in CLOSED_STATES else links._to(plan.company_id, plan.partner_id, plan)
        return links._to(company._recovery_creditor(), self.sudo())

    def _recovery_portal_link_of(self, content):
        """Return the link that what is told by a Content carries: a plan's only where nothing else is told of.

        A plan's link opens nothing but the plan: what is owed besides could not be seen by it, nor paid.
        """
        return self._recovery_portal_link(content.company, None if content.is_mixed else content.plan)

    def _recovery_responsible(self, company):
        """Return the user who is told what the debtor does: who follows it, else who answers for dunning."""
        going_on = [*self._recovery_portal_domain(company), ("state", "not in", CLOSED_STATES)]
        plan = self.env["recovery.plan"].search(going_on, limit=1)
        chosen = (plan.user_id, self.user_id, company.recovery_dunning_user_id)
        # sudo: who is still there does not depend on who asks
        return next((user for user in chosen if user.sudo().active), self.env.ref("base.user_admin"))

    def action_recovery_as_debtor(self):
        """Open the account as the debtor sees it; nothing can be done there in its name."""
        self.ensure_one()
        debtor = self.commercial_partner_id
        return {
            "type": "ir.actions.act_url",
            "url": f"/recovery/debtor/{debtor.id}/{self.env.company.id}",
            "target": "new",
        }

    def action_recovery_portal_link(self):
        """Show the debtor's link, to be passed on."""
        self.ensure_one()
        self.env["recovery.hold"].check_access("write")  # whoever may chase a debtor may pass its link on
        return self.env["recovery.portal.share"]._opened_for(self.commercial_partner_id, self.env.company)

    # -- what it shows ---------------------------------------------------------------------

    def _portal_claim_count(self):
        """Return how many claims are open on the debtor, with all creditors that show them."""
        return self.env["recovery.claim"].search_count(
            [("partner_id", "=", self.id), ("company_id", "in", self._recovery_portal_companies())]
        )

    def _portal_account(self, company, offset=0, limit=0):
        """Return (:class:`Content` of what is open with a creditor, by age and currency; :class:`Opened`, a page)."""
        debtor, claims = self.with_company(company), self.env["recovery.claim"]
        self.env["recovery.portal.page"]._fetch_parties(debtor, company)
        with one_by_one(self.env.cr):  # for all of them: the planner is told once
            # a page is addressed to nobody: whoever opens it reads it
            content = debtor._recovery_content(company, company._recovery_today(), claims, contact=debtor)
            is_money_open = bool(content.credits)
            opened = claims._portal_opened(debtor, content, (offset, limit), is_money_open=is_money_open)
            content.claims = opened.claims
            debtor._sum_charges(content)
        return content, opened

    def _portal_rows(self, company, found, let_go=None):
        """Return the :class:`Rows` of claims with a creditor that were :class:`Found`; ``let_go``: see Opened."""
        claims = self.env["recovery.claim"].with_context(lang=self._recovery_lang(company))
        today = company._recovery_today()
        let_go = claims._let_go_by_key(company, today, self) if let_go is None else let_go
        return claims._portal_page(company, today, found, let_go)

    def _portal_found(self, company, domain=(), offset=0, limit=None):
        """Return a page of the open claims of ``domain`` with a creditor, as :class:`Found`, oldest due first."""
        domain = [*self._recovery_portal_domain(company), *domain]
        return self.env["recovery.claim"]._portal_found(domain, offset, limit)

    def _portal_file(self, company, is_money_open=True):
        """Return what the account's page lists besides what is open, each a fixed number of queries.

        :param is_money_open: whether there is money that is matched with nothing, and may pay instalments
        """
        return self.env["recovery.portal.page"]._lists(self, company, is_money_open)

    def _portal_notices(self, company):
        """Return the notices that went out last."""
        return self.env["recovery.portal.page"]._listed(self, company, "notices")

    def _portal_receipts(self, company):
        """Return the payments received last, without what was paid back."""
        payments = self.env["recovery.portal.page"]._listed(self, company, "payments")
        return payments.filtered(lambda payment: payment.payment_type == "inbound")

    def _portal_invoice(self, company, move_id):
        """Return an invoice of the debtor's, of any contact of it; else an empty one."""
        return self.env["account.move"].search(
            [
                ("id", "=", move_id),
                ("commercial_partner_id", "=", self.id),
                ("company_id", "in", company._recovery_branch_ids()),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
            ]
        )

    def _portal_note(self, company, text, record=None, summary=None):
        """Keep on file what the debtor did online, and ask the person responsible to look at ``record``.

        :param record: without one, somebody is asked already
        :param text, summary: in the company's language, whatever the debtor reads
        """
        responsible = self._recovery_responsible(company)
        self.env["recovery.contact"].create(
            {
                "partner_id": self.id,
                "company_id": company.id,
                "channel": "portal",
                "is_incoming": True,
                "is_automatic": True,
                "user_id": responsible.id,
                "outcome": text,
            }
        )
        if record:
            record.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, note=text, user_id=responsible.id
            )

    def _portal_promise(self, company, day, author):
        """Note the debtor's promise to pay what is late today by ``day`` (ISO), and tell the person responsible.

        :param author: who promises, for the file
        :raise UserError: nothing is late, or what cannot be one amount; the day is out of bounds; a promise runs, or
            was broken lately
        """
        self.ensure_one()
        today = company._recovery_today()
        lately = ("date_deadline", ">", today - timedelta(days=REST_AGAIN))
        broken = [*self._recovery_portal_domain(company), ("state", "=", "broken"), lately]
        if self.env["recovery.promise"].search_count(broken, limit=1):
            raise UserError(self.env._("Your last promise was not kept. Pay what is late, or write to us."))
        latest = today + timedelta(days=company.recovery_portal_promise_days)
        promised = typed_day(day)
        if not promised or not today <= promised <= latest:
            raise UserError(self.env._("Choose a day between today and %s.", format_date(self.env, latest)))
        late = self._portal_late_claims(company)
        if self.env["recovery.promise"]._open_besides(self, company, late.move_line_id):
            raise UserError(self.env._("You have promised this already. Write to us if you cannot keep it."))
        words = words_of(company)
        promise = self.env["recovery.promise"].create(
            {
                "partner_id": self.id,
                "company_id": self._portal_kept_by(late, company).id,
                "currency_id": late.currency_id.id,
                "amount": late.currency_id.round(sum(late._asked(today, NOT_PROMISED).values())),
                "date_promised": promised,
                "move_line_ids": [fields.Command.set(late.move_line_id.ids)],
                "user_id": self._recovery_responsible(company).id,
                "note": words._("Promised on the portal by %s.", author),
            }
        )
        self._portal_note(
            company,
            words._("%(who)s promised: %(what)s", who=author, what=promise.with_env(words)._in_words()),
            promise,
            words._("Promise made on the portal"),
        )
        return promise

    @api.model
    def _portal_kept_by(self, claims, company):
        """Return where something about ``claims`` is kept: with their branch, of several with the creditor."""
        return claims.company_id if len(claims.company_id) == 1 else company._recovery_creditor()

    def _portal_late_claims(self, company):
        """Return what is late and asked for, of all branches: not what is in a plan, which has terms of its own.

        :raise UserError: nothing is, or in several currencies; an insolvency holds all the debtor owes, or it binds
            itself to nothing for the moment
        """
        today = company._recovery_today()
        if unbound_among(self, company):
            raise UserError(self.env._("Nothing is promised or agreed here for the moment. Write to us."))
        late = self._portal_claims(company, [("date_due", "<", today)])
        asked = late._asked(today, NOT_PROMISED)
        late = late.filtered(lambda claim: asked[claim.id] > 0)
        if len(late.currency_id) != 1:
            raise UserError(self.env._("Write to us: what is late cannot be promised as one amount."))
        return late

    def _portal_claims(self, company, wanted):
        """Return the debtor's claims that ``wanted`` (a domain) asks for and that are paid by themselves, oldest first.

        A plan has terms of its own; what an insolvency took in is declared; what unmatched money covers is paid.
        """
        today = company._recovery_today()
        claims = self.env["recovery.claim"].search(
            [*self._recovery_portal_domain(company), ("instalment_id", "=", False), *wanted]
        )
        declared = self.env["recovery.hold"]._declared(claims.move_line_id)
        uncovered = claims._uncovered(today)
        return claims.filtered(lambda claim: claim.move_line_id not in declared and uncovered[claim.id])

    def _portal_is_insolvent(self, company, insolvencies=None):
        """Whether all that is open is declared to an insolvency: nothing is paid or promised here.

        :param insolvencies: the holds of an insolvency that run today, where they are known
        """
        if insolvencies is None:
            insolvencies = self.env["recovery.portal.page"]._listed(self, company, "insolvencies")
        if not insolvencies:
            return False
        owed = self.env["recovery.claim"].search(self._recovery_portal_domain(company)).move_line_id
        return bool(owed) and owed <= self.env["recovery.hold"]._declared(owed)

    # -- paying ----------------------------------------------------------------------------

    def _portal_payable(self, company, chosen=()):
        """Return (amount, items): what can be paid of ``chosen`` in one payment, the oldest first.

        One branch, currency and receivable account at a time; what is in a plan, or is being paid, is left out.

        :param chosen: ids of journal items; without any, all that is overdue and not disputed
        :raise ValidationError: nothing of it is left to pay, or an insolvency takes in all
        """
        claims, due = self._portal_left_to_pay(company, chosen)
        if not claims and self._portal_is_insolvent(company):
            raise ValidationError(self.env._("Nothing is paid here while an insolvency runs. Write to us."))
        if not claims:
            raise ValidationError(
                self.env._("Nothing is left to pay here. Reload the page; tick what you dispute to pay it.")
            )
        together = claims.grouped(lambda claim: (claim.company_id, claim.currency_id, claim.account_id))
        claims = next(iter(together.values()))
        return claims.currency_id.round(sum(due[claim.id] for claim in claims)), claims.move_line_id

    def _portal_left_to_pay(self, company, chosen=()):
        """Return (claims, {id: amount}): what can be paid of ``chosen``, in no plan and not announced.

        :param chosen: ids of journal items; without any, all that is overdue and not disputed
        """
        today = company._recovery_today()
        wanted = [("move_line_id", "in", chosen)] if chosen else [("date_due", "<", today)]
        claims = self._portal_claims(company, wanted)
        announced = self.env["payment.transaction"]._recovery_announced_by(self, company)._recovery_items()
        due = claims._asked(today, () if chosen else ("dispute",))
        return claims.filtered(lambda claim: due[claim.id] and claim.move_line_id not in announced), due

    def _portal_check_part(self, company, items, amount, due):
        """Return ``amount`` as its currency writes it; refuse what is neither what is due nor a part that may be paid.

        :raise ValidationError: too little, or more than is owed by now
        """
        currency, least = items.currency_id, min(due, company._recovery_portal_least(items.currency_id))
        amount = currency.round(amount)
        if not least <= amount <= due or currency.is_zero(amount):
            least, most = (format_amount(self.env, bound, currency) for bound in (least, due))
            words = self.env._("Choose an amount between %(least)s and %(most)s.", least=least, most=most)
            raise ValidationError(words)
        return amount

    def _portal_begin_payment(self, items):
        """Take back payments of ``items`` that were begun and never sent: the one that begins takes their place.

        One begins at a time.
        """
        keep(self)
        begun = self.env["payment.transaction"].search(
            [("recovery_item_ids", "in", items.ids), ("state", "=", "draft")]
        )
        begun._set_canceled(self.env._("Another payment was begun."))
