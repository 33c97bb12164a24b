from odoo import fields, models


class RecoveryPlanInstalment(models.Model):
    """One amount due at one date under a plan. While the plan is live it is a claim."""

    _name = "recovery.plan.instalment"
    _description = "Plan Instalment"
    _order = "plan_id, date_due, number, id"
    _rec_name = "display_name"

    plan_id = fields.Many2one("recovery.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True, string="Debtor")
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True)
    plan_state = fields.Selection(related="plan_id.state", store=True, string="Plan state")
    number = fields.Integer(required=True, help="Rank in the schedule; the down payment is number 0.")
    date_due = fields.Date(required=True, index=True, help="Day the amount is due.")
    amount = fields.Monetary(required=True, help="Amount due.")
    amount_paid = fields.Monetary(
        readonly=True,
        copy=False,
        help="Share of what was received on the plan, given to the oldest instalments first.",
    )
    amount_residual = fields.Monetary(
        string="Remaining",
        compute="_compute_amount_residual",
        store=True,
        help="Amount less what was received.",
    )
    state = fields.Selection(
        [("upcoming", "Upcoming"), ("due", "Due"), ("late", "Late"), ("paid", "Paid")],
        compute="_compute_state",
        search="_search_state",
        help="Due on its very date, late from the day after, paid when nothing remains.",
    )
