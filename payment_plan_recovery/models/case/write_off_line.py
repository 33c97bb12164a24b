"""What is given up of each claim, and the lines of the entry that books it."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..claim.open_money_facts import MONEY_JOURNALS
from ..common.company_words import in_words_of_company


class RecoveryWriteOffLine(models.Model):
    """What is given up of one claim."""

    _name = "recovery.write.off.line"
    _description = "Claim given up"
    _order = "write_off_id, id"
    _check_company_auto = True

    write_off_id = fields.Many2one("recovery.write.off", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="write_off_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="write_off_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Claim",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Owed", help="Still open of the claim."
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="Given up of the claim, VAT included.",
    )

    @api.depends("move_line_id")
    def _compute_amount(self):
        for line in self:
            line.amount = line.amount or line.move_line_id.amount_residual_currency

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._require_draft()
        return lines

    def write(self, vals):
        self._require_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._require_draft()

    def _require_draft(self):
        """Refuse to change what somebody was asked to approve, or approved."""
        if self.write_off_id.filtered(lambda write_off: write_off.state != "draft"):
            raise UserError(self.env._("The claims of a write-off change while it is a draft only."))
        self.write_off_id._note_author()

    @api.constrains("amount", "move_line_id")
    def _check_amount(self):
        for line in self.filtered(lambda line: line.write_off_id.state in ("draft", "asked")):
            item = line.move_line_id
            if not 0 < line.currency_id.round(line.amount) <= item.amount_residual_currency:
                raise ValidationError(
                    self.env._(
                        "%(claim)s owes %(owed)s: give up that much at most, and something.",
                        claim=item.move_id.name,
                        owed=item.amount_residual_currency,
                    )
                )
            debtor, currency = line.write_off_id.partner_id, line.write_off_id.currency_id
            if item.partner_id.commercial_partner_id != debtor or item.currency_id != currency:
                raise ValidationError(self.env._("Choose claims of one debtor and one currency."))

    def _entry_lines(self, account):
        """Return [(values of a line of the entry, journal item that it settles or None)] for this claim.

        It is credited, tax and loss are debited.
        """
        item = self.move_line_id
        company_currency = self.company_id.currency_id
        share = self.amount / item.amount_residual_currency
        balance = company_currency.round(item.amount_residual * share)
        label = in_words_of_company(self).env._("Write-off of %s", item.move_id.name)
        common = {"partner_id": item.partner_id.id, "currency_id": item.currency_id.id, "name": label}
        claim = {"account_id": item.account_id.id, "balance": -balance, "amount_currency": -self.amount}
        lines = [({**common, **claim}, item)]
        left, left_currency = balance, self.amount
        for tax, settled in self._tax_lines():
            lines.append(({**common, **tax}, settled))
            left -= tax["balance"]
            left_currency -= tax["amount_currency"]
        loss = {
            "account_id": account.id,
            "balance": company_currency.round(left),
            "amount_currency": item.currency_id.round(left_currency),
        }
        return [*lines, ({**common, **loss}, None)]

    def _shares_given_up(self):
        """Return {invoice: share of it that is given up}, of all that entries moved to the claim in proportion."""
        item = self.move_line_id
        before = item.browse(self.env["recovery.carried"]._origins(item.ids).get(item.id, ()))
        moved = {}
        for origin in before.filtered(
            lambda one: one.move_id.is_invoice() and one.currency_id == item.currency_id
        ):
            by_entry = origin.matched_credit_ids.filtered(
                lambda partial: (
                    partial.credit_move_id.move_id.move_type == "entry"
                    and partial.credit_move_id.journal_id.type not in MONEY_JOURNALS
                )
            )
            taken = sum(by_entry.mapped("debit_amount_currency"))
            moved[origin.move_id] = moved.get(origin.move_id, 0.0) + taken
        whole = sum(moved.values())
        if not whole:
            total = item.move_id.amount_total
            return {item.move_id: self.amount / total if total else 0}
        return {
            move: self.amount * taken / whole / move.amount_total
            for move, taken in moved.items()
            if move.amount_total
        }

    def _tax_lines(self):
        """Yield the debits that take the tax of the unpaid part back, and what each of them settles.

        With the tags of a credit note, where tax that was declared is recovered. Tax that is due on payment was never
        declared for what nobody paid: it leaves the account on which it waits, recovered or not, and no return knows
        of it (FR CGI 269, 2 c).
        """
        shares = self._shares_given_up()
        for tax_line in self.env["account.move"].union(*shares).line_ids.filtered("tax_repartition_line_id"):
            share = shares[tax_line.move_id]
            sold = tax_line.tax_repartition_line_id
            tax = sold.tax_id
            waits = tax.tax_exigibility == "on_payment"
            if not (waits or self.write_off_id.tax_recovered):
                continue
            index = list(tax.invoice_repartition_line_ids).index(sold)
            refund = tax.refund_repartition_line_ids[index : index + 1]
            values = {
                "account_id": tax_line.account_id.id,
                "balance": self.company_id.currency_id.round(-tax_line.balance * share),
                "amount_currency": self.currency_id.round(-tax_line.amount_currency * share),
                "tax_tag_ids": [fields.Command.set([] if waits else refund.tag_ids.ids)],
            }
            yield values, tax_line if waits and tax_line.account_id.reconcile else None
