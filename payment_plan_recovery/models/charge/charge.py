"""Charges of an item that are waiting, were booked, or were waived."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecoveryCharge(models.Model):
    """Interest or the fixed sum of one late item: accrued and waiting, booked on an invoice, or waived.

    An accrued charge is renewed as days go by, and stays when its item is paid until somebody books or
    waives it. A booked or waived one keeps its amount and its working.
    """

    _name = "recovery.charge"
    _description = "Late Charge"
    # What happens to a charge, a chapter each.
    _inherit = [
        "recovery.charge.renewal",
        "recovery.charge.booking",
        "recovery.charge.credit",
        "recovery.charge.waiving",
    ]
    _order = "date_due, move_line_id, kind, id"
    _check_company_auto = True

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="The late item the charge is for.",
    )
    move_id = fields.Many2one(
        related="move_line_id.move_id", string="Late invoice", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="move_line_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="move_line_id.currency_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        compute="_compute_partner_id",
        store=True,
        index=True,
        precompute=True,
        help="The commercial entity that owes.",
    )
    date_due = fields.Date(
        related="move_line_id.date_maturity", string="Due date", store=True, precompute=True
    )
    kind = fields.Selection(
        [("interest", "Interest"), ("fixed_sum", "Fixed sum"), ("bank_fee", "Bank's fee")],
        required=True,
        readonly=True,
        help="Interest for the days of delay, the fixed sum for collection costs, or what the bank asked for a "
        "payment that came back.",
    )
    state = fields.Selection(
        [("accrued", "To book"), ("booked", "Booked"), ("waived", "Waived"), ("reversed", "Reversed")],
        compute="_compute_state",
        store=True,
        index=True,
        help="To book: owed and not yet invoiced. Reversed: the charge's invoice was cancelled or credited, "
        "or the waiver taken back, so that the amount is to book again.",
    )
    amount = fields.Monetary(
        required=True, readonly=True, help="What is to book, was booked, or was waived; without taxes."
    )
    date_from = fields.Date(string="From", readonly=True, help="First day of interest.")
    date_until = fields.Date(
        string="Until", required=True, readonly=True, help="Last day of interest the amount takes account of."
    )
    rule_id = fields.Many2one(
        "recovery.interest.rule",
        readonly=True,
        ondelete="restrict",
        help="Law or contract applied.",
    )
    rate_extrapolated = fields.Boolean(
        string="Latest rate used",
        readonly=True,
        help="Some days lie past the last known reference rate: the latest one was used.",
    )
    working = fields.Text(readonly=True, help="How the amount was found when it was booked or waived.")
    working_shown = fields.Text(
        string="How it was found",
        compute="_compute_working_shown",
        help="The working as it was booked or waived, or as it stands for a charge that is to book.",
    )

    booked_on = fields.Date(readonly=True, help="Date of the invoice that claims the charge.")
    invoice_id = fields.Many2one(
        "account.move", string="Charge invoice", readonly=True, index="btree_not_null", ondelete="set null"
    )
    invoice_line_ids = fields.One2many(
        "account.move.line",
        "recovery_charge_id",
        string="Invoice lines",
        readonly=True,
        help="Line of the charge's invoice, and of credit notes on it.",
    )
    amount_booked = fields.Monetary(
        compute="_compute_amount_booked",
        store=True,
        help="What invoices claim for the charge, credit notes deducted; without taxes.",
    )
    excess = fields.Monetary(
        string="Booked too much",
        readonly=True,
        help="What was booked beyond what is owed, e.g. because a payment was found to be older: to credit.",
    )

    is_waived = fields.Boolean(readonly=True)
    waive_reason = fields.Char(readonly=True, help="Why the charge was waived.")
    waiver_asked = fields.Monetary(
        string="Waiver asked for",
        readonly=True,
        help="How much of the charge somebody asked to waive: it waits for somebody else's approval.",
    )
    waive_asked_by_id = fields.Many2one(
        "res.users",
        string="Waiver asked by",
        readonly=True,
        help="Who wanted it waived; empty when a plan that was kept waived it.",
    )
    waived_by_id = fields.Many2one("res.users", string="Waived by", readonly=True, help="Who decided.")
    waived_on = fields.Datetime(readonly=True)

    # One waiting charge of a kind for an item, however many processes renew it.
    _one_accrued = models.UniqueIndex("(move_line_id, kind) WHERE state = 'accrued'")

    @api.depends("move_line_id.partner_id.commercial_partner_id")
    def _compute_partner_id(self):
        for charge in self:
            charge.partner_id = charge.move_line_id.partner_id.commercial_partner_id

    @api.depends(
        "booked_on",
        "invoice_id",
        "invoice_line_ids.price_subtotal",
        "invoice_line_ids.parent_state",
        "invoice_line_ids.move_id.move_type",
        "invoice_line_ids.move_id.reversed_entry_id",
    )
    def _compute_amount_booked(self):
        """By the charge's invoice and what reverses it: anybody who makes invoices could name a charge on a line."""
        for charge in self:
            lines = charge.invoice_line_ids if charge.booked_on else charge.invoice_line_ids.browse()
            claimed = lines.filtered(
                lambda line, charge=charge: (
                    line.parent_state != "cancel" and charge.invoice_id in line.move_id._recovery_reverses()
                )
            )
            charge.amount_booked = charge.currency_id.round(
                sum(line.price_subtotal * (-1 if line.move_type == "out_refund" else 1) for line in claimed)
            )

    @api.depends("is_waived", "waived_on", "booked_on", "amount_booked")
    def _compute_state(self):
        for charge in self:
            if charge.is_waived:
                charge.state = "waived"
            elif charge.amount_booked:
                charge.state = "booked"
            else:
                charge.state = "reversed" if charge.booked_on or charge.waived_on else "accrued"

    @api.depends("working", "state", "date_until")
    @api.depends_context("lang")
    def _compute_working_shown(self):
        found = self.filtered(lambda charge: charge.state == "accrued")._workings(self.env.lang)
        for charge in self:
            charge.working_shown = found.get(charge.id) or charge.working

    @api.depends("kind", "move_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for charge in self:
            charge.display_name = f"{kinds.get(charge.kind, '')} {charge.move_id.name or ''}".strip()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        if self.filtered(lambda charge: charge.state != "accrued"):
            raise UserError(
                self.env._(
                    "Only charges that are still to book can be deleted: the others are part of the record."
                )
            )
