from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date, formatLang

from ..common.debtor_mixin import DEBTORS

#: Interest cover of a business without interest to pay; years of debt of one that earns nothing to repay it.
ENDLESS = 999.0

#: Figures of a statement, in the order in which files and forms show them.
FIGURES = (
    "total_assets",
    "current_assets",
    "current_liabilities",
    "equity",
    "financial_debt",
    "turnover",
    "operating_income",
    "ebitda",
    "interest_expense",
    "net_income",
)


class RecoveryFinancialStatement(models.Model):
    """Figures of one financial year of a debtor, and the ratios a scorecard reads.

    A ratio whose base is zero cannot be told: it counts as missing. Debt and interest of zero
    are figures, not gaps, as soon as EBITDA and operating income are given.
    """

    _name = "recovery.financial.statement"
    _description = "Annual Accounts"
    #: It describes its debtor alone.
    _goes_along = False
    _inherit = ["recovery.debtor.mixin", "recovery.once.of.debtor"]
    _once_for = ("date_end", "company_id")
    _order = "date_end desc, id desc"
    _rec_name = "display_name"
    _rec_names_search = ["partner_id.display_name"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="cascade",
        domain=DEBTORS,
        help="Whose figures these are.",
    )
    company_id = fields.Many2one(
        "res.company", help="Company the figures were given to; empty to share them."
    )
    date_end = fields.Date(
        string="End of the year", required=True, index=True, help="Closing date of the accounts."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the figures.",
    )
    origin = fields.Char(help="Where the figures come from: annual accounts, an agency, the debtor.")
    total_assets = fields.Monetary(help="Balance sheet total.")
    current_assets = fields.Monetary(help="Stock, receivables and cash.")
    current_liabilities = fields.Monetary(help="What falls due within one year.")
    equity = fields.Monetary(help="Capital, reserves and result of the year; negative when losses ate it up.")
    financial_debt = fields.Monetary(help="Loans and overdrafts; 0 when there are none.")
    turnover = fields.Monetary(help="Net sales of the year.")
    operating_income = fields.Monetary(help="Result before interest and taxes (EBIT).")
    ebitda = fields.Monetary(string="EBITDA", help="Operating income before depreciation and amortisation.")
    interest_expense = fields.Monetary(help="Interest paid on loans; 0 when there are none.")
    net_income = fields.Monetary(help="Result of the year after taxes.")

    current_ratio = fields.Float(
        compute="_compute_ratios", store=True, digits=(16, 2), help="Current assets / current liabilities."
    )
    equity_ratio = fields.Float(
        string="Equity ratio (%)",
        compute="_compute_ratios",
        store=True,
        digits=(16, 2),
        help="Equity / total assets.",
    )
    net_margin = fields.Float(
        string="Net margin (%)",
        compute="_compute_ratios",
        store=True,
        digits=(16, 2),
        help="Net income / turnover.",
    )
    interest_cover = fields.Float(
        compute="_compute_ratios",
        store=True,
        digits=(16, 2),
        help="Operating income / interest; the best there is when there is no interest to pay.",
    )
    interest_cover_told = fields.Char(
        string="Interest cover (times)",
        compute="_compute_told",
        help="Operating income / interest, or why there is no such figure.",
    )
    debt_ebitda_told = fields.Char(
        string="Debt / EBITDA (years)",
        compute="_compute_told",
        help="Years of EBITDA it takes to repay the debt, or why there is no such figure.",
    )
    debt_ebitda = fields.Float(
        string="Debt / EBITDA",
        compute="_compute_ratios",
        store=True,
        digits=(16, 2),
        help="Years of EBITDA it takes to repay the debt; the worst there is for debt without any EBITDA.",
    )

    _year_unique = models.UniqueIndex(
        "(partner_id, date_end, COALESCE(company_id, 0))",
        "The debtor already has annual accounts for this closing date.",
    )

    @api.depends(*FIGURES)
    def _compute_ratios(self):
        for statement in self:
            for name, value in statement._ratios().items():
                statement[name] = value or 0.0

    @api.depends(*FIGURES)
    def _compute_told(self):
        for statement in self:
            ratios = statement._ratios()
            for name in ("interest_cover", "debt_ebitda"):
                statement[f"{name}_told"] = self._ratio_told(name, ratios[name])

    @api.model
    def _ratio_told(self, name, value):
        """Return a ratio in words: the figure, or why there is none that says anything."""
        if value is None:
            return self.env._("Not known")
        if abs(value) >= ENDLESS and name == "debt_ebitda":
            return self.env._("Loss: nothing is earned to repay the debt")
        if value >= ENDLESS and name == "interest_cover":
            return self.env._("No interest to pay")
        return formatLang(self.env, value, digits=0 if value == int(value) else 2)

    @api.depends("partner_id", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            day = format_date(self.env, statement.date_end) if statement.date_end else ""
            statement.display_name = f"{statement.partner_id.display_name} {day}"

    @api.constrains(
        "total_assets", "current_assets", "current_liabilities", "financial_debt", "interest_expense"
    )
    def _check_figures(self):
        names = (
            "total_assets",
            "current_assets",
            "current_liabilities",
            "financial_debt",
            "interest_expense",
        )
        for statement in self:
            for name in names:
                if statement[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(accounts)s: %(figure)s cannot be negative.",
                            accounts=statement.display_name,
                            figure=self._fields[name]._description_string(self.env),
                        )
                    )

    def _ratios(self):
        """Ratio by name; ``None`` where the figures do not tell it."""
        self.ensure_one()
        return {
            "current_ratio": _quotient(self.current_assets, self.current_liabilities),
            "equity_ratio": _quotient(100 * self.equity, self.total_assets),
            "net_margin": _quotient(100 * self.net_income, self.turnover),
            "interest_cover": self._interest_cover(),
            "debt_ebitda": self._debt_ebitda(),
        }

    def _interest_cover(self):
        if not self.operating_income:
            return None
        if not self.interest_expense:
            return ENDLESS
        return _bounded(self.operating_income / self.interest_expense)

    def _debt_ebitda(self):
        if not self.ebitda:
            return None
        if not self.financial_debt:
            return 0.0
        return _bounded(self.financial_debt / self.ebitda) if self.ebitda > 0 else ENDLESS

    @api.model
    def _usable(self, debtors, company, date, max_age_months):
        """Statements of ``debtors`` closed by ``date`` and not too old, by debtor id, latest first."""
        domain = [
            ("partner_id", "in", debtors.ids),
            ("company_id", "in", [*company._recovery_branch_ids(), False]),
            ("date_end", "<=", date),
        ]
        if max_age_months:
            domain.append(("date_end", ">=", fields.Date.subtract(date, months=max_age_months)))
        return {
            debtor.id: statements
            for debtor, statements in self.search(domain, order="date_end desc, id desc")
            .grouped("partner_id")
            .items()
        }

    def _average(self, ratio, years):
        """Average of a ratio over the latest ``years`` statements that tell it, or ``None``."""
        known = [statement._ratios()[ratio] for statement in self[:years]]
        known = [value for value in known if value is not None]
        return round(sum(known) / len(known), 4) if known else None


def _quotient(figure, base):
    return _bounded(figure / base) if base else None


def _bounded(value):
    return max(-ENDLESS, min(ENDLESS, round(value, 2)))
