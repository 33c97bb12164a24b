"""A payment that came back: the invoice it had settled is open again, late since its own due date."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...models.claim.open_money_facts import MONEY_JOURNALS

#: Accounts by which money comes in: a bank's or a card's own, or those on which payments wait for its statement.
MONEY_ACCOUNTS = ("asset_cash", "asset_current", "liability_credit_card")


class RecoveryPaymentReturn(models.TransientModel):
    """A direct debit that the bank took back, say: match what went out with the payment that it takes back.

    The payment's invoices are then open again under their own number, and late since they were due.
    """

    _name = "recovery.payment.return"
    _description = "Payment That Came Back"
    _inherit = ["recovery.names.seen"]

    item_id = fields.Many2one(
        "account.move.line",
        string="Taken back by",
        required=True,
        readonly=True,
        help="What the bank took back, on the debtor's receivable account.",
    )
    currency_id = fields.Many2one(related="item_id.currency_id")
    candidate_ids = fields.Many2many("account.move.line", compute="_compute_candidate_ids")
    payment_item_id = fields.Many2one(
        "account.move.line",
        string="Payment",
        compute="_compute_payment_item_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
        help="The payment that came back: by default the debtor's latest one of the same amount.",
    )
    discount = fields.Monetary(
        string="Early discount lost",
        compute="_compute_late_item_ids",
        help="Discount for early payment that was booked with the payment: it is lost with it, and booked back.",
    )
    late_item_ids = fields.Many2many(
        "account.move.line",
        string="Owed again",
        compute="_compute_late_item_ids",
        help="What the payment had settled: it is owed again since its own due date.",
    )
    fee = fields.Monetary(
        string="Bank's fee",
        help="What the bank asks for the return, if it is claimed from the debtor: only where law or contract allows.",
    )

    @api.model
    def default_get(self, fields_list):
        """Take what went out of the entry, or of the journal item, the dialog was opened from."""
        records = self.env[self.env.context.get("active_model", "account.move.line")].browse(
            self.env.context.get("active_ids", [])
        )
        items = records.line_ids if records._name == "account.move" else records
        values = super().default_get(fields_list)
        if "item_id" in fields_list and not values.get("item_id"):
            values["item_id"] = items.filtered(self._is_out)[:1].id
            if not values["item_id"]:
                raise UserError(
                    self.env._(
                        "Here the bank took nothing back. Open the entry by which it did, on the debtor's account and "
                        "not matched yet, and press the button there."
                    )
                )
        return values

    @api.model
    def _is_out(self, item):
        return (
            item.account_type == "asset_receivable"
            and item.journal_id.type in MONEY_JOURNALS
            and item.amount_residual_currency > 0
        )

    @api.depends("item_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            item = wizard.item_id
            wizard.candidate_ids = (
                self.env["account.move.line"]
                .search(
                    Domain("account_id", "=", item.account_id.id)
                    & Domain(
                        "partner_id.commercial_partner_id", "=", item.partner_id.commercial_partner_id.id
                    )
                    & Domain("company_id", "=", item.company_id.id)
                    & Domain("currency_id", "=", item.currency_id.id)
                    & (
                        Domain("amount_currency", "=", -item.amount_residual_currency)
                        | Domain("amount_currency", "<", -item.amount_residual_currency)
                        & Domain("move_id.line_ids", "any", wizard._money_domain())
                    )
                    & Domain("journal_id.type", "in", MONEY_JOURNALS)
                    & Domain("parent_state", "=", "posted")
                    & Domain("date", "<=", item.date),
                    order="date desc, id desc",
                )
                .filtered(wizard._is_taken_back)
            )

    @api.depends("candidate_ids")
    def _compute_payment_item_id(self):
        for wizard in self:
            wizard.payment_item_id = wizard.candidate_ids[:1]

    def _money_domain(self):
        """Return the domain of the journal items by which the money came in that was taken back."""
        return (
            Domain("amount_currency", "=", self.item_id.amount_residual_currency)
            & Domain("currency_id", "=", self.item_id.currency_id.id)
            & Domain("account_id.account_type", "in", MONEY_ACCOUNTS)
        )

    def _discount_items(self, payment_item):
        """Return the journal items by which the entry of a payment books what its debtor did not pay."""
        others = payment_item.move_id.line_ids - payment_item
        return others - others.filtered_domain(self._money_domain())[:1]

    def _is_taken_back(self, payment_item):
        """Whether what was taken back is all that came in by a payment; the rest of it, if any, is a discount."""
        rest = -payment_item.amount_currency - self.item_id.amount_residual_currency
        if self.currency_id.is_zero(rest):
            return True
        lost = self._discount_items(payment_item)
        is_receivable = "asset_receivable" in lost.mapped("account_type")
        return not is_receivable and self.currency_id.is_zero(sum(lost.mapped("amount_currency")) - rest)

    @api.depends("payment_item_id")
    def _compute_late_item_ids(self):
        for wizard in self:
            wizard.late_item_ids = wizard.payment_item_id.matched_debit_ids.debit_move_id
            wizard.discount = (
                -wizard.payment_item_id.amount_currency - wizard.item_id.amount_residual_currency
                if wizard.payment_item_id
                else 0
            )

    def action_confirm(self):
        """Open what the payment had settled again, and claim the bank's fee with it.

        :raise UserError: nothing went out, or no payment is named that it takes back
        """
        self.ensure_one()
        if not self._is_out(self.item_id) or self.payment_item_id not in self.candidate_ids:
            raise UserError(
                self.env._("Choose the payment that came back: one of this debtor, of the same amount.")
            )
        late = self.late_item_ids
        lost = self._book_discount_back()
        self.payment_item_id.remove_move_reconcile()
        (self.payment_item_id | self.item_id | lost).reconcile()
        if self.fee and late:
            self._claim_fee(late[:1])
        late._recovery_accrue(self.item_id.company_id._recovery_today())
        return late.move_id._recovery_listed(self.env._("Open again"))

    def _claim_fee(self, item):
        """Claim the bank's fee with ``item``, in whose currency its charges are."""
        day = self.item_id.date
        fee = self.currency_id._convert(self.fee, item.currency_id, item.company_id, day)
        self.env["recovery.charge"]._add_bank_fee(item, fee, day)

    def _book_discount_back(self):
        """Reverse what the payment booked as its discount; return the debtor's item of the entry, none without one.

        :raise UserError: there is no journal to book it in
        """
        if self.currency_id.is_zero(self.discount):
            return self.item_id.browse()
        journals = self.env["account.journal"]
        journal = journals.search(
            [*journals._check_company_domain(self.item_id.company_id), ("type", "=", "general")], limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "The discount that is lost has to be booked: make a journal of miscellaneous entries."
                )
            )
        # As with the payment, taxes are written as they are and not reckoned anew.
        entries = self.env["account.move"].with_context(skip_invoice_sync=True)
        rows = self._rows_of_discount_lost()
        entry = entries.create(
            {
                "journal_id": journal.id,
                "company_id": self.item_id.company_id.id,
                "date": self.item_id.date,
                "ref": rows[-1]["name"],
                "line_ids": [Command.create(row) for row in rows],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == self.payment_item_id.account_id)

    def _rows_of_discount_lost(self):
        """Return the values of the entry that reverses a discount, what the debtor owes again last."""
        payment_item = self.payment_item_id
        lost = self._discount_items(payment_item)
        rows = [
            {**row, "balance": -line.balance, "amount_currency": -line.amount_currency}
            for line, row in zip(lost, lost.copy_data(), strict=True)
        ]
        for row in rows:
            row.pop("move_id", None)
        owed = {
            "account_id": payment_item.account_id.id,
            "partner_id": payment_item.partner_id.id,
            "currency_id": payment_item.currency_id.id,
            "name": self.env._("Discount lost: %s came back", payment_item.move_id.name),
            "balance": sum(lost.mapped("balance")),
            "amount_currency": self.discount,
        }
        return [*rows, owed]
