from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    recovery_interest_rule_id = fields.Many2one(
        "recovery.interest.rule",
        string="Late payment clause",
        domain=[("is_contract", "=", True)],
        check_company=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="Contract clause on late payment for this invoice, when not the one of its payment term.",
    )
    recovery_notice_date = fields.Date(
        string="Formal notice given on",
        copy=False,
        tracking=True,
        help="Day of a formal notice given outside of this system, e.g. by a bailiff.",
    )
    recovery_judgment_date = fields.Date(
        string="Judgment enforceable since",
        copy=False,
        tracking=True,
        help="Day from which a judgment that orders the debtor to pay can be enforced. Where the law says so the "
        "rate of interest rises some time after it.",
    )
    is_recovery_charge = fields.Boolean(
        string="Bills late charges",
        readonly=True,
        copy=False,
        protected=False,  # whoever makes invoices makes those of charges; nothing rests on the mark alone
        help="The invoice claims interest and fixed sums: it bears none itself.",
    )
    recovery_charge_ids = fields.One2many(
        "recovery.charge",
        "move_id",
        string="Late charges",
        readonly=True,
        protected=False,  # charges guard themselves
        help="Charges for paying this invoice late.",
    )

    recovery_charge_count = fields.Integer(
        string="Number of late charges", compute="_compute_recovery_charge_count", help="Of whatever state."
    )

    @api.depends("recovery_charge_ids")
    def _compute_recovery_charge_count(self):
        for move in self:
            move.recovery_charge_count = len(move.recovery_charge_ids)

    def action_open_recovery_charges(self):
        """Open the invoice's late charges."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_charge")
        return {**action, "domain": [("move_id", "=", self.id)], "context": {}}

    def recovery_charges(self, date):
        """Return what late payment of these invoices costs at ``date``.

        ``{"interest", "fixed_sums", "items"}``: amounts in the invoices' currency, since the due dates;
        ``items`` are dicts, one per due date, with ``move_line_id``, ``interest``, ``fixed_sum``, what of
        them is still ``to_book``, ``rate_extrapolated``, ``rule``, the ``segments`` of the working and a
        ``problem`` when an item could not be priced.

        Raises UserError when the invoices are not all in one currency.
        """
        self.check_access("read")
        if len(self.currency_id) > 1:
            raise UserError(self.env._("Ask for the charges of invoices in one currency at a time."))
        date = fields.Date.to_date(date)
        items = [
            {"move_line_id": line_id, **charges.as_dict()}
            for line_id, charges in self._recovery_receivable_items()._recovery_charges(date).items()
        ]
        return {
            "interest": self.currency_id.round(sum(item["interest"] for item in items)),
            "fixed_sums": self.currency_id.round(sum(item["fixed_sum"] for item in items)),
            "items": items,
        }

    def _recovery_reverses(self):
        """Return the entry with those it reverses, one after the other."""
        chain, move = self, self.reversed_entry_id
        while move and move not in chain:
            chain, move = chain | move, move.reversed_entry_id
        return chain

    def _only_claims_charges(self):
        """Return those of the invoices that claim late charges and nothing beyond them."""
        # sudo: the mark alone can be set by anybody who makes invoices; the charges cannot
        claimed = self.env["recovery.charge"].sudo()
        if billing := self.filtered("is_recovery_charge"):
            claimed = claimed.search([("invoice_id", "in", billing.ids)])
        return self.browse().union(
            *(
                move
                for move, charges in claimed.grouped("invoice_id").items()
                if move.currency_id.compare_amounts(move.amount_untaxed, sum(charges.mapped("amount"))) <= 0
            )
        )

    def action_book_charges(self, date):
        """Claim what late payment of these invoices costs at ``date``, less what was booked or waived.

        Paid invoices too: their charges wait until somebody books or waives them. Returns the action that
        opens the charges' invoices, one for each debtor and currency. Raises UserError when there is nothing
        to book.
        """
        return self._book_charges(fields.Date.to_date(date))

    def _book_charges(self, date, chosen=()):
        """Do the same for the charges ``chosen`` only: {(item id, kind)}, empty for all."""
        self.check_access("read")
        charges = self._recovery_receivable_items()._recovery_accrue(date)
        if chosen:
            charges = charges.filtered(lambda charge: (charge.move_line_id.id, charge.kind) in chosen)
        invoices = charges._book(date)
        if not invoices:
            raise UserError(
                self.env._(
                    "There is nothing to book: no charge is owed that was not booked, waived, left to a running plan "
                    "or declared in an insolvency."
                )
            )
        return invoices._recovery_listed(self.env._("Charge invoices"))
