from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_exposure_drafts = fields.Boolean(
        string="Drafts count as exposure",
        of_creditor=True,
        help="Draft invoices and credit notes are part of a debtor's exposure.",
    )
    recovery_credit_user_id = fields.Many2one(
        "res.users",
        string="Credit manager",
        domain=[("share", "=", False)],
        help="Who gets the requests for credit, the second approvals and the renewals of checks.",
    )
    recovery_limit_alert = fields.Float(
        string="Limit nearly reached (%)",
        of_creditor=True,
        default=90.0,
        help="A new solvency check is prepared when the exposure reaches this part of the limit; 0 for "
        "never.",
    )
    recovery_first_order_amount = fields.Monetary(
        string="First large order",
        of_creditor=True,
        help="A solvency check is prepared for a debtor without one when a document passes this amount; 0 "
        "for never.",
    )
