"""Documents that give credit, and the gate that holds them up."""

from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import credit_control

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


class RecoveryCreditDocument(models.AbstractModel):
    """A document that gives a debtor credit: judged by the credit rules when it does.

    A document inherits this, says when it gives credit and does so within
    :meth:`_credit_control`. Whatever path leads there, by a button, a batch, a cron, an
    import, a call from outside or the portal, is judged; superuser rights change nothing.
    """

    _name = "recovery.credit.document"
    _description = "Document that Gives Credit"
    # From the debtor's figures to what is said and asked, a chapter each.
    _inherit = ["recovery.credit.judging", "recovery.credit.words", "recovery.credit.approval"]

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

    def _credit_debts(self):
        """The most that the document may add to the exposures: amount by debtor."""
        return {self._credit_debtor(): max(self._credit_amount(), 0.0)}

    def _credit_is_pending(self):
        """Tell whether the document has not given its credit yet."""
        return self.state == "draft"

    # Judging

    @contextmanager
    def _credit_control(self, giving=None, also=None):
        """Judge the documents that give credit while the block runs.

        Only what adds to a debtor's exposure is judged: an invoice for an order that
        was confirmed before passes. Everything is read for all debtors at once.

        :param giving: the documents that may give credit, those of :meth:`_credit_documents` unless said
        :param also: debtors who will owe once the block has run, if others than now
        :raises UserError: a rule blocks a document, or waits for an approval it does not have
        """
        # sudo: the rules hold for everybody, also for those who may not read the debtor's figures.
        giving = (self._credit_documents() if giving is None else giving).sudo()
        controls = [
            (company, documents, *documents._credit_before(company, also))
            for company, documents in giving.grouped("company_id").items()
        ]
        yield
        # Entries posted along, or documents of another branch, may add to the exposure too.
        creditors = {company.root_id for company, *_rest in controls}
        alone = len(giving) == len(self) and len(creditors) == len(controls)
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

    def _credit_before(self, company, also=None):
        """A glance, before the documents, at the debtors any rule concerns, and what they owe past its day.

        The gates of those with a limit are held from here on.
        """
        rules = self.env["recovery.credit.rule"]._declared(company.id, self._name)
        if not rules:
            return {}, {}
        debtors = self.env["res.partner"]
        limited = self.env["res.partner"]
        days_minded = {}
        for debtor in self._credit_debtors() | (also or debtors):
            terms = debtor._recovery_credit_terms(company)
            fitting = credit_control.rules_for(rules, terms.risk_class.id)
            triggers = {rule.trigger for rule in fitting} - (set() if terms.has_limit else {"over_limit"})
            if triggers:
                debtors |= debtor
            if "over_limit" in triggers:
                limited |= debtor
            if OVERDUE & triggers:
                days_minded[debtor.id] = min(
                    _days_minded(rule) for rule in fitting if rule.trigger in OVERDUE
                )
        self.env["recovery.credit.gate"]._pass(company.root_id, limited)
        exposures = self._credit_glance(company, debtors, with_late=bool(days_minded))
        late = self._credit_late(company, exposures, days_minded)
        return exposures, self._credit_overdue(company, self.env["res.partner"].browse(late))

    def _credit_doubtful(self, company, before, overdue):
        """Ids of the debtors a rule might hold up, if the documents added all they are about.

        The others pass, as nearly everybody does, without their figures being read once more.
        """
        most = {debtor_id: exposure.judged for debtor_id, exposure in before.items()}
        for document in self:
            for debtor, amount in document._credit_debts().items():
                if debtor.id in most:
                    most[debtor.id] += amount
        judgements = self._credit_judge(company, most, overdue)
        return {judged.debtor.id for judged in judgements if judged.verdict.action}

    def _credit_after(self, company, before, overdue, doubtful):
        """Messages of refusal; what passes is noted, and the approvals it needed are used up."""
        before = {debtor_id: before[debtor_id] for debtor_id in before if debtor_id in doubtful}
        added = self._credit_added(company, before)
        held_up = []
        for judged in self._credit_judge(company, added, overdue):
            documents = self.filtered(
                lambda document, judged=judged: judged.debtor in document._credit_debts()
            )
            if judged.verdict.action == "inform":
                documents._credit_inform(judged)
            elif judged.verdict.action:
                held_up.append((judged, documents))
        waiting = self.browse().union(*(documents for _judged, documents in held_up))._credit_use_approvals()
        return [
            (documents & waiting)._credit_refusal(judged)
            for judged, documents in held_up
            if documents & waiting
        ]

    def _credit_added(self, company, before):
        """Exposure after the documents, drafts included, of the debtors to whose exposure they added."""
        after = self._credit_exposures(company, self.env["res.partner"].browse(before))
        added = {}
        for debtor_id, exposure in after.items():
            firm = self._credit_firm(company, exposure)
            if company.currency_id.compare_amounts(firm, self._credit_firm(company, before[debtor_id])) > 0:
                added[debtor_id] = exposure.judged
        return added

    def _credit_debtors(self):
        debtors = self.env["res.partner"]
        for document in self:
            debtors = debtors.union(*document._credit_debts())
        return debtors

    # Before it happens

    @api.depends("state", "partner_id", "company_id")
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
        return next(
            document._credit_judge(company, {debtor.id: exposure.judged - own_draft + added}, overdue)
        )

    def _credit_addition(self):
        """What the document would add to the exposure. A hook for documents counted already."""
        return self._credit_amount()
