from odoo import fields, models


class RecoveryDunningRun(models.Model):
    """One evaluation of the policies of a company at one date: a proposal, then notices."""

    _name = "recovery.dunning.run"
    _description = "Dunning Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    date = fields.Date(
        required=True, default=fields.Date.context_today, help="Date at which the claims are judged."
    )
    policy_ids = fields.Many2many(
        "recovery.dunning.policy", string="Policies", help="Leave empty to apply every policy of the company."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("proposed", "Proposal"), ("confirmed", "Confirmed"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user)
    line_ids = fields.One2many("recovery.dunning.run.line", "run_id", string="Proposal", copy=False)
    notice_ids = fields.One2many("recovery.notice", "run_id", string="Notices", copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
