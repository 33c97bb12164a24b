from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ...tools.allocation import Due, paid_amounts
from ..common.kernel import exact


class RecoveryPlanInstalment(models.Model):
    """One amount due at one date under a plan. While the plan is live it is a claim."""

    _name = "recovery.plan.instalment"
    _description = "Plan Instalment"
    _order = "plan_id, date_due, number, id"
    _rec_name = "display_name"

    plan_id = fields.Many2one("recovery.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True, string="Debtor")
    user_id = fields.Many2one(related="plan_id.user_id", string="Responsible")
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True)
    plan_state = fields.Selection(related="plan_id.state", store=True, string="Plan state")
    number = fields.Integer(required=True, help="Rank in the schedule; the down payment is number 0.")
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
        string="Remaining",
        compute="_compute_amount_paid",
        store=True,
        help="Amount less what was received.",
    )
    state = fields.Selection(
        [("upcoming", "Upcoming"), ("due", "Due"), ("late", "Late"), ("paid", "Paid")],
        compute="_compute_state",
        search="_search_state",
        help="Due on its very date, late from the day after, paid when nothing remains.",
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

    @api.depends("plan_id.amount_paid", "plan_id.instalment_ids.amount", "plan_id.instalment_ids.number")
    def _compute_amount_paid(self):
        """Spread what each plan received over its instalments, first in first out."""
        for plan, rows in self.grouped("plan_id").items():
            paid = plan._paid_by_instalment()
            for row in rows:
                row.amount_paid = paid.get(row, 0)
                row.amount_residual = row.amount - row.amount_paid

    @api.depends("date_due", "amount_residual")
    @api.depends_context("tz")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.state = row._state_at(today)

    def _state_at(self, date):
        if self.amount and not self.amount_residual:
            return "paid"
        if not self.date_due or self.date_due > date:
            return "upcoming"
        return "due" if self.date_due == date else "late"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        unpaid = Domain("amount_residual", ">", 0)
        domains = {
            "paid": Domain("amount_residual", "=", 0),
            "upcoming": unpaid & Domain("date_due", ">", today),
            "due": unpaid & Domain("date_due", "=", today),
            "late": unpaid & Domain("date_due", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

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
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_plan_change")
        return {
            **action,
            "context": {
                "default_instalment_id": self.id,
                "default_amount": self.amount,
                "default_date_due": self.date_due,
            },
        }

    def action_open_plan(self):
        """Open the plan of the instalment."""
        self.ensure_one()
        return self.plan_id._form_action()


class RecoveryPlan(models.Model):
    _inherit = "recovery.plan"

    def _paid_by_instalment(self, amount=None):
        """Return {instalment: amount received} when the plan received ``amount``, all it did by default."""
        currency = self.currency_id
        received = self.amount_paid if amount is None else amount
        # A row being written by hand may have no amount yet: nothing can be spread on it.
        rows = self.instalment_ids.sorted("number").filtered(lambda row: row.amount > 0)
        dues = [Due(row, row.date_due, exact(row.amount, currency)) for row in rows]
        paid = paid_amounts(dues, exact(received, currency)) if currency else {}
        return {row: float(amount) for row, amount in paid.items()}
