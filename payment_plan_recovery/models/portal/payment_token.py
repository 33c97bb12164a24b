"""A means of payment that its owner, or whoever runs the provider, has put away pays no instalment any more."""

from odoo import models

from ..common.company_words import words_of


class PaymentToken(models.Model):
    _inherit = "payment.token"

    def _handle_archiving(self):
        self._recovery_stop_autopay()
        return super()._handle_archiving()

    def _recovery_stop_autopay(self):
        """Take nothing more with the means of payment for any plan, and tell whoever follows it."""
        # sudo: whoever puts it away, its owner too, who has no right on plans
        plans = self.env["recovery.plan"].sudo().search([("autopay_token_id", "in", self.ids)])
        for plan in plans:
            words = words_of(plan.company_id)
            reason = words._(
                "%s was put away: nothing is taken by itself any more.", plan.autopay_token_id.display_name
            )
            plan._stop_autopay(reason)
            plan._autopay_ask(reason)
