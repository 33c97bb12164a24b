"""What the credit rules make of a debtor: its figures, read for all debtors at once, and the verdict."""

from typing import NamedTuple

from odoo import api, models

from ...tools import credit_control
from ..claim.overdue import DISPUTED
from ..common.kernel import exact
from ..solvency.credit_terms import CreditTerms
from .exposure import LATE_SINCE, TOTAL


class Exposure(NamedTuple):
    """A debtor's exposure, some of its parts, and since when it may be late, if it may."""

    total: float = 0.0
    draft: float = 0.0
    guarantee: float = 0.0
    to_invoice: float = 0.0
    # what is bound to be owed and is no exposure yet: no part of the total
    promised: float = 0.0
    late_since: object = None

    @property
    def firm(self):
        """What documents add to when they give credit."""
        return self.total - self.draft - self.guarantee + self.promised

    @property
    def judged(self):
        """What is held against the limit."""
        return self.total + self.promised


class Judged(NamedTuple):
    """A debtor's standing after a document, and what the rules make of it."""

    debtor: models.BaseModel
    terms: CreditTerms
    standing: credit_control.Standing
    verdict: credit_control.Verdict


class RecoveryCreditJudging(models.AbstractModel):
    """Debtors judged by the rules that are declared for documents of a kind."""

    _name = "recovery.credit.judging"
    _description = "Judging of Debtors by Credit Rules"

    def _credit_exposures(self, company, debtors):
        """An :class:`Exposure` by debtor id."""
        columns = (TOTAL, "draft", "guarantee", "to_invoice")
        return self._credit_read(company, debtors, columns)

    def _credit_glance(self, company, debtors, *, with_late):
        """The most that each :class:`Exposure` can be, by debtor id: guarantees could only lower it.

        ``with_late``, it says since when the debtor may be late.
        """
        columns = (TOTAL, "draft", "to_invoice")
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
        for debtor_id, promised in self._credit_promised(company, date, debtors).items():
            exposures[debtor_id] = exposures[debtor_id]._replace(promised=promised)
        return exposures

    @api.model
    def _credit_promised(self, _company, _date, _debtors):
        """What documents of this kind promised ``debtors`` that counts as exposure later only: {id: amount}. A hook."""
        return {}

    @api.model
    def _credit_firm(self, _company, exposure):
        """What of an exposure documents add to when they give credit. A hook for parts nobody has judged."""
        return exposure.firm

    def _credit_judge(self, company, exposures, overdue):
        """What the rules say of debtors at these exposures: one :class:`Judged` each."""
        date = company._recovery_today()
        rules = self.env["recovery.credit.rule"]._declared(company.id, self._name)
        for debtor in self.env["res.partner"].browse(exposures):
            days, amount = overdue.get(debtor.id, (0, 0.0))
            terms = debtor._recovery_credit_terms(company)
            standing = credit_control.Standing(
                exposure=exact(exposures[debtor.id], company.currency_id),
                limit=terms.limit if terms.has_limit else None,
                days_overdue=days,
                amount_overdue=exact(amount, company.currency_id),
                check_until=terms.check_until or None,
                risk_class=terms.risk_class.id,
                is_person=not debtor.is_company,
            )
            yield Judged(debtor, terms, standing, credit_control.verdict(rules, standing, date))

    @api.model
    def _credit_overdue(self, company, debtors):
        """Days of the oldest overdue claim and the amount overdue, by debtor id: what no open money lies over.

        What is disputed is not late: whoever is right about it, it is part of the exposure all the same.
        """
        if not debtors:
            return {}
        date = company._recovery_today()
        overdue = self.env["recovery.claim"]._overdue(debtors, company, date, DISPUTED)
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
