"""What waits for a person among late charges."""

from odoo import api, models
from odoo.tools import SQL


class RecoveryNextActionCreditCharges(models.AbstractModel):
    """More was booked than is owed, a receipt was found to be older, say: the debtor is due a credit note."""

    _name = "recovery.next.action.credit_charges"
    _description = "Credit Late Charges"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "credit_charges", 45, 0.1, "recovery.charge"

    def _label(self):
        return self.env._("Credit late charges")

    def _advice(self):
        return self.env._("More late charges were booked than are owed. Give the difference back.")

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT charge.partner_id, charge.company_id, COALESCE(charge.booked_on, %s) AS since,
                   charge.id AS res_id
              FROM recovery_charge charge
             WHERE charge.company_id = ANY(%s) AND charge.state = 'booked' AND charge.excess > 0
            """,
            date,
            companies.ids,
        )


class RecoveryNextActionApproveWaiver(models.AbstractModel):
    """Somebody asked to give up more late charges than one person may: another decides."""

    _name = "recovery.next.action.approve_waiver"
    _description = "Approve a Waiver"
    _inherit = "recovery.next.action"
    _code, _sequence, _urgency, _about = "approve_waiver", 46, 0.2, "recovery.charge"

    def _label(self):
        return self.env._("Approve the waiver")

    def _advice(self):
        return self.env._(
            "Late charges are to be given up, more of them than one person may. Approve it or leave them to book."
        )

    @api.model
    def _rows(self, companies, date):
        return SQL(
            """
            SELECT charge.partner_id, charge.company_id, %s AS since, charge.id AS res_id
              FROM recovery_charge charge
             WHERE charge.company_id = ANY(%s) AND charge.state = 'accrued' AND charge.waiver_asked > 0
            """,
            date,
            companies.ids,
        )
