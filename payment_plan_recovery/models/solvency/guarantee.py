from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.company_words import in_words_of_company
from ..common.debtor_mixin import DEBTORS
from ..common.keep import keep
from ..common.labelled import labelled
from .credit_terms import MANAGER

#: What says how much is secured, of whom and when: whoever writes it had a hand in it.
WORTH = {"amount", "company_id", "date_from", "date_until", "kind", "partner_id"}
TODO = "mail.mail_activity_data_todo"


class RecoveryGuarantee(models.Model):
    """What secures a debtor's credit: a guarantee, or the amount a credit insurer covers.

    A guarantee lowers the exposure. Credit insurance does not: it is a figure of the
    credit limit, and would count twice. Who may not give a limit alone does not secure one alone:
    above the ceiling of the debtor's card a guarantee counts once somebody else has seen it.
    """

    _name = "recovery.guarantee"
    _description = "Credit Guarantee"
    _inherit = ["recovery.guarded.fields", "recovery.debtor.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_until, id"
    _rec_name = "display_name"
    _rec_names_search = ["partner_id.display_name"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Debtor",
        required=True,
        index=True,
        tracking=True,
        domain=DEBTORS,
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
    is_counted = fields.Boolean(
        string="Counts",
        default=True,
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        help="It lowers the exposure. What one person alone enters beyond the ceiling of the debtor's scorecard does "
        "once another one has confirmed it.",
    )
    author_ids = fields.Many2many(
        "res.users",
        "recovery_guarantee_author_rel",
        string="Entered by",
        readonly=True,
        protected=True,
        copy=False,
        help="Who wrote what is secured: none of them confirms it.",
    )
    confirmed_by_id = fields.Many2one(
        "res.users",
        string="Confirmed by",
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        help="Who saw the deed besides who entered it.",
    )

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

    @api.model_create_multi
    def create(self, vals_list):
        guarantees = super().create(vals_list)
        guarantees._settle()
        return guarantees

    def write(self, vals):
        done = super().write(vals)
        if WORTH & vals.keys():
            self._settle()
        return done

    def _settle(self):
        """Keep who wrote what is secured; more than one person secures alone waits for another."""
        if self.env.su:
            return
        # sudo: nothing is written to the debtor but what it is; what one person enters in two windows counts together
        keep(self.partner_id.sudo())
        for guarantee in self.sudo():  # protected from clients; who wrote had the right to
            guarantee.author_ids |= self.env.user
            beyond = guarantee._is_beyond_one_person()
            guarantee.write({"confirmed_by_id": False, "is_counted": not beyond})
            guarantee.activity_unlink([TODO])
            other = beyond and self.env["recovery.solvency.check"]._other_manager(
                guarantee.author_ids, guarantee.company_id
            )
            if other:
                words = in_words_of_company(guarantee).env
                guarantee.activity_schedule(
                    TODO, summary=words._("Confirm the guarantee: it is above the ceiling"), user_id=other.id
                )

    def _is_beyond_one_person(self):
        """Tell whether it is, with what the user secured alone before, above the ceiling of the debtor's card."""
        if self.kind == "insurance":
            return False  # it bounds a limit, which is approved
        company = self.company_id
        card = self.env["recovery.scorecard"]._for_debtor(self.partner_id, company)
        if not card:
            return False
        alone = self.search(
            [
                ("id", "!=", self.id),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "in", company._recovery_branch_ids()),
                ("kind", "!=", "insurance"),
                ("is_counted", "=", True),
                ("confirmed_by_id", "=", False),
                ("author_ids", "in", self.env.user._recovery_person().ids),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", company._recovery_today()),
            ]
        )
        secured = company.currency_id._convert(
            sum((self | alone).mapped("amount")), card.currency_id, company, company._recovery_today()
        )
        return secured > card._ceiling("approval_ceiling", company)

    def action_confirm(self):
        """Let guarantees above the ceiling count, once somebody else than who entered them has seen their deeds.

        :raise AccessError: no Recovery manager
        :raise UserError: it counts already, or the user wrote something of it
        """
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Ask a Recovery manager to confirm the guarantee."))
        for guarantee in self:
            if guarantee.is_counted:
                raise UserError(self.env._("%s counts already.", guarantee.display_name))
            if guarantee.sudo().author_ids & self.env.user._recovery_person():  # sudo: whoever they are
                raise UserError(
                    self.env._(
                        "%s: you entered it. Above the ceiling somebody else has to confirm it.",
                        guarantee.display_name,
                    )
                )
        # sudo: protected from clients; the right to confirm was checked
        self.sudo().write({"confirmed_by_id": self.env.uid, "is_counted": True})
        self.sudo().activity_unlink([TODO])

    @api.model
    def _insured_amounts(self, debtors, company, date):
        """What the credit insurers of ``company`` with its branches cover on ``date``, by debtor id."""
        domain = Domain("kind", "=", "insurance") & self._holding(company, date)
        domain &= Domain("partner_id", "in", debtors.ids)
        grouped = self._read_group(domain, ["partner_id"], ["amount:sum"])
        return {debtor.id: amount for debtor, amount in grouped}

    @api.model
    def _insured_until(self, debtor, company, date, until):
        """Return the last day before ``until`` on which credit insurance covers what it does on ``date``.

        What takes its place on the day after goes on with it. Nothing where it holds all the time.
        """
        domain = Domain("kind", "=", "insurance") & Domain("partner_id", "=", debtor.id)
        domain &= Domain("company_id", "in", company._recovery_branch_ids())
        policies = self.search(domain & Domain("date_from", "<=", until))

        def covered(day):
            return sum(
                policy.amount for policy in policies if policy.date_from <= day <= (policy.date_until or day)
            )

        ends = {policy.date_until for policy in policies if policy.date_until}
        currency = company.currency_id
        for day in sorted(day for day in ends if date <= day < until):
            if currency.compare_amounts(covered(fields.Date.add(day, days=1)), covered(date)) < 0:
                return day
        return None

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
               AND is_counted
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
