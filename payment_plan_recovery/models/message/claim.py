"""Claims as they are printed."""

from odoo import models

from .claim_content import ClaimContent


class RecoveryClaim(models.Model):
    _inherit = "recovery.claim"

    def _contents(self, date, covered=None, receipts=None, let_go=None):
        """Return the claims as they are printed on ``date``, oldest due first.

        :param covered: {id of a claim: what unmatched money lies over it}, where the reader knows or does not tell
        :param receipts: {id of a journal item: what was received on it}, the same
        :param let_go: {id of a claim: what nobody asks for of it}, the same
        """
        receipts = self.move_line_id._recovery_receipts() if receipts is None else receipts
        covered = self._covered(date, by_money=True) if covered is None else covered
        let_go = self._let_go(date) if let_go is None else let_go
        return [
            claim._content(date, receipts, covered.get(claim.id, 0.0), let_go.get(claim.id, 0.0))
            for claim in self.sorted("date_due")
        ]

    def _content(self, date, receipts, covered, let_go):
        item, instalment = self.move_line_id, self.instalment_id
        # sudo: a plan is read whole, also by who does not work where it was agreed
        owed = self.sudo().company_id
        amount = instalment.amount if instalment else item.amount_currency
        return ClaimContent(
            number=instalment._recovery_number() if instalment else item._recovery_number(),
            date=item.move_id.invoice_date or item.date or instalment.plan_id.date_accepted,
            date_due=self.date_due,
            amount=amount,
            received=self.currency_id.round(amount - self.amount_residual),
            residual=self.amount_residual,
            covered=covered,
            let_go=let_go,
            currency=self.currency_id,
            days_late=max((date - self.date_due).days, 0),
            receipts=tuple(receipts.get(item.id, ())),
            branch=owed.name,
        ).as_asked()
