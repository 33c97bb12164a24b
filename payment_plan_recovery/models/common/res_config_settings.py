"""The addon's part of Odoo's settings."""

from odoo import models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "recovery.settings.fields"]
