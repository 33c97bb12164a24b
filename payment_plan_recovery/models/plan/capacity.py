from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date, formatLang

from ..claim.open_money_facts import MONEY_JOURNALS
from ..common.company_words import in_words_of_company

CONFIDENTIAL = "payment_plan_recovery.group_recovery_confidential"
#: Months of receipts that an assessment from the ledger looks back on.
LEDGER_MONTHS = 12


class RecoveryCapacity(models.Model):
    """What a debtor can pay each month without failing elsewhere: a dated, confidential assessment."""

    _name = "recovery.capacity"
    _description = "Capacity to Pay"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
        help="The commercial entity whose means were looked at.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, help="Who assessed."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        tracking=True,
        help="Day of the assessment.",
    )
    date_until = fields.Date(
        string="Valid until",
        required=True,
        compute="_compute_date_until",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="Last day the assessment is relied on; six months unless said otherwise.",
    )
    source = fields.Selection(
        [
            ("dialogue", "Talk with the debtor"),
            ("statements", "Bank statements or annual accounts"),
            ("credit_report", "Credit report"),
            ("ledger", "Payments received by us"),
        ],
        required=True,
        default="dialogue",
        tracking=True,
        help="Where the figures come from.",
    )
    basis = fields.Selection(
        [("budget", "Resources and commitments"), ("cash_flow", "Cash flow")],
        required=True,
        default="budget",
        help="How the debtor's means are described.",
    )
    resources = fields.Monetary(string="Monthly resources", help="What comes in each month.")
    commitments = fields.Monetary(
        string="Monthly commitments",
        help="What goes out each month already: rent, wages, loans, other plans.",
    )
    cash_flow = fields.Monetary(
        string="Monthly cash flow", help="What is left each month, or what the debtor paid us on average."
    )
    share = fields.Float(
        string="Share for instalments (%)",
        required=True,
        default=70,
        help="How much of what is left may go into instalments, in percent; the rest is a margin.",
    )
    amount = fields.Monetary(
        string="Sustainable per month",
        compute="_compute_amount",
        store=True,
        tracking=True,
        help="What the debtor can pay each month; a plan within it is likely to be kept.",
    )
    working = fields.Char(
        compute="_compute_amount", store=True, help="How the sustainable amount was worked out."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Documents",
        bypass_search_access=True,
        help="What the figures were read from.",
    )
    user_id = fields.Many2one("res.users", string="Assessed by", default=lambda self: self.env.user)
    note = fields.Text(help="What was said; part of the debtor's confidential file.")

    _share_in_range = models.Constraint(
        "CHECK(share > 0 AND share <= 100)", "The share for instalments is more than 0 % and at most 100 %."
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_until >= date)", "An assessment cannot end before its own date."
    )

    @api.depends("partner_id", "date", "amount")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for capacity in self:
            capacity.display_name = self.env._(
                "%(debtor)s, %(date)s",
                debtor=capacity.partner_id.display_name or "",
                date=format_date(self.env, capacity.date) if capacity.date else "",
            )

    @api.depends("date")
    def _compute_date_until(self):
        for capacity in self:
            capacity.date_until = capacity.date and capacity.date + relativedelta(months=6)

    @api.depends("basis", "resources", "commitments", "cash_flow", "share", "currency_id")
    def _compute_amount(self):
        for capacity in map(in_words_of_company, self):  # the working is kept
            currency, told = capacity.currency_id, capacity.env
            if capacity.basis == "cash_flow":
                left = capacity.cash_flow
                figures = told._("%(left)s of cash flow", left=capacity._money(left))
            else:
                left = capacity.resources - capacity.commitments
                figures = told._(
                    "%(resources)s of resources less %(commitments)s of commitments leave %(left)s",
                    resources=capacity._money(capacity.resources),
                    commitments=capacity._money(capacity.commitments),
                    left=capacity._money(left),
                )
            capacity.amount = currency.round(max(left, 0) * capacity.share / 100) if currency else 0
            capacity.working = told._(
                "%(figures)s a month; %(share)s %% of it: %(amount)s",
                figures=figures,
                share=formatLang(told, capacity.share, digits=2),
                amount=capacity._money(capacity.amount),
            )

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    @api.constrains("resources", "commitments", "partner_id")
    def _check_figures(self):
        for capacity in self:
            if capacity.resources < 0 or capacity.commitments < 0:
                raise ValidationError(self.env._("Resources and commitments are zero or more."))
            if capacity.partner_id != capacity.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._("Assess %s, who owes.", capacity.partner_id.commercial_partner_id.display_name)
                )

    @api.model
    def _current(self, partner, company, date):
        """Return the last assessment of a debtor by the creditor that is valid at ``date``."""
        return self.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "in", company._recovery_branch_ids()),
                ("date", "<=", date),
                ("date_until", ">=", date),
            ],
            limit=1,
        )

    def action_from_ledger(self):
        """Take what the debtor paid us on average over the last twelve months as his cash flow."""
        for capacity in self:
            received = capacity._received_since(capacity.date - relativedelta(months=LEDGER_MONTHS))
            capacity.write(
                {
                    "source": "ledger",
                    "basis": "cash_flow",
                    "cash_flow": capacity.currency_id.round(received / LEDGER_MONTHS),
                }
            )

    def _received_since(self, start):
        """Return what the debtor paid from ``start`` to the assessment's date, in company currency."""
        [(credit,)] = self.env["account.move.line"]._read_group(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("partner_id", "child_of", self.partner_id.id),
                ("company_id", "in", self.company_id._recovery_branch_ids()),
                ("date", ">", start),
                ("date", "<=", self.date),
            ],
            aggregates=["balance:sum"],
        )
        return max(-(credit or 0), 0)
