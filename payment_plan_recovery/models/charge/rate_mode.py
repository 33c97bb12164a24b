"""How the rate of a day is found: each way one class."""

from odoo import api, models


class RecoveryRateMode(models.AbstractModel):
    """Base of the ways. The arithmetic knows three look-ups; a way says which one serves it, and with which rates."""

    _name = "recovery.rate.mode"
    _description = "Rate Mode"
    _inherit = "recovery.kind"

    #: Look-up of the arithmetic: "semester", "locked" or "fixed" (``tools/rates.py``).
    _lookup = None
    #: Whether the rule has to name a reference rate.
    _takes_reference = True

    @api.model
    def _fixed_rate(self, rule):
        """Return the rate in percent per year of a fixed look-up."""
        return rule.fixed_rate

    @api.model
    def _rates(self, rule):
        """Return the kernel's table of reference rates, None for a fixed look-up."""
        return rule.reference_id._kernel() if self._lookup != "fixed" else None


class RecoveryRateModeSemester(models.AbstractModel):
    """The reference rate of 1 January counts until 30 June, that of 1 July until 31 December."""

    _name = "recovery.rate.mode.semester"
    _description = "Rate Mode: by Semester"
    _inherit = "recovery.rate.mode"
    _code, _sequence, _lookup = "semester", 10, "semester"

    def _label(self):
        return self.env._("Follows the reference rate by semester")


class RecoveryRateModeLocked(models.AbstractModel):
    """The reference rate that the first day of interest finds counts to the end."""

    _name = "recovery.rate.mode.locked"
    _description = "Rate Mode: Locked at the Start"
    _inherit = "recovery.rate.mode"
    _code, _sequence, _lookup = "locked", 20, "locked"

    def _label(self):
        return self.env._("Reference rate found when interest starts")


class RecoveryRateModeFixed(models.AbstractModel):
    """One rate, written in the rule."""

    _name = "recovery.rate.mode.fixed"
    _description = "Rate Mode: Fixed"
    _inherit = "recovery.rate.mode"
    _code, _sequence, _lookup, _takes_reference = "fixed", 30, "fixed", False

    def _label(self):
        return self.env._("Fixed rate")
