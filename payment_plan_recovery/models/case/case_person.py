"""Who else works on a case."""

from odoo import fields, models


class RecoveryCasePerson(models.Model):
    """Somebody outside of the company who has a part in a case."""

    _name = "recovery.case.person"
    _description = "Person in a Case"
    _order = "case_id, role, id"
    _rec_name = "partner_id"

    case_id = fields.Many2one("recovery.case", required=True, index=True, ondelete="cascade")
    role = fields.Selection(
        [
            ("mediator", "Mediator"),
            ("lawyer", "Lawyer"),
            ("bailiff", "Bailiff"),
            ("agency", "Collection agency"),
            ("court", "Court"),
            ("representative", "Creditors' representative"),
        ],
        required=True,
        help="What part the person has.",
    )
    partner_id = fields.Many2one("res.partner", string="Name", required=True, help="Who it is.")
    reference = fields.Char(help="Their number for the case.")

    def action_print(self):
        """Print the letter that gives the person its mission."""
        return self.env.ref("payment_plan_recovery.action_report_mission").report_action(self)
