"""Write-offs: what is given up of claims, booked on a declared account, approved, and taken back when money comes."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..common.company_words import in_words_of_company

MANAGER = "payment_plan_recovery.group_recovery_manager"


class RecoveryWriteOff(models.Model):
    """Claims of one debtor and currency that are given up, whole or in part.

    Approving posts one entry that settles them: the declared account bears the loss, and the tax accounts of
    the invoices their share of the VAT where it is recovered. Taking it back reverses the entry, so that the
    claims are open again and the money can be matched with them.
    """

    _name = "recovery.write.off"
    _description = "Write-off"
    _inherit = [
        "recovery.guarded.fields",
        "recovery.four.eyes",
        "recovery.debtor.mixin",
        "recovery.write.off.residues",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, asked=True, help="Who owes."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        asked=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        asked=True,
    )
    case_id = fields.Many2one(
        "recovery.case",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        asked=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("asked", "To approve"), ("booked", "In the books"), ("reversed", "Taken back")],
        default="draft",
        required=True,
        protected=True,
        copy=False,
        tracking=True,
        help="Booked: approved and posted. Taken back: money came after all, or it was a mistake.",
    )
    reason = fields.Selection(
        [
            ("insolvency", "Insolvency"),
            ("cost", "Recovery costs more than it brings"),
            ("limitation", "Time-barred"),
            ("remission", "Remission agreed with the debtor"),
            ("residue", "Small residue"),
            ("unknown", "Debtor gone"),
        ],
        required=True,
        tracking=True,
        help="Why it is given up.",
        asked=True,
    )
    note = fields.Text(asked=True, help="What shows it; part of the file.")
    tax_recovered = fields.Boolean(
        string="VAT recovered",
        help="The VAT of the unpaid part is taken back: the law allows it and the duplicate invoice was sent.",
        asked=True,
    )
    line_ids = fields.One2many("recovery.write.off.line", "write_off_id", string="Claims", copy=True)
    amount = fields.Monetary(
        compute="_compute_amount", store=True, tracking=True, help="Given up in all, VAT included."
    )
    asked_by_id = fields.Many2one("res.users", protected=True, copy=False, help="Who asked for it.")
    approved_by_id = fields.Many2one("res.users", protected=True, copy=False, help="Who approved it.")
    date = fields.Date(string="Booked on", protected=True, copy=False, help="Day of the entry.")
    move_id = fields.Many2one("account.move", string="Entry", protected=True, copy=False)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for write_off in self:
            write_off.amount = sum(write_off.line_ids.mapped("amount"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if self.filtered("move_id"):
            raise UserError(self.env._("A write-off that was booked stays on file: take it back instead."))

    def _asked(self):
        return self.filtered(lambda write_off: write_off.state != "draft")

    @api.model
    def _draft(self, case):
        """Draft the write-off of what is still open in ``case``."""
        items = case.line_ids.move_line_id.filtered(lambda item: not item.reconciled)
        return self.create(
            {
                "partner_id": case.partner_id.id,
                "company_id": case.company_id.id,
                "currency_id": case.currency_id.id,
                "case_id": case.id,
                "reason": "insolvency" if case.date_published else "cost",
                "note": case.reason,
                "line_ids": [fields.Command.create({"move_line_id": item.id}) for item in items],
            }
        )

    def action_ask(self):
        """Ask for approval.

        :raise UserError: nothing is given up
        """
        self._require_state("draft")
        for write_off in self:
            if not write_off.amount:
                raise UserError(self.env._("Say which claims are given up, and how much of them."))
            # sudo: protected from clients; the right to write was just checked
            write_off.sudo().write({"state": "asked", "asked_by_id": self.env.uid})

    def action_approve(self):
        """Approve the write-offs and book them today.

        :raise AccessError: the user may not approve, or asked for it above the ceiling
        :raise UserError: no account is declared, or a claim owes less than is given up
        """
        self._require_state("asked")
        for write_off in self:
            write_off._check_approver()
            # sudo: a Recovery manager books this one entry without the rights of an accountant
            move = write_off.sudo()._book()
            write_off.sudo().write(
                {"state": "booked", "approved_by_id": self.env.uid, "move_id": move.id, "date": move.date}
            )
            case = write_off.case_id
            if case and case.stage != "closed" and case.currency_id.is_zero(case.amount_residual):
                case.action_irrecoverable()

    def action_reverse(self):
        """Take the write-offs back: the claims are open again.

        :raise AccessError: the user may not approve
        """
        self._require_state("booked")
        for write_off in self:
            write_off._check_approver()
            today = write_off.company_id._recovery_today()
            # sudo: as when it was booked
            write_off.sudo().move_id._reverse_moves([{"date": today}], cancel=True)
            write_off.sudo().state = "reversed"

    def _require_state(self, state):
        self.check_access("write")
        states = dict(self._fields["state"]._description_selection(self.env))
        for write_off in self:
            if write_off.state != state:
                raise UserError(
                    self.env._("This write-off is not in the state “%s”: reload the page.", states[state])
                )

    def _check_approver(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Ask a Recovery manager to approve the write-off."))
        company = self.company_id
        booked = self.currency_id._convert(
            self.amount, company.currency_id, company, company._recovery_today()
        )
        if (
            booked > company.recovery_write_off_ceiling
            and self.env.user in self.asked_by_id | self.create_uid
        ):
            raise AccessError(
                self.env._(
                    "Above the ceiling, somebody else than who drafted or asked approves the write-off."
                )
            )

    # -- booking -----------------------------------------------------------------------------------

    def _book(self):
        """Post the entry that settles what is given up; return it."""
        company = self.company_id
        account = company.recovery_write_off_account_id
        if not account:
            raise UserError(self.env._("Choose the account for write-offs in the settings first."))
        self.line_ids._check_amount()
        journal = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(company), ("type", "=", "general")], limit=1
        )
        lines = [values for line in self.line_ids for values in line._entry_lines(account)]
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "company_id": company.id,
                "date": company._recovery_today(),
                "ref": in_words_of_company(self).env._("Write-off of %s", self.partner_id.display_name),
                "line_ids": [fields.Command.create(values) for values in lines],
            }
        )
        move.action_post()
        settled = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        for line, entry in zip(self.line_ids, settled, strict=True):
            (line.move_line_id + entry).reconcile()
        return move


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
        """Return the lines of the entry for this claim: it is credited, tax and loss are debited."""
        item = self.move_line_id
        company_currency = self.company_id.currency_id
        share = self.amount / item.amount_residual_currency
        balance = company_currency.round(item.amount_residual * share)
        label = in_words_of_company(self).env._("Write-off of %s", item.move_id.name)
        common = {"partner_id": item.partner_id.id, "currency_id": item.currency_id.id, "name": label}
        lines = [
            {**common, "account_id": item.account_id.id, "balance": -balance, "amount_currency": -self.amount}
        ]
        left, left_currency = balance, self.amount
        if self.write_off_id.tax_recovered:
            for tax in self._tax_lines():
                lines.append({**common, **tax})
                left -= tax["balance"]
                left_currency -= tax["amount_currency"]
        loss = {
            "account_id": account.id,
            "balance": company_currency.round(left),
            "amount_currency": item.currency_id.round(left_currency),
        }
        return [*lines, {**common, **loss}]

    def _tax_lines(self):
        """Yield the debits that take the tax of the unpaid part back, with the tags of a credit note."""
        move = self.move_line_id.move_id
        share = self.amount / move.amount_total if move.amount_total else 0
        for tax_line in move.line_ids.filtered("tax_repartition_line_id"):
            sold = tax_line.tax_repartition_line_id
            tax = sold.tax_id
            index = list(tax.invoice_repartition_line_ids).index(sold)
            refund = tax.refund_repartition_line_ids[index : index + 1]
            yield {
                "account_id": tax_line.account_id.id,
                "balance": self.company_id.currency_id.round(-tax_line.balance * share),
                "amount_currency": self.currency_id.round(-tax_line.amount_currency * share),
                "tax_tag_ids": [fields.Command.set(refund.tag_ids.ids)],
            }
