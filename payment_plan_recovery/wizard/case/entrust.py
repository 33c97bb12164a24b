"""Entrust cases to a collection agency or a bailiff."""

from odoo import api, fields, models


class RecoveryCaseEntrust(models.TransientModel):
    _name = "recovery.case.entrust"
    _description = "Entrust Cases"
    _inherit = ["recovery.names.seen"]

    case_ids = fields.Many2many("recovery.case", string="Cases", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    mandate_id = fields.Many2one(
        "recovery.mandate",
        required=True,
        domain="[('company_id', 'parent_of', company_id)]",
        help="Under which the cases are entrusted: it says what the partner may do and what it costs.",
    )

    @api.depends("case_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.case_ids.company_id[:1]

    def action_entrust(self):
        """Give the cases to the partner.

        :raise UserError: a case cannot be entrusted under this mandate, with the reason
        """
        self.ensure_one()
        self.case_ids._entrust(self.mandate_id)
        return {"type": "ir.actions.act_window_close"}
