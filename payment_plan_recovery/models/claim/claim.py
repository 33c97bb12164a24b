from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..plan.plan import LIVE_STATES


class RecoveryClaim(models.Model):
    """One amount owed at one date: an open receivable item, or an instalment for the items of its plan.

    ``id`` is twice the journal item's id, or twice the instalment's id plus one.
    """

    _name = "recovery.claim"
    _description = "Claim"
    _auto = False
    _order = "date_due, id"
    _rec_name = "display_name"
    # What the view reads, for the ORM to write out before a search or a read.
    _depends = {
        "account.account": ["account_type"],
        "account.move": ["recovery_policy_id"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "move_id",
            "no_followup",
            "parent_state",
            "partner_id",
            "reconciled",
            "recovery_level_id",
        ],
        "recovery.plan.instalment": ["amount_residual", "date_due", "plan_id", "plan_state"],
        "recovery.plan.item": ["is_live", "move_line_id", "plan_id"],
        "res.partner": ["commercial_partner_id"],
    }

    move_line_id = fields.Many2one("account.move.line", string="Journal item", readonly=True)
    instalment_id = fields.Many2one("recovery.plan.instalment", readonly=True)
    plan_id = fields.Many2one("recovery.plan", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", readonly=True, help="Commercial entity that owes."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    date_due = fields.Date(string="Due date", readonly=True, help="Day from which the amount is late.")
    amount_residual = fields.Monetary(
        string="Owed", readonly=True, help="Still owed, in the claim's currency."
    )
    amount_company = fields.Monetary(
        string="Owed (company currency)",
        currency_field="company_currency_id",
        readonly=True,
        help="Still owed, in the company's currency.",
    )
    no_followup = fields.Boolean(
        string="No follow-up",
        readonly=True,
        help="The journal item is excluded from follow-up in Accounting.",
    )
    chosen_policy_id = fields.Many2one(
        "recovery.dunning.policy", readonly=True, help="Dunning policy set on the invoice by hand."
    )
    chosen_level_id = fields.Many2one(
        "recovery.dunning.level", readonly=True, help="Next dunning level set on the journal item by hand."
    )

    reason = fields.Selection(
        lambda self: self.env["recovery.dunning.reason"]._reason_selection(),
        string="Chased?",
        compute="_compute_reason",
        search="_search_reason",
        help="Why the claim is chased or not, today or at the date of the run it is looked at from.",
    )

    def init(self):
        # The view has no data of its own: it is made again at each installation and upgrade.
        self.env.cr.execute("DROP VIEW IF EXISTS recovery_claim")
        self.env.cr.execute(
            SQL("CREATE VIEW recovery_claim AS %s UNION ALL %s", self._items(), self._instalments())
        )

    def _compute_display_name(self):
        for claim in self:
            claim.display_name = claim.instalment_id.display_name or claim.move_id.display_name

    @api.depends_context("recovery_run_id", "allowed_company_ids")
    def _compute_reason(self):
        for company, claims in self.grouped("company_id").items():
            reasons = self._judging_run(company).explain(claims)
            for claim in claims:
                claim.reason = reasons.get(claim.id)

    def _search_reason(self, operator, value):
        if operator != "in":
            return NotImplemented
        judged = SQL(" UNION ALL ").join(
            SQL(
                "SELECT id FROM (%s) judged WHERE reason = ANY(%s)",
                self._judging_run(company)._statement(),
                list(value),
            )
            for company in self._judged_companies()
        )
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), judged)
        )

    def _judged_companies(self):
        """The company of the run the claims are looked at from, else every company looked at."""
        return self._run_looked_at_from().company_id or self.env.companies

    def _run_looked_at_from(self):
        return self.env["recovery.dunning.run"].browse(self.env.context.get("recovery_run_id")).exists()

    def _judging_run(self, company):
        """The run the claims are looked at from, else one of today that is not kept."""
        run = self._run_looked_at_from()
        if run.company_id == company:
            return run
        return run.new({"company_id": company.id, "date": fields.Date.context_today(self)})

    def action_why_not(self):
        """Say why the claim is chased or not."""
        self.ensure_one()
        return self._judging_run(self.company_id)._why_not(self)

    def action_hold(self):
        """A new hold on the claim: on the item, or on the debtor for an instalment."""
        self.ensure_one()
        return self.env["recovery.hold"]._new_action(self.partner_id, self.move_line_id)

    def _items(self) -> SQL:
        """Open receivable items that no live plan covers, due on the entry's date when none was given."""
        return SQL(
            """
            SELECT 2 * item.id AS id, item.id AS move_line_id, NULL::int AS instalment_id,
                   NULL::int AS plan_id,
                   item.move_id, debtor.commercial_partner_id AS partner_id, item.company_id,
                   item.currency_id,
                   item.company_currency_id, item.account_id, COALESCE(item.date_maturity,
                   item.date) AS date_due,
                   item.amount_residual_currency AS amount_residual, item.amount_residual AS amount_company,
                   COALESCE(item.no_followup, FALSE) AS no_followup,
                   move.recovery_policy_id AS chosen_policy_id,
                   item.recovery_level_id AS chosen_level_id
              FROM account_move_line item
              LEFT JOIN account_move move ON move.id = item.move_id AND move.recovery_policy_id IS NOT NULL
              JOIN res_partner debtor ON debtor.id = item.partner_id
             -- As an array: joined to few accounts, the planner would expect few items.
             WHERE item.account_id = ANY(
                       ARRAY(SELECT id FROM account_account WHERE account_type = 'asset_receivable')
                   )
               AND item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
               AND item.amount_residual_currency > 0
               AND NOT EXISTS (
                   SELECT FROM recovery_plan_item covered WHERE covered.move_line_id = item.id
                       AND covered.is_live
               )
            """
        )

    def _instalments(self) -> SQL:
        """Unpaid instalments of live plans, valued at the rate at which the covered items are booked."""
        return SQL(
            """
            SELECT 2 * instalment.id + 1, NULL, instalment.id, instalment.plan_id, NULL,
                   debtor.commercial_partner_id, plan.company_id, plan.currency_id, company.currency_id,
                   items.account_id, instalment.date_due, instalment.amount_residual,
                   ROUND(instalment.amount_residual * COALESCE(items.rate, 1) / currency.rounding)
                       * currency.rounding,
                   FALSE, NULL, NULL
              FROM recovery_plan_instalment instalment
              JOIN recovery_plan plan ON plan.id = instalment.plan_id
              JOIN res_partner debtor ON debtor.id = plan.partner_id
              JOIN res_company company ON company.id = plan.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN LATERAL (
                   SELECT MIN(item.account_id) AS account_id,
                          SUM(item.amount_residual) / NULLIF(SUM(item.amount_residual_currency), 0) AS rate
                     FROM recovery_plan_item covered
                     JOIN account_move_line item ON item.id = covered.move_line_id
                    WHERE covered.plan_id = plan.id AND covered.is_live
              ) items ON TRUE
             WHERE instalment.plan_state IN %s
               AND instalment.amount_residual > 0
            """,
            LIVE_STATES,
        )

    @api.model
    def _by_debtor_sql(self, companies, date) -> SQL:
        """Return a query of (partner_id, company_id, amount_overdue, date_oldest): what debtors owe past its day.

        Amounts are in each company's currency; the day itself is not late yet.
        """
        return SQL(
            """
            SELECT partner_id, company_id, SUM(amount_company) AS amount_overdue, MIN(date_due) AS date_oldest
              FROM recovery_claim
             WHERE company_id = ANY(%s) AND date_due < %s
             GROUP BY partner_id, company_id
            """,
            companies.ids,
            date,
        )
