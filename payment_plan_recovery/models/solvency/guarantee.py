from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.labelled import labelled


class RecoveryGuarantee(models.Model):
    """What secures a debtor's credit: a guarantee, or the amount a credit insurer covers.

    A guarantee lowers the exposure. Credit insurance does not: it is a figure of the
    credit limit, and would count twice.
    """

    _name = "recovery.guarantee"
    _description = "Credit Guarantee"
    _inherit = ["recovery.debtor.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_until, id"
    _rec_name = "display_name"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        tracking=True,
        domain=[("parent_id", "=", False)],
        help="Whose credit is secured.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Who is secured.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("bank", "Bank guarantee"),
            ("surety", "Surety"),
            ("deposit", "Deposit"),
            ("pledge", "Pledge"),
            ("insurance", "Credit insurance"),
        ],
        required=True,
        default="bank",
        tracking=True,
        help="What secures the credit. Credit insurance sets the limit, the others lower the exposure.",
    )
    amount = fields.Monetary(required=True, tracking=True, help="Amount secured, in the company's currency.")
    guarantor_id = fields.Many2one(
        "res.partner",
        string="Guarantor or insurer",
        tracking=True,
        help="Bank, surety or insurer who answers for it.",
    )
    reference = fields.Char(
        string="Policy or deed", tracking=True, help="Number of the policy or of the deed."
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        help="First day it holds.",
    )
    date_until = fields.Date(string="Until", tracking=True, help="Last day it holds; empty for no end.")

    _amount_positive = models.Constraint("CHECK(amount > 0)", "A guarantee secures an amount above zero.")
    _ends_after_start = models.Constraint(
        "CHECK(date_until IS NULL OR date_until >= date_from)",
        "A guarantee ends on or after the day it starts.",
    )

    @api.depends_context("lang")
    @api.depends("partner_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for guarantee in self:
            guarantee.display_name = labelled(
                self.env, kinds.get(guarantee.kind), guarantee.partner_id.display_name
            )

    @api.model
    def _insured_amounts(self, debtors, company, date):
        """What the credit insurers of ``company`` with its branches cover on ``date``, by debtor id."""
        domain = Domain("kind", "=", "insurance") & self._holding(company, date)
        domain &= Domain("partner_id", "in", debtors.ids)
        grouped = self._read_group(domain, ["partner_id"], ["amount:sum"])
        return {debtor.id: amount for debtor, amount in grouped}

    @api.model
    def _holding(self, company, date):
        return Domain(
            [
                ("company_id", "in", company._recovery_branch_ids()),
                ("date_from", "<=", date),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", date),
            ]
        )

    @api.model
    def _by_debtor_sql(self, companies: SQL, date, only: SQL) -> SQL:
        """Return a query of (debtor_id, amount): the guarantees that hold on ``date``, credit insurance apart.

        :param companies: array of the creditor's companies
        :param only: further condition on ``partner_id``, with its AND, or nothing
        """
        return SQL(
            """
            SELECT partner_id AS debtor_id, SUM(amount) AS amount
              FROM recovery_guarantee
             WHERE kind <> 'insurance'
               AND date_from <= %(date)s
               AND (date_until IS NULL OR date_until >= %(date)s)
               AND company_id = ANY(%(companies)s)
               %(only)s
             GROUP BY partner_id
            """,
            date=date,
            companies=companies,
            only=only,
        )
