"""A payment that came back: the invoice it had settled is open again, late since its own due date."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...models.claim.open_money_facts import MONEY_JOURNALS


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
            wizard.candidate_ids = self.env["account.move.line"].search(
                Domain("account_id", "=", item.account_id.id)
                & Domain("partner_id.commercial_partner_id", "=", item.partner_id.commercial_partner_id.id)
                & Domain("company_id", "=", item.company_id.id)
                & Domain("currency_id", "=", item.currency_id.id)
                & Domain("amount_currency", "=", -item.amount_residual_currency)
                & Domain("journal_id.type", "in", MONEY_JOURNALS)
                & Domain("parent_state", "=", "posted")
                & Domain("date", "<=", item.date),
                order="date desc, id desc",
            )

    @api.depends("candidate_ids")
    def _compute_payment_item_id(self):
        for wizard in self:
            wizard.payment_item_id = wizard.candidate_ids[:1]

    @api.depends("payment_item_id")
    def _compute_late_item_ids(self):
        for wizard in self:
            wizard.late_item_ids = wizard.payment_item_id.matched_debit_ids.debit_move_id

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
        self.payment_item_id.remove_move_reconcile()
        (self.payment_item_id | self.item_id).reconcile()
        if self.fee and late:
            self.env["recovery.charge"]._add_bank_fee(late[:1], self.fee, self.item_id.date)
        late._recovery_accrue(self.item_id.company_id._recovery_today())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open again"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", late.move_id.ids)],
        }
