"""A reason not to chase: the debtor is before a court."""

from odoo import models
from odoo.addons.payment_plan_recovery.models.dunning.reason import Condition
from odoo.tools import SQL


class RecoveryDunningReasonBeforeCourt(models.AbstractModel):
    _name = "recovery.dunning.reason.before_court"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Before a Court"

    _code = "before_court"
    _sequence = 45
    # Rank 40 is a hold: a court says more.
    _conditions = (
        Condition(
            "claim",
            35,
            SQL("partner_id = ANY(ARRAY(SELECT id FROM res_partner WHERE recovery_court <> ''))"),
        ),
    )

    def _label(self):
        return self.env._("Before a court")
