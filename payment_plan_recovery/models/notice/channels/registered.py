"""Registered letters: letters whose posting, receipt and return the post shows."""

from odoo import api, models


class RecoveryChannelRegistered(models.AbstractModel):
    """A letter that the post numbers: its receipt or its return is noted on the notice."""

    _name = "recovery.channel.registered"
    _description = "Registered letter channel"
    _inherit = "recovery.channel.letter"

    _code = "registered"
    _sequence = 40

    @api.model
    def _label(self):
        return self.env._("Registered letter")
