"""A word in braces: {folder}, where the debtor finds its notices."""

from odoo import api, models


class RecoveryPlaceholderFolder(models.AbstractModel):
    _name = "recovery.placeholder.folder"
    _inherit = "recovery.placeholder"
    _description = "{folder}"

    _code = "folder"
    _sequence = 200

    @api.model
    def _label(self):
        return self.env._("Folder that the debtor collects notices from")

    @api.model
    def _value(self, content):
        return content.contact.recovery_folder
