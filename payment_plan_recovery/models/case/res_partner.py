"""A debtor's cases."""

from odoo import fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    recovery_case_ids = fields.One2many(
        "recovery.case",
        "partner_id",
        string="Cases",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def action_recovery_case(self):
        """Open a case over everything the debtor owes and no running case or plan holds.

        :raise UserError: it was opened for no debtor, or for several
        """
        debtor = self.commercial_partner_id
        if len(debtor) != 1:
            raise UserError(self.env._("Open a case from one debtor's page."))
        claims = self.env["recovery.claim"].search(
            [("partner_id", "=", debtor.id), ("company_id", "=", self.env.company.id)]
        )
        return self.env["recovery.case"]._open_action(debtor, claims.move_line_id)

    def action_recovery_insolvency(self):
        """Note the debtor's insolvency: asks for the day of its publication, and whose it is when none is given."""
        debtor = self.commercial_partner_id
        if len(debtor) > 1:
            raise UserError(self.env._("Note the insolvency of one debtor at a time."))
        self.env["recovery.insolvency"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Insolvency of %s", debtor.display_name)
            if debtor
            else self.env._("Note an Insolvency"),
            "res_model": "recovery.insolvency",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": debtor.id, "debtor_given": bool(debtor)},
        }
