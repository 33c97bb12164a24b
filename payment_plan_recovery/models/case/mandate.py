"""Mandates: who collects for us outside of the house, on what terms, with what powers and for what fee."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.collection_fee import FeeRule, collection_fee
from ..charge.errors import refused_by_name
from ..common.keep import keep
from ..common.kernel import exact


class RecoveryMandate(models.Model):
    """What a collection agency or a bailiff may do for us with the cases that are entrusted to it.

    The mandate is written, says what it is based on and when money is handed over (FR CPCE R124-1 ff); what it
    costs stays with the creditor while there is no title (L111-8).
    """

    _name = "recovery.mandate"
    _description = "Mandate"
    _inherit = ["recovery.guarded.fields", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True, tracking=True, help="What the mandate is called, with its number if it has one."
    )
    active = fields.Boolean(default=True)
    role = fields.Selection(
        [("agency", "Collection agency"), ("bailiff", "Bailiff")],
        required=True,
        default="agency",
        tracking=True,
        help="An agency collects amicably; a bailiff serves and enforces titles.",
    )
    partner_id = fields.Many2one("res.partner", required=True, tracking=True, help="Who holds the mandate.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, help="Who gives it."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the claims that are entrusted, and of the fees.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        help="Who is told what the partner reports.",
    )
    date_from = fields.Date(
        string="Runs from",
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        tracking=True,
        help="First day of the mandate.",
    )
    date_until = fields.Date(
        string="Runs until", tracking=True, help="Last day on which cases are entrusted; empty for no end."
    )
    terms_text = fields.Text(
        string="Terms", help="What was agreed: basis of the claims, insurance, reports, when files come back."
    )
    may_cash = fields.Boolean(
        string="May receive money",
        default=True,
        tracking=True,
        help="The debtor may pay the partner with effect.",
    )
    may_grant_plans = fields.Boolean(
        string="May grant instalments",
        tracking=True,
        help="The partner may grant instalments without asking; we draft the plan it reports.",
    )
    remit_days = fields.Integer(
        string="Hands over within (days)",
        default=30,
        help="Days after receipt within which the partner hands money over (FR CPCE R124-1 ff: one month).",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Money arrives in",
        check_company=True,
        domain=[("type", "in", ("bank", "cash"))],
        help="Journal of the payments that are drafted from what the partner reports; the first of the bank if empty.",
    )
    layout_id = fields.Many2one(
        "recovery.handover.layout",
        required=True,
        default=lambda self: self.env["recovery.handover.layout"]._standard_of(self.env.company),
        help="How the files to and from this partner look.",
    )
    fee_fixed = fields.Monetary(
        string="Fee per case", help="Due for each case entrusted, whatever comes of it."
    )
    tier_ids = fields.One2many(
        "recovery.mandate.tier",
        "mandate_id",
        string="Fee on money received",
        copy=True,
        help="Of what the partner received for a case: each tier's percentage of what exceeds its threshold.",
    )
    fee_maximum = fields.Monetary(string="Most per case", help="Most that a case costs; 0 for no limit.")
    case_ids = fields.One2many("recovery.case", "mandate_id", string="Cases")
    handover_ids = fields.One2many("recovery.handover", "mandate_id", string="Handed over", readonly=True)
    entry_ids = fields.One2many("recovery.mandate.entry", "mandate_id", string="Reported", readonly=True)
    case_count = fields.Integer(compute="_compute_counts", help="Cases the partner has in hand.")
    entry_count = fields.Integer(compute="_compute_counts", help="Rows the partner reported.")
    amount_waiting = fields.Monetary(
        string="To hand over", compute="_compute_counts", help="Received by the partner, not yet by us."
    )

    _in_order = models.Constraint(
        "CHECK(date_until IS NULL OR date_until >= date_from)", "A mandate cannot end before it begins."
    )
    _not_negative = models.Constraint(
        "CHECK(remit_days >= 0 AND fee_fixed >= 0 AND fee_maximum >= 0)",
        "Fees and days of a mandate cannot be negative.",
    )

    @api.depends("case_ids.stage", "case_ids.date_returned", "entry_ids.is_waiting", "entry_ids.amount")
    def _compute_counts(self):
        cases = dict(
            self.env["recovery.case"]._read_group(
                [
                    ("mandate_id", "in", self.ids),
                    ("stage", "!=", "closed"),
                    ("date_returned", "=", False),
                ],
                ["mandate_id"],
                ["__count"],
            )
        )
        entries = self.env["recovery.mandate.entry"]
        counts = dict(entries._read_group([("mandate_id", "in", self.ids)], ["mandate_id"], ["__count"]))
        waiting = dict(
            entries._read_group(
                [("mandate_id", "in", self.ids), ("is_waiting", "=", True)], ["mandate_id"], ["amount:sum"]
            )
        )
        for mandate in self:
            mandate.case_count = cases.get(mandate, 0)
            mandate.entry_count = counts.get(mandate, 0)
            mandate.amount_waiting = waiting.get(mandate, 0.0)

    @api.constrains("tier_ids", "fee_maximum")
    def _check_kernel(self):
        for mandate in self:
            mandate._scale()

    @api.constrains("currency_id", "company_id")
    def _check_not_used(self):
        for mandate in self:
            if mandate.case_ids.filtered(lambda case, own=mandate: case.currency_id != own.currency_id):
                raise ValidationError(
                    self.env._("Cases in another currency are entrusted under %s.", mandate.name)
                )

    def _scale(self):
        """Return the kernel's scale of the fee on money, None when the partner takes none of it.

        :raise ValidationError: the tiers make no sense, by name
        """
        self.ensure_one()
        if not self.tier_ids:
            return None
        with refused_by_name(self):
            return FeeRule("percentage", tiers=tuple(tier._kernel() for tier in self.tier_ids))

    def _fee(self, received):
        """Return what one case costs at most, of which the partner received ``received`` (Decimal), as a Decimal."""
        self.ensure_one()
        scale, decimals = self._scale(), self.currency_id.decimal_places
        fee = exact(self.fee_fixed, self.currency_id)
        if scale:
            fee += collection_fee(scale, received, decimals=decimals)
        return min(fee, exact(self.fee_maximum, self.currency_id)) if self.fee_maximum else fee

    def _runs(self, day):
        """Tell whether cases can be entrusted on ``day``."""
        self.ensure_one()
        return self.active and self.date_from <= day and (not self.date_until or day <= self.date_until)

    def _journal(self):
        """Return the journal in which money of the partner arrives.

        :raise UserError: none is named and the company has no bank
        """
        self.ensure_one()
        journals = self.env["account.journal"]
        own = [*journals._check_company_domain(self.company_id), ("type", "=", "bank")]
        journal = self.journal_id or journals.search(own, limit=1)
        if not journal:
            raise UserError(
                self.env._("Name on %s the journal in which the partner's money arrives.", self.name)
            )
        return journal

    # -- buttons -----------------------------------------------------------------------------------

    def action_hand_over(self):
        """Note which claims go to the partner today: those of its running cases it does not have yet.

        :raise UserError: there are none
        """
        self.ensure_one()
        self.check_access("read")
        keep(self.sudo())  # sudo: nothing is written to it but what it is
        handover = self.env["recovery.handover"]._hand_over(self)
        return handover.get_formview_action()

    def action_report(self):
        """Open the reading of a report of the partner."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report of %s", self.partner_id.display_name),
            "res_model": "recovery.mandate.report",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mandate_id": self.id},
        }

    def action_draft_payments(self):
        """Draft a payment for all money the partner reported and has not handed over; nothing is posted.

        :raise UserError: nothing waits
        """
        self.ensure_one()
        self.check_access("read")
        self.env["account.payment"].check_access("create")
        waiting = self.entry_ids.filtered(lambda entry: entry.is_waiting and not entry.payment_id)
        if not waiting:
            raise UserError(
                self.env._("No money waits to be handed over, or its payments are drafted already.")
            )
        payments = waiting._draft_payments()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drafted payments"),
            "res_model": "account.payment",
            "view_mode": "list,form",
            "domain": [("id", "in", payments.ids)],
        }

    def action_open_cases(self):
        """Open the cases of the mandate."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_case")
        return {**action, "domain": [("mandate_id", "=", self.id)]}

    def action_open_entries(self):
        """Open what the partner reported."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_mandate_entry")
        return {**action, "domain": [("mandate_id", "=", self.id)], "context": {}}


class RecoveryMandateTier(models.Model):
    """One tier of a partner's fee on the money it received for a case."""

    _name = "recovery.mandate.tier"
    _description = "Tier of a Mandate's Fee"
    _order = "mandate_id, threshold, id"

    mandate_id = fields.Many2one("recovery.mandate", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="mandate_id.currency_id")
    threshold = fields.Monetary(help="Amount above which the tier applies; the first is zero.")
    percent = fields.Float(string="Percentage", digits=(9, 4), help="Percent of what exceeds the threshold.")

    @api.constrains("threshold", "percent")
    def _check_kernel(self):
        self.mandate_id._check_kernel()

    def _kernel(self):
        """Return the tier as the kernel reads it."""
        self.ensure_one()
        return (self.threshold, self.percent, None)
