"""Note that a debtor's insolvency was published."""

from odoo import fields, models
from odoo.exceptions import UserError


class RecoveryInsolvency(models.TransientModel):
    _name = "recovery.insolvency"
    _description = "Note an Insolvency"

    partner_id = fields.Many2one("res.partner", string="Debtor", required=True, help="Who is insolvent.")
    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, default=lambda self: self.env.company
    )
    date_published = fields.Date(
        string="Published on",
        required=True,
        default=lambda self: self.env.company._recovery_today(),
        help="Day of the publication in the official gazette: the deadline to declare counts from it.",
    )

    def action_declare(self):
        """Take what was owed that day into cases of the insolvency, and show them.

        :raise UserError: the day is still to come, or nothing was owed that day
        """
        self.ensure_one()
        if self.date_published > self.company_id._recovery_today():
            raise UserError(self.env._("Choose the day the insolvency was published: it cannot be to come."))
        cases = self.env["recovery.case"]._publish(
            self.partner_id.commercial_partner_id, self.company_id, self.date_published
        )
        if not cases:
            raise UserError(self.env._("Nothing was owed that day: there is nothing to declare."))
        action = self.env["ir.actions.act_window"]._for_xml_id("payment_plan_recovery.action_case")
        if len(cases) == 1:
            return {**action, "res_id": cases.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", cases.ids)], "context": {}}
