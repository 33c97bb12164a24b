from odoo import models
from odoo.tools import SQL

from ..dunning.reason import Condition


class RecoveryDunningReasonInCure(models.AbstractModel):
    """The cure notice of its plan asks for the instalment: no reminder says it again, in a milder tone."""

    _name = "recovery.dunning.reason.in_cure"
    _inherit = "recovery.dunning.reason"
    _description = "Reason: Cure Notice"

    _code = "in_cure"
    _sequence = 55
    _conditions = (Condition("claim", 55, SQL("noticed_apart")),)

    def _label(self):
        return self.env._("Asked for by the cure notice")
