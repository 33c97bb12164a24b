from odoo import fields, models

from ...models.common.kernel import kernel_errors, uploaded


class RecoveryPlanAcceptance(models.TransientModel):
    """How the debtor's acceptance of a plan reached us."""

    _name = "recovery.plan.acceptance"
    _description = "Plan Acceptance"
    _inherit = "recovery.dialog"
    _about = "plan_id"

    plan_id = fields.Many2one("recovery.plan", required=True, ondelete="cascade")
    date = fields.Date(
        string="Accepted on",
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        help="Day the debtor signed, as it stands on the agreement.",
    )
    signed_by = fields.Char(required=True, help="Who signed for the debtor, and in what capacity.")
    method = fields.Selection(
        [("paper", "Signed paper"), ("email", "E-mail")],
        required=True,
        default="paper",
        help="How the acceptance reached us.",
    )
    document = fields.Binary(
        string="Signed agreement", help="Scan of the signed paper, or the debtor's e-mail."
    )
    activate = fields.Boolean(
        string="Put the plan in force", default=True, help="Take the items out of dunning at once."
    )

    def action_accept(self):
        """Record the acceptance, and put the plan in force if wished."""
        self.ensure_one()
        with kernel_errors(self.env):
            uploaded(self.document)
        self.plan_id.action_accept(
            signature=self.document, signed_by=self.signed_by, method=self.method, date=self.date
        )
        if self.activate:
            self.plan_id.action_activate()
