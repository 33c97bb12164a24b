"""How what a document asks for is paid: bank account, words to write, QR code."""

import logging
from functools import cached_property

_logger = logging.getLogger(__name__)


class MeansOfPayment:
    """What a :class:`Content` says of paying what it asks for."""

    @cached_property
    def bank(self):
        """The creditor's bank account to pay to: the company's, of a branch without one that of its creditor.

        Of several the one that Odoo puts on invoices: in the currency asked for, and trusted. Whoever keeps contacts
        may add an account to the company's own, and no money is asked for there while another one is known to be ours.
        """
        # sudo: it is printed for the debtor, whichever branches who writes to it works in
        for company in self.company._recovery_lineage().sudo():
            banks = company.partner_id.bank_ids
            banks = banks.filtered(lambda bank, owner=company: bank.company_id in (owner, owner.browse()))
            if banks:
                return banks.sorted(self._bank_order)[:1]
        return self.env["res.partner.bank"]

    def _bank_order(self, bank):
        is_other_currency = bool(bank.currency_id) and [bank.currency_id] != list(self.asked)
        return is_other_currency, not bank.allow_out_payment, not bank.journal_id

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

    @property
    def asks_for_transfer(self):
        """Whether anything is to be transferred: who is thanked for the last of it is given no account to pay to."""
        return bool(self.bank) and not self.is_taken and any(self.asked.values())

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
