"""Write-offs: what is given up of claims, booked on a declared account, approved, and taken back when money comes."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..common.company_words import in_words_of_company
from ..common.keep import keep

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
    author_ids = fields.Many2many(
        "res.users",
        "recovery_write_off_author_rel",
        string="Had a hand in it",
        protected=True,
        copy=False,
        help="Who wrote something of it: above the ceiling none of them approves it.",
    )
    approved_by_id = fields.Many2one("res.users", protected=True, copy=False, help="Who approved it.")
    date = fields.Date(string="Booked on", protected=True, copy=False, help="Day of the entry.")
    move_id = fields.Many2one("account.move", string="Entry", protected=True, copy=False, ondelete="restrict")

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for write_off in self:
            write_off.amount = sum(write_off.line_ids.mapped("amount"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if self.filtered("move_id"):
            raise UserError(self.env._("A write-off that was booked stays on file: take it back instead."))

    def write(self, vals):
        done = super().write(vals)
        if self._asked_fields() & vals.keys():
            self._note_author()
        return done

    def _note_author(self):
        """Keep that the user wrote something of what is given up, and so does not approve it above the ceiling."""
        if not self.env.su:
            # sudo: protected from clients; who wrote had the right to
            self.sudo().author_ids |= self.env.user

    def _asked(self):
        return self.filtered(lambda write_off: write_off.state != "draft")

    @api.model
    def _draft(self, case):
        """Return a draft of the write-off of what is still open in ``case``: the one that waits, if there is one."""
        keep(case.sudo())  # protected from clients, and nothing is written; its right was checked
        waiting = self.search([("case_id", "=", case.id), ("state", "in", ("draft", "asked"))], limit=1)
        if waiting:
            return waiting
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

        :raise AccessError: the user may not approve, or asked for it and, with what he gave up of the debtor alone
            within a year, is above the ceiling
        :raise UserError: no account is declared, or a claim owes less than is given up
        """
        self._require_state("asked")
        for write_off in self:
            write_off._check_approver(before=write_off._given_up_before())
            # sudo: a Recovery manager books this one entry without the rights of an accountant
            move = write_off.sudo()._book()
            write_off.sudo().write(
                {"state": "booked", "approved_by_id": self.env.uid, "move_id": move.id, "date": move.date}
            )
            write_off._give_up_charges()
            case = write_off.case_id
            if case and case.stage != "closed" and case.currency_id.is_zero(case.amount_residual):
                case.action_irrecoverable()

    def _give_up_charges(self):
        """Waive what lateness cost of claims that are given up to the end, as far as one person may; else ask for it.

        Not of a small residue: there the claim was paid, late. Taken back, a waiver is taken back by hand.
        """
        items = self.line_ids.move_line_id.filtered("reconciled")
        if self.reason == "residue" or not items:
            return
        charges = items._recovery_accrue(self.company_id._recovery_today())
        charges.filtered(lambda charge: not charge.waiver_asked).action_waive(
            in_words_of_company(self).env._("Given up with the claim.")
        )

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

    @api.model
    def _items_sql(self) -> SQL:
        """Return a query of the ids of journal items of which something is given up in the books."""
        return SQL(
            """
            SELECT given_up.move_line_id
              FROM recovery_write_off_line given_up
              JOIN recovery_write_off whole ON whole.id = given_up.write_off_id
             WHERE whole.state = 'booked'
            """
        )

    def _require_state(self, state):
        self.check_access("write")
        states = dict(self._fields["state"]._description_selection(self.env))
        for write_off in self:
            if write_off.state != state:
                raise UserError(
                    self.env._("This write-off is not in the state “%s”: reload the page.", states[state])
                )

    def _check_approver(self, before=0.0):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Ask a Recovery manager to approve the write-off."))
        company = self.company_id
        given_up = company.currency_id.round(before + self._amount_in_books())
        ceiling = company._recovery_creditor()._ceiling("recovery_write_off_ceiling", company)
        if given_up > ceiling and self._is_of(self.env.user):
            raise AccessError(
                self.env._(
                    "Above the ceiling, somebody else than who drafted or asked approves the write-off. What one "
                    "person gives up of a debtor within a year counts together."
                )
            )

    def _is_of(self, user):
        """Whether ``user`` drafted the write-off, wrote something of it or asked for it."""
        return bool(user._recovery_person() & (self.asked_by_id | self.create_uid | self.author_ids))

    def _amount_in_books(self):
        """Return what is given up, in the company's currency."""
        company, day = self.company_id, self.date or self.company_id._recovery_today()
        return self.currency_id._convert(self.amount, company.currency_id, company, day)

    def _given_up_before(self):
        """Return what the user gave up of the debtor alone within a year: a large sum is not made of small ones.

        In the company's currency, whichever branch of the creditor it was owed to.
        """
        # sudo: managers do not write debtors, and nothing is written to them but what they are
        keep(self.partner_id.sudo())
        company = self.company_id
        # sudo: what the user gave up alone counts also where he no longer reads it
        former = self.sudo().search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "in", company._recovery_branch_ids()),
                ("state", "=", "booked"),
                ("approved_by_id", "in", self.env.user._recovery_person().ids),
                ("date", ">", fields.Date.subtract(company._recovery_today(), years=1)),
            ]
        )
        alone = former.filtered(lambda write_off: write_off._is_of(self.env.user))
        return sum(write_off._amount_in_books() for write_off in alone)

    # -- booking -----------------------------------------------------------------------------------

    def _book(self):
        """Post the entry that settles what is given up; return it."""
        company = self.company_id
        account = company._recovery_nearest("recovery_write_off_account_id").with_env(self.env)
        if not account:
            raise UserError(self.env._("Choose the account for write-offs in the settings first."))
        self.line_ids._check_amount()
        journal = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(company), ("type", "=", "general")], limit=1
        )
        entries = [entry for line in self.line_ids for entry in line._entry_lines(account)]
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "company_id": company.id,
                "date": company._recovery_today(),
                "ref": in_words_of_company(self).env._("Write-off of %s", self.partner_id.display_name),
                "line_ids": [fields.Command.create(values) for values, _settled in entries],
            }
        )
        move.action_post()
        for line, (_values, settled) in zip(move.line_ids.sorted("id"), entries, strict=True):
            if settled:
                # Nobody paid: tax that is due on payment does not become due.
                (settled + line).with_context(no_cash_basis=True).reconcile()
        return move
