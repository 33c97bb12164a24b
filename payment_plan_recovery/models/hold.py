from odoo import fields, models


class RecoveryHold(models.Model):
    """Dated reason not to chase a debtor, or some of its items. Ends by itself."""

    _name = "recovery.hold"
    _description = "Hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, tracking=True, help="Who is not chased."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        check_company=True,
        help="Items that are not chased; leave empty to hold everything the debtor owes.",
    )
    kind = fields.Selection(
        [
            ("dispute", "Dispute"),
            ("promise", "Promise to pay"),
            ("insolvency", "Insolvency"),
            ("negotiation", "Negotiation"),
            ("manual", "Manual"),
        ],
        required=True,
        default="manual",
        tracking=True,
        help="Why the debtor is not chased.",
    )
    date_from = fields.Date(
        required=True, default=fields.Date.context_today, tracking=True, help="First day without dunning."
    )
    date_until = fields.Date(
        tracking=True, help="Last day without dunning; leave empty only with a review date."
    )
    date_review = fields.Date(help="Day on which an open-ended hold is looked at again.")
    reason = fields.Text(required=True, help="What was said or found; part of the debtor's file.")
    user_id = fields.Many2one("res.users", string="Responsible", default=lambda self: self.env.user)
