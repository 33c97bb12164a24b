"""What an incentive changes for a debtor: only what it does not have yet, proposed or granted."""

from datetime import date, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

#: Days of a long month before another one, on which the days of payment terms are counted.
INVOICED = [date(2026, 7, 1) + timedelta(days=days) for days in range(31)]
#: Longest term between businesses in France: 60 days, or 45 and a month's end, in either order (C. com. L. 441-10, I).
LONGEST_FR, LONGEST_MONTH_FR = timedelta(days=60), timedelta(days=45)


class RecoveryIncentiveGain(models.AbstractModel):
    """A chapter of the grant: what the debtor gains by it."""

    _name = "recovery.incentive.gain"
    _description = "What an Incentive Changes"

    @api.model
    def _gain(self, incentive, creditor, debtor):
        """Return what ``incentive`` would change for ``debtor``: only what it does not have yet."""
        terms = debtor._recovery_credit_terms(creditor)
        raised = 0.0
        if (
            incentive.limit_percent
            and terms.has_limit
            and terms.limit > 0
            and not terms.risk_class.refuses_credit
        ):
            raised = creditor.currency_id.round(terms.limit * (1 + incentive.limit_percent / 100))
            raised = min(raised, incentive.limit_max or raised)
        # sudo: the debtor's own term, to compare; nothing of it is told
        term = debtor.sudo().property_payment_term_id
        longer = longest_days(incentive.payment_term_id) > longest_days(term)
        return {
            "limit_before": terms.limit,
            "limit_after": raised if raised > terms.limit else 0.0,
            "term_before_id": term.id,
            "term_after_id": incentive.payment_term_id.id if longer else False,
            "lifts_down_payment": incentive.lifts_down_payment,
        }

    def _leave_what_is_better(self):
        """Leave out what the debtor was given since the proposal: a reward takes nothing from anybody.

        Callers come by sudo.

        :raise UserError: its credit was lowered since, or it has as much already
        """
        self.ensure_one()
        terms, currency = self.partner_id._recovery_credit_terms(self.company_id), self.currency_id
        is_lower = currency.compare_amounts(terms.limit, self.limit_before) < 0
        if self.limit_after and terms.has_limit and (is_lower or terms.risk_class.refuses_credit):
            raise UserError(
                self.env._(
                    "%s: the debtor's credit was lowered since this was proposed. Refuse the incentive; more credit "
                    "takes a solvency check.",
                    self.display_name,
                )
            )
        raises = terms.has_limit and currency.compare_amounts(self.limit_after, terms.limit) > 0
        term = self.partner_id.with_company(self.company_id).property_payment_term_id
        longer = longest_days(self.term_after_id) > longest_days(term)
        self.write(
            {
                "limit_before": terms.limit,
                "limit_after": self.limit_after if raises else 0.0,
                "term_before_id": term.id,
                "term_after_id": self.term_after_id.id if longer else False,
            }
        )
        if not (self.limit_after or self.term_after_id or self.lifts_down_payment):
            raise UserError(
                self.env._("%s: the debtor has as much already. Refuse the incentive.", self.display_name)
            )


def longest_days(term):
    """Return how many days after the invoice the last part is due at most, whatever the day; 0 without a term."""
    return max(
        ((line._get_due_date(day) - day).days for line in term.line_ids for day in INVOICED), default=0
    )


def is_lawful_in_france(line):
    """Return whether a part of a term is due when the law allows between businesses, on whatever day it is invoiced."""
    longest = (
        lambda day: day + LONGEST_FR,
        lambda day: date_utils.end_of(day, "month") + LONGEST_MONTH_FR,
        lambda day: date_utils.end_of(day + LONGEST_MONTH_FR, "month"),
    )
    return any(all(line._get_due_date(day) <= last(day) for day in INVOICED) for last in longest)
