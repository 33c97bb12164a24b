from odoo import models

from .company_words import in_words_of_company


class PaymentTransaction(models.Model):
    """What Odoo tells of payments in histories, in the company's language, whatever its visitor speaks."""

    _inherit = "payment.transaction"

    def _log_sent_message(self):
        result = None
        for payment in self:
            result = super(PaymentTransaction, in_words_of_company(payment))._log_sent_message()
        return result

    def _log_received_message(self):
        result = None
        for payment in self:
            result = super(PaymentTransaction, in_words_of_company(payment))._log_received_message()
        return result
