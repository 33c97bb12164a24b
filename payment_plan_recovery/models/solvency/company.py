from odoo import fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    _inherit = "res.company"

    recovery_exposure_drafts = fields.Boolean(
        string="Drafts count as exposure",
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
        default=90.0,
        help="A new solvency check is prepared when the exposure reaches this part of the limit; 0 for "
        "never.",
    )
    recovery_first_order_amount = fields.Monetary(
        string="First large order",
        help="A solvency check is prepared for a debtor without one when a document passes this amount; 0 "
        "for never.",
    )

    @ormcache("self.id")
    def _recovery_branch_ids(self):
        """Ids of the company's root and of all its branches: what they are owed counts together.

        A hierarchy never changes, and Odoo forgets what it remembers when a company comes or goes.
        """
        # sudo: only which companies belong together, a user may be in one branch
        root = self.sudo().with_context(active_test=False).root_id
        return tuple(root.search([("id", "child_of", root.id)]).ids)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recovery_exposure_drafts = fields.Boolean(related="company_id.recovery_exposure_drafts", readonly=False)
    recovery_credit_user_id = fields.Many2one(related="company_id.recovery_credit_user_id", readonly=False)
    recovery_limit_alert = fields.Float(related="company_id.recovery_limit_alert", readonly=False)
    recovery_first_order_amount = fields.Monetary(
        related="company_id.recovery_first_order_amount", readonly=False
    )
