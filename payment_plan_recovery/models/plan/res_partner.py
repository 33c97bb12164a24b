from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_plan_ids = fields.One2many(
        "recovery.plan",
        "partner_id",
        string="Instalment plans",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    recovery_plan_count = fields.Integer(
        string="Plans",
        compute="_compute_recovery_plan_count",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def _compute_recovery_plan_count(self):
        debtors = self.commercial_partner_id
        counts = dict(
            self.env["recovery.plan"]._read_group(
                [("partner_id", "in", debtors.ids)], groupby=["partner_id"], aggregates=["__count"]
            )
        )
        for partner in self:
            partner.recovery_plan_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_recovery_plans(self):
        """Open the instalment plans of the debtor."""
        self.ensure_one()
        debtor = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_plan")
        return {
            **action,
            "domain": [("partner_id", "=", debtor.id)],
            "context": {"default_partner_id": debtor.id},
        }

    def action_negotiate_plan(self):
        """Start the negotiation of a plan with the debtor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_plan_recovery.action_plan_negotiation"
        )
        return {**action, "context": {"default_partner_id": self.commercial_partner_id.id}}
