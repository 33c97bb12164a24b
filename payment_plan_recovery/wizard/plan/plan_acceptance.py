from odoo import api, fields, models
from odoo.exceptions import UserError

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

    @api.model
    def default_get(self, fields_list):
        """Begin with the day that it is where the plan is followed up."""
        values = super().default_get(fields_list)
        plan = self.env["recovery.plan"].browse(values.get("plan_id"))
        if "date" in fields_list and not values.get("date"):
            values["date"] = (plan.company_id or self.env.company)._recovery_today()
        return values

    def action_accept(self):
        """Record the acceptance, and put the plan in force if wished.

        :raise UserError: the day is still to come: limitation, say, is reckoned from it
        """
        self.ensure_one()
        if self.date > self.plan_id.company_id._recovery_today():
            raise UserError(self.env._("The debtor cannot have signed on a day that is still to come."))
        with kernel_errors(self.env):
            uploaded(self.document)
        self.plan_id.action_accept(
            signature=self.document, signed_by=self.signed_by, method=self.method, date=self.date
        )
        if self.activate:
            self.plan_id.action_activate()
