from contextlib import contextmanager
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import credit_control
from ..common.kernel import exact
from .exposure import LATE_SINCE, TOTAL

#: Triggers that need the debtor's overdue claims.
OVERDUE = {"days_overdue", "amount_overdue"}


def credit_refusal(text):
    """The error of a document that the credit rules hold up.

    A mark and no class of its own: the web client shows the words of a ``UserError`` itself only.
    """
    error = UserError(text)
    error.is_credit_refusal = True
    return error


def is_credit_refusal(error):
    """Tell whether an error is one of :func:`credit_refusal`."""
    return getattr(error, "is_credit_refusal", False)


def _days_minded(rule):
    """How many days a claim may be overdue before ``rule`` might act."""
    return rule.threshold if rule.trigger == "days_overdue" else 0


class Exposure(NamedTuple):
    """A debtor's exposure, what of it is drafts and guarantees, and since when it may be late, if it may."""

    total: float = 0.0
    draft: float = 0.0
    guarantee: float = 0.0
    late_since: object = None

    @property
    def firm(self):
        """What documents add to when they give credit."""
        return self.total - self.draft - self.guarantee


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
    _inherit = ["recovery.credit.words", "recovery.credit.approval"]

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

    def _credit_most(self):
        """The most that the document may add to the exposure."""
        return max(self._credit_amount(), 0.0)

    def _credit_is_pending(self):
        """Tell whether the document has not given its credit yet."""
        return self.state == "draft"

    # Judging

    @contextmanager
    def _credit_control(self):
        """Judge the documents that give credit while the block runs.

        Only what adds to a debtor's exposure is judged: an invoice for an order that
        was confirmed before passes. Everything is read for all debtors at once.

        :raises UserError: a rule blocks a document, or waits for an approval it does not have
        """
        # sudo: the rules hold for everybody, also for those who may not read the debtor's figures.
        giving = self._credit_documents().sudo()
        controls = [
            (company, documents, *documents._credit_before(company))
            for company, documents in giving.grouped("company_id").items()
        ]
        yield
        # Other entries posted along with the documents may add to the exposure too.
        alone = len(giving) == len(self)
        refused = []
        for company, documents, exposures, overdue in controls:
            doubtful = set(exposures)
            if alone:
                doubtful = documents._credit_doubtful(company, exposures, overdue)
            if doubtful:
                refused += documents._credit_after(company, exposures, overdue, doubtful)
        if refused:
            raise credit_refusal("\n\n".join(refused))
        for company, documents, _exposures, _overdue in controls:
            documents._credit_passed(company)

    def _credit_passed(self, company):
        """The documents gave their credit: a debtor is checked at its first large one."""
        threshold = company.recovery_first_order_amount
        large = self.filtered(lambda document: threshold and document._credit_amount() >= threshold)
        debtors = large._credit_debtors()
        if debtors:
            # sudo: the check is for the credit manager, whoever the document comes from.
            checks = self.env["recovery.solvency.check"].sudo().with_company(company)
            checks._prepare_first(company, debtors)

    def _credit_before(self, company):
        """A glance, before the documents, at the debtors any rule concerns, and what they owe past its day.

        The gates of those with a limit are held from here on.
        """
        rules = self.env["recovery.credit.rule"]._declared(company.id, self._name)
        if not rules:
            return {}, {}
        debtors = self.env["res.partner"]
        limited = self.env["res.partner"]
        days_minded = {}
        for debtor in self._credit_debtors().with_company(company):
            fitting = credit_control.rules_for(rules, debtor.recovery_risk_class.id)
            has_limit = self._credit_limit(debtor) is not None
            triggers = {rule.trigger for rule in fitting} - (set() if has_limit else {"over_limit"})
            if triggers:
                debtors |= debtor
            if "over_limit" in triggers:
                limited |= debtor
            if OVERDUE & triggers:
                days_minded[debtor.id] = min(
                    _days_minded(rule) for rule in fitting if rule.trigger in OVERDUE
                )
        self.env["recovery.credit.gate"]._pass(company, limited)
        exposures = self._credit_glance(company, debtors, with_late=bool(days_minded))
        late = self._credit_late(company, exposures, days_minded)
        return exposures, self._credit_overdue(company, self.env["res.partner"].browse(late))

    def _credit_doubtful(self, company, before, overdue):
        """Ids of the debtors a rule might hold up, if the documents added all they are about.

        The others pass, as nearly everybody does, without their figures being read once more.
        """
        most = {debtor_id: exposure.total for debtor_id, exposure in before.items()}
        for document in self:
            debtor_id = document._credit_debtor().id
            if debtor_id in most:
                most[debtor_id] += document._credit_most()
        judgements = self._credit_judge(company, most, overdue)
        return {judged.debtor.id for judged in judgements if judged.verdict.action}

    def _credit_after(self, company, before, overdue, doubtful):
        """Messages of refusal; what passes is noted, and the approvals it needed are used up."""
        before = {debtor_id: before[debtor_id] for debtor_id in before if debtor_id in doubtful}
        added = self._credit_added(company, before)
        refused = []
        for judged in self._credit_judge(company, added, overdue):
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
            debtor_id: exposure.total
            for debtor_id, exposure in after.items()
            if currency.compare_amounts(exposure.firm, before[debtor_id].firm) > 0
        }

    def _credit_exposures(self, company, debtors):
        """An :class:`Exposure` by debtor id."""
        columns = (TOTAL, "draft", "guarantee")
        return self._credit_read(company, debtors, columns)

    def _credit_glance(self, company, debtors, *, with_late):
        """The most that each :class:`Exposure` can be, by debtor id: guarantees could only lower it.

        ``with_late``, it says since when the debtor may be late.
        """
        columns = (TOTAL, "draft")
        if with_late:
            self.env["account.move.line"].flush_model(["date", "date_maturity"])
            self.env["recovery.plan.item"].flush_model(["is_live", "move_line_id"])
            columns = (*columns, LATE_SINCE)
        return self._credit_read(company, debtors, columns, without=("guarantee",))

    def _credit_read(self, company, debtors, columns, **options):
        date = company._recovery_today()
        rows = self.env["res.partner"]._exposure_rows(company, date, debtors.ids, columns, **options)
        exposures = dict.fromkeys(debtors.ids, Exposure())
        for debtor_id, *figures in rows:
            known = {column: figure for column, figure in zip(columns, figures, strict=True) if figure}
            exposures[debtor_id] = Exposure(**known)
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
        date = company._recovery_today()
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
    def _credit_overdue(self, company, debtors):
        """Days of the oldest overdue claim and the amount overdue, by debtor id: what no open money lies over."""
        if not debtors:
            return {}
        date = company._recovery_today()
        overdue = self.env["recovery.claim"]._overdue(debtors, company, date)
        return {debtor_id: ((date - oldest).days, amount) for debtor_id, (oldest, amount) in overdue.items()}

    @api.model
    def _credit_late(self, company, exposures, days_minded):
        """Ids of the debtors whom a rule on overdue claims might hold up: a glance at their open items.

        A debtor with a live plan is one of them, since its claims are instalments; so is one whose overdue items
        money lies over.

        :param days_minded: days overdue that may pass with a debtor's rules, by id of those who have such rules
        """
        date = company._recovery_today()
        return [
            debtor_id
            for debtor_id, days in days_minded.items()
            if (since := exposures[debtor_id].late_since) and (date - since).days > days
        ]

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
        exposure = document._credit_exposures(company, debtor)[debtor.id]
        own_draft = added if company.recovery_exposure_drafts and exposure.draft else 0.0
        overdue = document._credit_overdue(company, debtor)
        return next(document._credit_judge(company, {debtor.id: exposure.total - own_draft + added}, overdue))

    def _credit_addition(self):
        """What the document would add to the exposure. A hook for documents counted already."""
        return self._credit_amount()
