from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..common.claim_key import claim_key, instalment_key_sql
from ..common.unwritten import is_all_written
from ..message.claim_content import ClaimContent
from .plan import LIVE_STATES


class RecoveryPlanInstalment(models.Model):
    """One amount due at one date under a plan. While the plan is live it is a claim."""

    _name = "recovery.plan.instalment"
    _description = "Plan Instalment"
    _inherit = ["recovery.guarded.fields", "recovery.plan.spread"]
    _order = "plan_id, date_due, number, id"
    _rec_name = "display_name"
    _rec_names_search = ["plan_id.display_name"]

    plan_id = fields.Many2one("recovery.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True, string="Debtor")
    user_id = fields.Many2one(related="plan_id.user_id", string="Responsible")
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True)
    plan_state = fields.Selection(related="plan_id.state", store=True, string="Plan state")
    number = fields.Integer(
        required=True, aggregator=None, help="Rank in the schedule; the down payment is number 0."
    )
    date_due = fields.Date(string="Due date", required=True, index=True, help="Day the amount is due.")
    amount = fields.Monetary(required=True, help="Amount due.")
    amount_paid = fields.Monetary(
        string="Received",
        compute="_compute_amount_paid",
        store=True,
        copy=False,
        help="Share of what was received on the plan, given to the oldest instalments first.",
    )
    amount_residual = fields.Monetary(
        string="Remaining", compute="_compute_amount_paid", store=True, help="Amount less what was received."
    )
    amount_waiting = fields.Monetary(
        string="Received, to match",
        compute="_compute_amount_waiting",
        help="Share of the money that was received until today and is not matched with the covered items yet, given "
        "to the oldest instalments first.",
    )
    state = fields.Selection(
        [
            ("upcoming", "Upcoming"),
            ("due", "Due"),
            ("late", "Late"),
            ("waiting", "Received, to match"),
            ("paid", "Paid"),
        ],
        compute="_compute_state",
        search="_search_state",
        help="Due on its very date, late from the day after, paid when nothing remains; received, to match, when "
        "nothing but money that waits to be matched with the covered items remains.",
    )

    _once_per_plan = models.Constraint("UNIQUE(plan_id, number)", "The instalments of a plan are numbered.")
    # What follow-up, dunning and the forecast look for.
    _unpaid = models.Index("(date_due, plan_id) WHERE amount_residual > 0")

    @api.depends("number", "plan_id.display_name", "partner_id.display_name", "amount_residual")
    @api.depends_context("recovery_by_debtor")
    def _compute_display_name(self):
        by_debtor = self.env.context.get("recovery_by_debtor")
        for row in self:
            if by_debtor:  # in a calendar: who pays how much
                amount = formatLang(self.env, row.amount_residual, currency_obj=row.currency_id)
                row.display_name = f"{row.partner_id.display_name or ''} {amount}"
                continue
            plan = row.plan_id.display_name or ""
            if row.number:
                row.display_name = self.env._("%(plan)s, instalment %(number)s", plan=plan, number=row.number)
            else:
                row.display_name = self.env._("%s, down payment", plan)

    @api.depends("amount_residual", "plan_state", "company_id")
    def _compute_amount_waiting(self):
        live = self.filtered(lambda row: row.ids and row.plan_state in LIVE_STATES and row.amount_residual)
        waiting = {}
        for company, rows in live.grouped("company_id").items():
            waiting |= rows._covered(company._recovery_today())
        for row in self:
            row.amount_waiting = waiting.get(row, 0)

    @api.depends("date_due", "amount_residual", "amount_waiting", "company_id")
    def _compute_state(self):
        today = {company: company._recovery_today() for company in self.grouped("company_id")}
        for row in self:
            row.state = row._state_at(today[row.company_id])

    def _state_at(self, today):
        if self.amount and not self.amount_residual:
            return "paid"
        if self.amount_waiting and not self._uncovered({self: self.amount_waiting}):
            return "waiting"
        if not self.date_due or self.date_due > today:
            return "upcoming"
        return "due" if self.date_due == today else "late"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "in", here.ids) & Domain.OR(self._state_domains(here, today, value))
            for today, here in self.env["res.company"]._recovery_by_day().items()
        )

    @api.model
    def _state_domains(self, companies, today, states):
        """Yield what the instalments in each of ``states`` at ``today`` are found by."""
        waiting = Domain("id", "in", self._wholly_covered(companies, today))
        unpaid = Domain("amount_residual", ">", 0)
        open_ = unpaid & ~waiting
        domains = {
            "paid": Domain("amount_residual", "=", 0),
            "waiting": waiting,
            "upcoming": open_ & Domain("date_due", ">", today),
            "due": open_ & Domain("date_due", "=", today),
            "late": open_ & Domain("date_due", "<", today),
        }
        return (domains[state] for state in states if state in domains)

    @api.model
    def _wholly_covered(self, companies, date):
        """Return the ids of the unpaid instalments of ``companies`` that wait only for money to be matched."""
        self._flush_covered()
        query = "SELECT instalment_id FROM (%s) covered WHERE uncovered = 0"
        # sudo: only which companies belong together, a user may be in one branch
        found = (
            self.env.execute_query(SQL(query, self._covered_sql(creditor, date, earned=earned)))
            for creditor in companies.sudo().root_id
            for earned in [self.env["recovery.plan"]._earned_items(creditor, date)]
        )
        return [instalment_id for rows in found for (instalment_id,) in rows]

    @api.model_create_multi
    def create(self, vals_list):
        self._number(vals_list)
        rows = super().create(vals_list)
        rows.plan_id._open_terms(self.env._("change its instalments"))
        return rows

    def write(self, vals):
        self.plan_id._open_terms(self.env._("change its instalments"))
        if "plan_id" in vals and self.plan_id.ids != [vals["plan_id"]]:
            raise UserError(self.env._("An instalment belongs to its plan: it does not move to another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.plan_id._open_terms(self.env._("change its instalments"))

    @api.model
    def _number(self, vals_list):
        """Number the instalments written by hand after those their plan has."""
        unnumbered = [vals for vals in vals_list if vals.get("number") is None]
        if not unnumbered:
            return
        plans = self.env["recovery.plan"].browse({vals["plan_id"] for vals in unnumbered})
        last = {plan.id: max(plan.instalment_ids.mapped("number"), default=0) for plan in plans}
        for vals in unnumbered:
            last[vals["plan_id"]] += 1
            vals["number"] = last[vals["plan_id"]]

    def action_change(self):
        """Open the change of one instalment, the others keeping the total."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_plan_change")
        return {**action, "context": {"default_instalment_id": self.id}}

    def action_open_plan(self):
        """Open the plan of the instalment."""
        self.ensure_one()
        return self.plan_id._form_action()

    def _recovery_number(self):
        """Return what the debtor knows the instalment by."""
        plan = self.plan_id.name or ""
        if not self.number:
            return self.env._("Down payment of %s", plan)
        return self.env._("Instalment %(number)s of %(plan)s", number=self.number, plan=plan)

    def _contents(self, today, covered):
        """Return the instalments still to pay, as claims; what is ``covered`` of them was received."""
        return [
            ClaimContent(
                number=instalment._recovery_number(),
                date=instalment.plan_id.date_accepted,
                date_due=instalment.date_due,
                amount=instalment.amount,
                received=instalment.currency_id.round(instalment.amount - residual),
                residual=residual,
                currency=instalment.currency_id,
                days_late=max((today - instalment.date_due).days, 0),
            )
            for instalment, residual in self._uncovered(covered).items()
        ]

    def _uncovered(self, covered):
        """Return {instalment: what is still to come in for it}, without those of which nothing is.

        :param covered: what lies over instalments, as :meth:`_covered` says
        """
        left = {row: row.currency_id.round(row.amount_residual - covered.get(row, 0)) for row in self}
        return {row: amount for row, amount in left.items() if amount > 0}

    def _claims(self):
        """Return the claims that the instalments are."""
        return self.env["recovery.claim"].browse(claim_key(instalment_id=row.id) for row in self)

    @api.model
    def _claims_sql(self) -> SQL:
        """Unpaid instalments of live plans as claims, valued at the rate at which the covered items are booked.

        The columns are those of the claim's view, which unites them with the open items.
        """
        return SQL(
            """
            SELECT %s AS id, NULL::int AS move_line_id, instalment.id AS instalment_id, instalment.plan_id,
                   NULL::int AS move_id, debtor.commercial_partner_id AS partner_id, plan.company_id,
                   plan.currency_id, company.currency_id AS company_currency_id, items.account_id,
                   instalment.date_due, instalment.amount_residual,
                   ROUND(instalment.amount_residual * COALESCE(items.rate, 1) / currency.rounding)
                       * currency.rounding AS amount_company,
                   FALSE AS no_followup, NULL::int AS chosen_policy_id, NULL::int AS chosen_level_id
              FROM recovery_plan_instalment instalment
              JOIN recovery_plan plan ON plan.id = instalment.plan_id
              JOIN res_partner debtor ON debtor.id = plan.partner_id
              JOIN res_company company ON company.id = plan.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              LEFT JOIN LATERAL (
                   SELECT MIN(item.account_id) AS account_id,
                          SUM(item.amount_residual) / NULLIF(SUM(item.amount_residual_currency), 0) AS rate
                     FROM recovery_plan_item covered
                     JOIN LATERAL (
                       -- A plan's items are few: looked up one by one, whatever else is joined set by set.
                       SELECT * FROM account_move_line WHERE id = covered.move_line_id OFFSET 0
                     ) item ON TRUE
                    WHERE covered.plan_id = plan.id AND covered.is_live
              ) items ON TRUE
             WHERE instalment.plan_state IN %s
               AND instalment.amount_residual > 0
            """,
            instalment_key_sql(SQL("instalment.id")),
            LIVE_STATES,
        )

    @api.model
    def _owed_sql(self) -> SQL:
        """Return a query of (id, amount_residual, is_live): what is owed on instalments, and whether it is still."""
        return SQL(
            "SELECT id, amount_residual, plan_state IN %s AS is_live FROM recovery_plan_instalment",
            LIVE_STATES,
        )

    @api.model
    def _named_sql(self) -> SQL:
        """Return a query of (id, name, currency_id): instalments as reviews call them."""
        return SQL(
            "SELECT instalment.id, plan.name || ' / ' || instalment.number AS name, plan.currency_id"
            " FROM recovery_plan_instalment instalment JOIN recovery_plan plan ON plan.id = instalment.plan_id"
        )

    # ------------------------------------------------------------ money that waits to be matched

    def _covered(self, date):
        """Return what unmatched money lies over on ``date``: {instalment: amount above 0, in the plan's currency}."""
        self._flush_covered()
        covered = {}
        # sudo: only which companies belong together, a user may be in one branch
        for creditor, rows in self.grouped(lambda row: row.company_id.sudo().root_id).items():
            debtors = rows.partner_id.commercial_partner_id
            earned = self.env["recovery.plan"]._earned_items(creditor, date, debtors.ids)
            if not earned and not self.env["recovery.open.money"]._is_any(creditor, date, debtors.ids):
                continue
            query = self._covered_sql(creditor, date, debtors.ids, earned=earned)
            found = self.env.execute_query(
                SQL("SELECT * FROM (%s) covered WHERE instalment_id = ANY(%s)", query, rows.ids)
            )
            covered.update({self.browse(instalment_id): amount for instalment_id, amount, _rest in found})
        return covered

    @api.model
    def _next_unpaid(self, plan_ids):
        """Return {plan id: the first day on which anything falls due that is unpaid}."""
        self.flush_model(["amount_residual", "date_due", "plan_id"])
        unpaid = "SELECT plan_id, MIN(date_due) FROM recovery_plan_instalment WHERE amount_residual > 0"
        return dict(self.env.execute_query(SQL(unpaid + " AND plan_id = ANY(%s) GROUP BY plan_id", plan_ids)))

    @api.model
    def _flush_covered(self):
        """Write out what :meth:`_covered_sql` reads."""
        if is_all_written(self.env):
            return
        self.env["recovery.open.money"]._flush()
        self.env["recovery.plan.item"].flush_model(
            ["amount_covered", "amount_paid", "is_live", "move_line_id"]
        )
        self.flush_model(["amount_residual", "number", "plan_id"])

    @api.model
    def _covered_sql(self, company, date, debtors=None, laid=None, earned=()) -> SQL:
        """Query of (instalment_id, covered, uncovered): a row for each unpaid instalment that money lies over.

        What waits for a live plan is poured over its instalments, oldest first, and so are discounts that it earned.
        It starts at the items that money lies over, which are few: the rest is looked up one by one (OFFSET 0).

        :param company, date, debtors: see ``recovery.open.money._covered_sql()``
        :param laid: a step of the reader's own query that is that already
        :param earned: ids of items, see ``recovery.plan._earned_items``, or a query of them
        """
        laid = laid or SQL("(%s)", self.env["recovery.open.money"]._covered_sql(company, date, debtors))
        return SQL(
            """
            WITH waiting AS MATERIALIZED (%s)
            SELECT id AS instalment_id, covered, amount_residual - covered AS uncovered
              FROM (
                SELECT instalment.id, instalment.amount_residual,
                       LEAST(instalment.amount_residual, waiting.amount + instalment.amount_residual
                           - SUM(instalment.amount_residual) OVER (
                               PARTITION BY waiting.plan_id ORDER BY instalment.number
                           )) AS covered
                  FROM waiting
                  JOIN LATERAL (
                    SELECT id, number, amount_residual
                      FROM recovery_plan_instalment
                     WHERE plan_id = waiting.plan_id AND amount_residual > 0
                    OFFSET 0
                  ) instalment ON TRUE
              ) unpaid
             WHERE covered > 0
            """,
            self.env["recovery.plan.item"]._waiting_sql(
                self.env["recovery.plan"]._with_earned_sql(laid, earned)
            ),
        )
