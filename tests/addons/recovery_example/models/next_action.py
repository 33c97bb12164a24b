"""A next action: ask the lawyer how a claim before a court stands."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextActionCourt(models.AbstractModel):
    _name = "recovery.next.action.court"
    _inherit = "recovery.next.action"
    _description = "Ask about a Claim before a Court"

    _code = "court"
    _sequence = 5
    _urgency = 0.4
    _about = "res.partner"

    @api.model
    def _label(self):
        return self.env._("Ask the lawyer")

    @api.model
    def _advice(self):
        return self.env._("The debtor's claims are before a court. Ask the lawyer how they stand.")

    @api.model
    def _rows(self, _companies, _date):
        return SQL(
            """
            SELECT late.partner_id, late.company_id, late.date_oldest AS since, late.partner_id AS res_id
              FROM late
              JOIN res_partner debtor ON debtor.id = late.partner_id
             WHERE debtor.recovery_court <> '' AND late.amount_overdue > 0
            """
        )
