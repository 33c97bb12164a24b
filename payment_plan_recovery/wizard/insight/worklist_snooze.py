from odoo import fields, models


class RecoveryWorklistSnooze(models.TransientModel):
    """Until when, and why, debtors of the worklist can wait."""

    _name = "recovery.worklist.snooze"
    _description = "Snooze"

    date_until = fields.Date(
        string="Until",
        required=True,
        default=lambda self: fields.Date.add(self.env.company._recovery_today(), days=7),
        help="The debtors come back to the list on this day.",
    )
    reason = fields.Char(required=True, help="Why they can wait: whoever looks next wants to know.")

    def action_snooze(self):
        """Let the debtors chosen on the list wait."""
        self.ensure_one()
        rows = self.env["recovery.worklist"].browse(self.env.context.get("active_ids"))
        rows.snooze(self.date_until, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
