"""How what a document asks for is paid: bank account, words to write, QR code."""

import logging
from functools import cached_property

_logger = logging.getLogger(__name__)


class MeansOfPayment:
    """What a :class:`Content` says of paying what it asks for."""

    @cached_property
    def bank(self):
        """The creditor's bank account to pay to: the company's, of a branch without one that of its creditor."""
        # sudo: it is printed for the debtor, whichever branches who writes to it works in
        for company in self.company._recovery_lineage().sudo():
            for bank in company.partner_id.bank_ids:
                if bank.company_id in (company, company.browse()):
                    return bank
        return self.env["res.partner.bank"]

    def bank_text(self):
        if not self.bank:
            return ""
        bic = f" (BIC {self.bank.bank_bic})" if self.bank.bank_bic else ""
        return f"{self.bank.acc_number}{bic}"

    @property
    def communication(self):
        """Text to write on the payment: the number of the only invoice, else our reference."""
        return self.claims[0].number if len(self.claims) == 1 else self.reference

    @property
    def asked(self):
        """What a payment order is prepared for, by currency."""
        return self.next_payment or self.to_pay

    def qr_code(self):
        """Return the payment QR code as a data URI, or None where Odoo offers none."""
        if len(self.asked) != 1 or not self.bank:
            return None
        [(currency, amount)] = self.asked.items()
        if not amount:
            return None
        try:
            # sudo: the code only holds the creditor's own account, which is printed next to it
            bank = self.bank.sudo().with_context(recovery_plain_qr=True)
            return bank.build_qr_code_base64(
                amount, self.communication, "", currency, self.debtor, silent_errors=True
            )
        except Exception:  # no drawing library: a letter without the code is still a letter
            _logger.warning("The payment QR code could not be drawn", exc_info=True)
            return None
