"""What a notice says of each claim: its figures, and what was received on it."""

from collections import defaultdict

from odoo import models

from ...tools.text import one_line
from .content import ClaimContent, Receipt


class RecoveryNoticeLine(models.Model):
    _inherit = "recovery.notice.line"

    def _content(self, day, receipts):
        """Return the line as it is printed on ``day``."""
        self.ensure_one()
        item, instalment, currency = self.move_line_id, self.instalment_id, self.currency_id
        amount = instalment.amount if instalment else item.amount_currency
        owed = instalment.amount_residual if instalment else item.amount_residual_currency
        return ClaimContent(
            number=instalment._recovery_number() if instalment else item._recovery_number(),
            date=item.move_id.invoice_date or item.date or instalment.plan_id.date_accepted,
            date_due=self.date_due,
            amount=amount,
            received=currency.round(amount - owed),
            disputed=currency.round(owed - self.amount_residual),
            residual=self.amount_residual,
            currency=currency,
            days_late=max((day - self.date_due).days, 0) if self.date_due else 0,
            receipts=tuple(receipts),
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _recovery_number(self):
        """Return what the debtor knows the item by: the invoice's number."""
        return one_line(self.move_id.name or self.name)

    def _recovery_receipts(self):
        """Return what was received on each item, in its currency: {item id: [Receipt]}, oldest first."""
        partials = self.env["account.partial.reconcile"].search(
            [("debit_move_id", "in", self.ids), ("debit_amount_currency", ">", 0)]
        )
        receipts = defaultdict(list)
        for partial in partials:
            credit = partial.credit_move_id
            receipts[partial.debit_move_id.id].append(
                Receipt(credit.date, partial.debit_amount_currency, one_line(credit.move_id.name))
            )
        return {item: sorted(received) for item, received in receipts.items()}
