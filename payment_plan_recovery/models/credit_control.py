from contextlib import contextmanager
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.misc import formatLang

from ..tools import credit_control
from .kernel import exact

#: Triggers that need the debtor's overdue claims.
OVERDUE = {"days_overdue", "amount_overdue"}


class CreditRefusedError(UserError):
    """The credit rules hold a document up; says why and what to do next."""


class Judged(NamedTuple):
    """A debtor's standing after a document, and what the rules make of it."""

    debtor: models.BaseModel
    standing: credit_control.Standing
    verdict: credit_control.Verdict


class RecoveryCreditDocument(models.AbstractModel):
    """A document that gives a debtor credit: judged by the credit rules when it does.

    A document inherits this, says when it gives credit and does so within
    :meth:`_credit_control`. Whatever path leads there, by a button, a batch, a cron, an
    import, a call from outside or the portal, is judged; superuser rights change nothing.
    """

    _name = "recovery.credit.document"
    _description = "Document that Gives Credit"

    recovery_credit_note = fields.Text(
        string="Credit",
        compute="_compute_recovery_credit_note",
        help="What the credit rules would say if the document gave credit now.",
    )
    recovery_credit_action = fields.Selection(
        [("inform", "Inform"), ("approve", "Ask for approval"), ("block", "Block")],
        string="Credit rules say",
        compute="_compute_recovery_credit_note",
        help="What the credit rules would do now; empty when nothing stands in the way.",
    )

    recovery_credit_request = fields.Selection(
        [("requested", "Approval was asked for"), ("approved", "Approved: it may pass once")],
        string="Credit approval",
        compute="_compute_recovery_credit_note",
        help="Where the request to let the document pass stands; empty when its amount is not covered by one.",
    )

    # What a document says of itself

    def _credit_documents(self):
        """Those of ``self`` that may give credit once they are posted or confirmed."""
        raise NotImplementedError

    def _credit_debtor(self):
        """The commercial entity that would owe."""
        return self.partner_id.commercial_partner_id

    def _credit_amount(self):
        """What the document is about, taxes included, in the company's currency."""
        raise NotImplementedError

    def _credit_is_pending(self):
        """Tell whether the document has not given its credit yet."""
        return self.state == "draft"

    # Judging

    @contextmanager
    def _credit_control(self):
        """Judge the documents that give credit while the block runs.

        Only what adds to a debtor's exposure is judged: an invoice for an order that
        was confirmed before passes. Everything is read for all debtors at once.

        :raises CreditRefusedError: a rule blocks a document, or waits for an approval it does not have
        """
        # sudo: the rules hold for everybody, also for those who may not read the debtor's figures.
        controls = [
            (company, documents, documents._credit_before(company))
            for company, documents in self._credit_documents().sudo().grouped("company_id").items()
        ]
        yield
        refused = []
        for company, documents, before in controls:
            refused += documents._credit_after(company, before)
        if refused:
            raise CreditRefusedError("\n\n".join(refused))
        for company, documents, _before in controls:
            documents._credit_passed(company)

    def _credit_passed(self, company):
        """The documents gave their credit. A hook."""

    def _credit_before(self, company):
        """Exposures and overdue claims, before the documents, of the debtors any rule concerns.

        The gates of those with a limit are held from here on.
        """
        rules = self.env["recovery.credit.rule"]._declared(company.id, self._name)
        if not rules:
            return {}, {}
        debtors = self.env["res.partner"]
        limited = self.env["res.partner"]
        for debtor in self._credit_debtors().with_company(company):
            fitting = credit_control.rules_for(rules, debtor.recovery_risk_class.id)
            has_limit = self._credit_limit(debtor) is not None
            triggers = {rule.trigger for rule in fitting} - (set() if has_limit else {"over_limit"})
            if triggers:
                debtors |= debtor
            if "over_limit" in triggers:
                limited |= debtor
        self.env["recovery.credit.gate"]._pass(company, limited)
        return self._credit_exposures(company, debtors), self._credit_overdue(company, debtors, rules)

    def _credit_after(self, company, before):
        """Messages of refusal; what passes is noted, and the approvals it needed are used up."""
        exposures, overdue = before
        refused = []
        for judged in self._credit_judge(company, self._credit_added(company, exposures), overdue):
            documents = self.filtered(
                lambda document, judged=judged: document._credit_debtor() == judged.debtor
            )
            if judged.verdict.action == "inform":
                documents._credit_inform(judged)
            elif judged.verdict.action:
                waiting = documents._credit_use_approvals()
                if waiting:
                    refused.append(waiting._credit_refusal(judged))
        return refused

    def _credit_added(self, company, before):
        """Exposure after the documents, drafts included, of the debtors to whose exposure they added."""
        after = self._credit_exposures(company, self.env["res.partner"].browse(before))
        currency = company.currency_id
        return {
            debtor_id: total
            for debtor_id, (total, firm) in after.items()
            if currency.compare_amounts(firm, before[debtor_id][1]) > 0
        }

    def _credit_exposures(self, company, debtors):
        """Pairs of exposure and exposure without drafts, by debtor id."""
        if not debtors:
            return {}
        date = fields.Date.context_today(self)
        columns = ("total", "draft")
        rows = self.env["res.partner"]._exposure_rows(company, date, debtors.ids, columns)
        exposures = dict.fromkeys(debtors.ids, (0.0, 0.0))
        exposures |= {debtor_id: (total, total - (draft or 0.0)) for debtor_id, total, draft in rows}
        return exposures

    def _credit_debtors(self):
        debtors = self.env["res.partner"]
        for document in self:
            debtors |= document._credit_debtor()
        return debtors

    @api.model
    def _credit_limit(self, debtor):
        """The debtor's limit in its company; ``None`` without one. With a class, zero means no credit."""
        if debtor.recovery_risk_class or debtor.credit_limit > 0:
            return debtor.credit_limit
        return None

    def _credit_judge(self, company, exposures, overdue):
        """What the rules say of debtors at these exposures: one :class:`Judged` each."""
        date = fields.Date.context_today(self)
        rules = self.env["recovery.credit.rule"]._declared(company.id, self._name)
        debtors = self.env["res.partner"].browse(exposures).with_company(company)
        for debtor in debtors:
            days, amount = overdue.get(debtor.id, (0, 0.0))
            standing = credit_control.Standing(
                exposure=exact(exposures[debtor.id], company.currency_id),
                limit=self._credit_limit(debtor),
                days_overdue=days,
                amount_overdue=exact(amount, company.currency_id),
                check_until=debtor.recovery_check_until or None,
                risk_class=debtor.recovery_risk_class.id,
                is_person=not debtor.is_company,
            )
            yield Judged(debtor, standing, credit_control.verdict(rules, standing, date))

    @api.model
    def _credit_overdue(self, company, debtors, rules):
        """Days of the oldest overdue claim and the amount overdue, by debtor id, if a rule asks for them."""
        if not debtors or not OVERDUE & {rule.trigger for rule in rules}:
            return {}
        date = fields.Date.context_today(self)
        claims = self.env["recovery.claim"]._read_group(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", debtors.ids)
            & Domain("date_due", "<", date),
            ["partner_id"],
            ["date_due:min", "amount_company:sum"],
        )
        return {debtor.id: ((date - oldest).days, amount) for debtor, oldest, amount in claims}

    # Before it happens

    @api.depends("state", "partner_id", "company_id", "amount_total")
    def _compute_recovery_credit_note(self):
        self.recovery_credit_request = False
        for document in self:
            judged = document._credit_foreseen()
            document.recovery_credit_action = judged and judged.verdict.action
            document.recovery_credit_note = judged and judged.verdict.action and document._credit_told(judged)
        held_up = self.filtered(lambda document: document.recovery_credit_action in ("approve", "block"))
        # sudo: only whether it was asked for, for whom may read the document.
        for document, override in held_up.sudo()._credit_requests(("requested", "approved")).items():
            document.sudo(False).recovery_credit_request = override.state

    def _credit_foreseen(self):
        """What would be judged if the document gave its credit now; ``None`` when nothing would."""
        # sudo: as in the control itself; what is told depends on who asks.
        document = self.sudo()
        if not document._credit_is_pending() or not document._origin._credit_documents():
            return None
        company, debtor = document.company_id, document._credit_debtor()
        added = document._credit_addition()
        if not debtor or company.currency_id.compare_amounts(added, 0.0) <= 0:
            return None
        total, firm = document._credit_exposures(company, debtor)[debtor.id]
        own_draft = added if company.recovery_exposure_drafts and total != firm else 0.0
        rules = self.env["recovery.credit.rule"]._declared(company.id, self._name)
        overdue = document._credit_overdue(company, debtor, rules)
        return next(document._credit_judge(company, {debtor.id: total - own_draft + added}, overdue))

    def _credit_addition(self):
        """What the document would add to the exposure. A hook for documents counted already."""
        return self._credit_amount()

    def _credit_told(self, judged):
        """The verdict in the words the reader may see."""
        if self._credit_may_read_figures(self._credit_actor()):
            return self._credit_figures(judged)
        return self.env._("%s needs approval before it gets more credit.", judged.debtor.display_name)

    def _credit_request_values(self):
        """What a request for approval keeps of the document."""
        self.ensure_one()
        judged = self._credit_foreseen()
        return {
            "partner_id": self._credit_debtor().id,
            "company_id": self.company_id.id,
            "amount": self._credit_amount(),
            "figures": self._credit_figures(judged) if judged else "",
        }

    def action_ask_credit_approval(self):
        """Open a request to let the document pass once."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for credit approval"),
            "res_model": "recovery.credit.override",
            "views": [(self.env.ref("payment_plan_recovery.view_credit_override_request").id, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    # What follows

    def _credit_use_approvals(self):
        """Use up the approvals of the documents; return the documents that have none."""
        waiting = self.browse()
        approved = self._credit_requests(("approved",))
        for document in self:
            override = approved.get(document)
            if override:
                override.write({"state": "used", "date_used": fields.Datetime.now()})
                override.message_post(body=self.env._("Used for %s.", document.display_name))
            else:
                waiting |= document
        return waiting

    def _credit_requests(self, states):
        """The requests in ``states`` that cover the documents' amounts, by document."""
        overrides = self.env["recovery.credit.override"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "in", states)]
        )
        by_document = overrides.grouped("res_id")
        found = {}
        for document in self.filtered(lambda document: document._origin.id in by_document):
            override, currency = by_document[document._origin.id][:1], document.company_id.currency_id
            if currency.compare_amounts(document._credit_amount(), override.amount) <= 0:
                found[document] = override
        return found

    def _credit_inform(self, judged):
        """Note on the documents that a rule was passed, in words anybody who reads them may read."""
        triggers = self._credit_triggers(judged.verdict)
        body = self.env._(
            "Credit: %(debtor)s · %(reasons)s.", debtor=judged.debtor.display_name, reasons=triggers
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _credit_refusal(self, judged):
        """Why the documents do not pass and what to do next; figures only for whom may read them."""
        names = ", ".join(document.display_name for document in self)
        user = self._credit_actor()
        if not user.has_group("base.group_user"):
            return self.env._("Our team has to confirm this first. Please contact us.")
        if not self._credit_may_read_figures(user):
            return self.env._(
                "%(documents)s: %(debtor)s gets no more credit without approval. Use “Ask for credit "
                "approval”.",
                documents=names,
                debtor=judged.debtor.display_name,
            )
        next_step = (
            self.env._("Only a recovery manager can let it pass: use “Ask for credit approval”.")
            if judged.verdict.action == "block"
            else self.env._("Use “Ask for credit approval”.")
        )
        return self.env._(
            "%(documents)s: %(debtor)s gets no more credit. %(figures)s\n%(next_step)s",
            documents=names,
            debtor=judged.debtor.display_name,
            figures=self._credit_figures(judged),
            next_step=next_step,
        )

    @api.model
    def _credit_actor(self):
        """Who is told. The portal's pages act as the superuser, for a customer who may not even be logged in."""
        return request.env.user if request and self.env.uid == SUPERUSER_ID else self.env.user

    @api.model
    def _credit_may_read_figures(self, user):
        return any(
            user.has_group(group)
            for group in ("account.group_account_invoice", "account.group_account_readonly")
        )

    @api.model
    def _credit_triggers(self, verdict):
        labels = dict(self.env["recovery.credit.rule"]._fields["trigger"]._description_selection(self.env))
        return ", ".join(dict.fromkeys(labels[rule.trigger] for rule in verdict.rules))

    def _credit_figures(self, judged):
        """The standing in figures, for who may read them."""
        currency = self.company_id[:1].currency_id
        standing = judged.standing
        parts = [f"{self._credit_triggers(judged.verdict)}."] if judged.verdict.rules else []
        if judged.debtor.recovery_risk_class:
            parts.append(self.env._("Class %s.", judged.debtor.recovery_risk_class.code))
        if standing.limit is not None:
            parts.append(
                self.env._(
                    "Exposure with this document: %(exposure)s; limit: %(limit)s.",
                    exposure=formatLang(self.env, float(standing.exposure), currency_obj=currency),
                    limit=formatLang(self.env, float(standing.limit), currency_obj=currency),
                )
            )
        if standing.days_overdue:
            parts.append(
                self.env._(
                    "Overdue: %(amount)s, by up to %(days)s days.",
                    amount=formatLang(self.env, float(standing.amount_overdue), currency_obj=currency),
                    days=standing.days_overdue,
                )
            )
        return " ".join(parts)
