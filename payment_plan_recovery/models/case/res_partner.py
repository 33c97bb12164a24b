"""A debtor's cases."""

from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_case_ids = fields.One2many(
        "recovery.case",
        "partner_id",
        string="Cases",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def action_recovery_case(self):
        """Open a case over everything the debtor owes and no running case or plan holds."""
        self.ensure_one()
        debtor = self.commercial_partner_id
        claims = self.env["recovery.claim"].search(
            [("partner_id", "=", debtor.id), ("company_id", "=", self.env.company.id)]
        )
        return self.env["recovery.case"]._open_action(debtor, claims.move_line_id)

    def action_recovery_insolvency(self):
        """Note the debtor's insolvency: asks for the day of its publication."""
        self.ensure_one()
        self.env["recovery.insolvency"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Insolvency of %s", self.commercial_partner_id.display_name),
            "res_model": "recovery.insolvency",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
