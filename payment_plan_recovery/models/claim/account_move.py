from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    recovery_policy_id = fields.Many2one(
        "recovery.dunning.policy",
        string="Dunning policy",
        copy=False,
        tracking=True,
        index="btree_not_null",
        domain=[("claim_kind", "=", "item")],
        help="How this invoice is chased, when not as its debtor's other invoices are.",
    )

    def action_recovery_why_not(self):
        """Say why the invoice is chased or not today."""
        self.ensure_one()
        run = self.env["recovery.dunning.run"].new(
            {"company_id": self.company_id.id, "date": fields.Date.context_today(self)}
        )
        return run._why_not(self._recovery_items())

    def action_recovery_change(self):
        """Change by hand how the invoices are chased."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change dunning"),
            "res_model": "recovery.dunning.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": self.ids},
        }
