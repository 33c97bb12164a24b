"""A rate mode: the reference rate of the day on which the rule was last checked, from then on fixed."""

from odoo import models


class RecoveryRateModeFrozen(models.AbstractModel):
    _name = "recovery.rate.mode.frozen"
    _inherit = "recovery.rate.mode"
    _description = "Rate Mode: Frozen when Checked"

    _code = "frozen"
    _sequence = 40
    _lookup = "fixed"

    def _label(self):
        return self.env._("Reference rate of the day it was checked")

    def _fixed_rate(self, rule):
        return rule.reference_id._kernel().on(rule.checked_on)
