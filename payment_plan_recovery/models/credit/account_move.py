"""Invoices, and entries that make somebody owe as an invoice does."""

from odoo import api, models

from ..claim.open_money_facts import MONEY_JOURNALS

#: Documents that make a debtor owe. Credit notes lower what is owed and are never held up.
CREDIT_GIVING = ("out_invoice", "out_receipt")
#: Where a transaction notes the entries of which items come to be somebody else's debt, out of any caller's reach.
MOVING = "recovery_credit_moving"


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "recovery.credit.document"]

    _recovery_draft_idx = models.Index(
        "(commercial_partner_id) "
        "WHERE state = 'draft' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    def write(self, vals):
        # Posting, by whatever path, is this one write: ``_post`` makes it, and so would a direct call.
        given = self._recovery_changing_debtor(vals)
        if vals.get("state") != "posted":
            result = super().write(vals)
        else:
            again = self.filtered("posted_before")
            with self._credit_control():
                result = super().write(vals)
            self.env["recovery.given"]._follow(again.line_ids)
        given._recovery_begin_anew()
        return result

    @api.depends("line_ids.balance")  # and not the total, which Odoo works out anew with each payment
    def _compute_recovery_credit_note(self):
        return super()._compute_recovery_credit_note()

    def _credit_documents(self):
        giving = self.filtered(lambda move: move.state != "posted" and any(move._credit_debts().values()))
        giving -= giving._only_claims_charges()
        return giving.filtered(lambda move: not move._credit_only_undoes())

    def _credit_debts(self):
        """An invoice makes its customer owe; an entry, or an invoice of which items move, whoever the items say."""
        owing = super()._credit_debts() if self.move_type in CREDIT_GIVING and self.partner_id else {}
        told_by_items = (
            self.id in self.env.cr.precommit.data.get(MOVING, ()) if owing else self._credit_is_entry()
        )
        if not told_by_items:
            return owing
        charged = self._credit_charged().items()
        return {debtor: amount for debtor, amount in charged if debtor and amount > 0} | owing

    def _credit_charged(self):
        """What the receivable items add to what each debtor owes, in the company's currency."""
        items = self._recovery_receivable_items()
        by_debtor = items.grouped(lambda item: item.partner_id.commercial_partner_id)
        return {debtor: sum(charged.mapped("balance")) for debtor, charged in by_debtor.items()}

    def _credit_is_entry(self):
        return self.move_type == "entry" and self._credit_is_miscellaneous()

    def _credit_is_miscellaneous(self):
        """Tell whether an entry is somebody's own: neither money, nor a difference of currency, nor a tax moved."""
        return (
            not (self.journal_id.type in MONEY_JOURNALS and self._credit_moves_money())
            and self.journal_id != self.company_id.currency_exchange_journal_id
            and not self.tax_cash_basis_rec_id
        )

    def _credit_moves_money(self):
        """Tell whether an entry of a bank or cash journal is about money: it touches more than debts and results."""
        return any(
            line.account_id.internal_group in ("asset", "liability")
            and line.account_type not in ("asset_receivable", "liability_payable")
            and not line.tax_line_id
            for line in self.line_ids
        )

    def _credit_only_undoes(self):
        """Tell whether the entry takes back a credit note or an entry in the debtor's favour, and no more than that.

        The debtor owes again what it owed before: that is no new credit, each credit being taken back once.
        """
        undone = self.reversed_entry_id
        if undone.state != "posted":
            return False
        posted = (undone.reversal_move_ids - self).filtered(lambda move: move.state == "posted")
        charged = [move._credit_charged() for move in undone | posted | self]
        currency = self.company_id.currency_id
        return all(
            currency.compare_amounts(sum(each.get(debtor, 0.0) for each in charged), 0.0) <= 0
            for debtor in self._credit_debts()
        )

    def _credit_debtor(self):
        if self.move_type != "entry":
            return super()._credit_debtor()
        debts = self._credit_debts()
        return max(debts, key=debts.get, default=self.env["res.partner"])

    def _credit_amount(self):
        return sum(self._credit_debts().values()) if self.move_type == "entry" else self.amount_total_signed
