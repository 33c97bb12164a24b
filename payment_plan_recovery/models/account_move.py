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

    def action_recovery_hold(self):
        """A new hold on the invoice's open items."""
        self.ensure_one()
        return self.env["recovery.hold"]._new_action(self.commercial_partner_id, self._recovery_items())

    def _recovery_items(self):
        """Open receivable items of the invoices."""
        return self.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and not line.reconciled
            )
        )
