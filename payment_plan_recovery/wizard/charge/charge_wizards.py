"""Dialogs of late charges: book them at a date, waive them for a reason."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...models.common.labelled import labelled

#: What charges are booked from.
OPENED_FROM = ("account.move", "recovery.charge")


class RecoveryChargeBook(models.TransientModel):
    """Book the late charges of invoices, or of every debtor, at a date."""

    _name = "recovery.charge.book"
    _description = "Book Late Charges"

    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        help="Date of the charges' invoices, and last day of interest.",
    )
    move_ids = fields.Many2many("account.move", string="Late invoices", readonly=True)
    charge_ids = fields.Many2many(
        "recovery.charge",
        string="Charges chosen",
        readonly=True,
        help="Only these; empty for all of the invoices.",
    )
    charge_count = fields.Integer(string="Charges to book", compute="_compute_charges")
    debtor_count = fields.Integer(string="Debtors", compute="_compute_charges")
    amounts = fields.Char(string="Amount", compute="_compute_charges", help="What is claimed, by currency.")
    problems = fields.Text(
        compute="_compute_charges", help="Invoices whose interest cannot be found, and why."
    )

    @api.model
    def default_get(self, fields_list):
        """Take the invoices or the charges the dialog was opened from, and today by the clock of their company."""
        records = self.env[self.env.context.get("active_model", "account.move")].browse(
            self.env.context.get("active_ids", [])
        )
        # sudo: only whose they are
        company = records.sudo().exists().company_id if records._name in OPENED_FROM else self.env.company
        there = (
            self.with_company(company) if len(company) == 1 and company.id in self.env.companies.ids else self
        )
        values = super(RecoveryChargeBook, there).default_get(fields_list)
        if records._name == "recovery.charge":
            values["move_ids"] = [Command.set(records.move_id.ids)]
            values["charge_ids"] = [Command.set(records.ids)]
        elif records._name == "account.move":
            values["move_ids"] = [Command.set(records.ids)]
        return values

    @api.depends("date", "move_ids", "charge_ids")
    def _compute_charges(self):
        for wizard in self:
            items = wizard.move_ids._origin._recovery_receivable_items()
            items -= self.env["recovery.charge"]._items_not_invoiced(items)
            found = items._recovery_charges(wizard.date or self.env.company._recovery_today())
            chosen = wizard.charge_ids._origin._keys()
            due = {
                item: amounts
                for item in items
                if (
                    amounts := [
                        amount
                        for kind, amount in found[item.id].open_by_kind().items()
                        if not chosen or (item.id, kind) in chosen
                    ]
                )
            }
            open_items = items.filtered(lambda item, due=due: item in due)
            wizard.charge_count = sum(len(amounts) for amounts in due.values())
            wizard.amounts = " + ".join(
                formatLang(self.env, float(sum(sum(due[item]) for item in owed)), currency_obj=currency)
                for currency, owed in open_items.grouped("currency_id").items()
            )
            wizard.debtor_count = len(open_items.partner_id.commercial_partner_id)
            wizard.problems = "\n".join(
                labelled(self.env, item.move_id.display_name, found[item.id].problems)
                for item in items
                if found[item.id].problems
            )

    def action_book(self):
        """Book the charges and open their invoices."""
        self.ensure_one()
        if not self.move_ids:
            raise UserError(self.env._("Choose the late invoices whose charges are to book."))
        return self.move_ids._book_charges(self.date, self.charge_ids._keys())


class RecoveryChargeWaive(models.TransientModel):
    """Waive late charges, wholly or in part."""

    _name = "recovery.charge.waive"
    _description = "Waive Late Charges"

    charge_ids = fields.Many2many("recovery.charge", string="Charges", required=True, readonly=True)
    charge_count = fields.Integer(compute="_compute_charge_count")
    currency_id = fields.Many2one("res.currency", compute="_compute_charge_count")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What is waived; of a single charge, possibly a part of it.",
    )
    reason = fields.Char(required=True, help="Kept with the charges and noted on the invoices.")

    @api.model
    def default_get(self, fields_list):
        """Take the charges to book among those the dialog was opened from."""
        values = super().default_get(fields_list)
        charges = self.env["recovery.charge"].browse(self.env.context.get("active_ids", []))
        waiting = charges.filtered(lambda charge: charge.state == "accrued")
        values["charge_ids"] = [Command.set(waiting.ids)]
        return values

    @api.depends("charge_ids")
    def _compute_charge_count(self):
        for wizard in self:
            wizard.charge_count = len(wizard.charge_ids)
            wizard.currency_id = wizard.charge_ids.currency_id[:1]

    @api.depends("charge_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.charge_ids.amount if len(wizard.charge_ids) == 1 else 0.0

    def action_waive(self):
        """Waive the charges, or ask somebody else to, and say so."""
        self.ensure_one()
        if not self.charge_ids:
            raise UserError(self.env._("Choose charges to book: booked and waived ones stay as they are."))
        charges = self.charge_ids.action_waive(self.reason, self.amount if self.charge_count == 1 else None)
        close = {"type": "ir.actions.act_window_close"}
        if not any(charges.mapped("waiver_asked")):
            return close
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "It is more than one person may waive: somebody else has to approve it."
                ),
                "next": close,
            },
        }
