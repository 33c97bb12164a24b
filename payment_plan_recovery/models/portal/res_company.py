from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_portal_minimum = fields.Monetary(
        string="Smallest online part payment",
        default=20.0,
        help="Least that a debtor may pay on a plan at once on the portal; an instalment below it may always be paid.",
    )
    recovery_portal_promise_days = fields.Integer(
        string="Longest promise on the portal (days)",
        default=14,
        help="Days from today within which a debtor may promise on the portal to pay what is late; "
        "chasing rests until then.",
    )
