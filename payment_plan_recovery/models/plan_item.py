from odoo import fields, models


class RecoveryPlanItem(models.Model):
    """One open receivable journal item covered by a plan."""

    _name = "recovery.plan.item"
    _description = "Covered Item"
    _order = "date_due, id"
    _check_company_auto = True

    plan_id = fields.Many2one("recovery.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal item",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The open receivable item the plan covers.",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Original due date", store=True)
    amount_covered = fields.Monetary(
        help="Open amount of the item in the plan: follows the ledger until activation, frozen from then on."
    )
    amount_paid = fields.Monetary(
        compute="_compute_amount_paid", store=True, help="Received on the item since activation."
    )
    is_live = fields.Boolean(
        compute="_compute_is_live",
        store=True,
        help="The plan binds the item: it is out of dunning and in no other live plan.",
    )
    no_followup_before = fields.Boolean(help="The item's own follow-up exclusion, given back when the plan ends.")

    _one_live_plan = models.UniqueIndex("(move_line_id) WHERE is_live")
