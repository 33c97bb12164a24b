"""Dialogs about the record they were opened from."""

from odoo import api, models
from odoo.exceptions import UserError


class RecoveryDialog(models.AbstractModel):
    """A dialog about one record: by a bookmark or an address typed by hand it is about none, and says so."""

    _name = "recovery.dialog"
    _description = "Dialog about a Record"

    #: The field that says what the dialog is about.
    _about = None

    @api.model
    def default_get(self, fields_list):
        """Take the record the dialog was opened from.

        :raise UserError: it was opened from none
        """
        values = super().default_get(fields_list)
        if self._about in fields_list and not values.get(self._about):
            values[self._about] = self._opened_from()
        return values

    @api.model
    def _opened_from(self):
        model = self._fields[self._about].comodel_name
        context = self.env.context
        if context.get("active_model") == model and context.get("active_id"):
            return context["active_id"]
        raise UserError(
            self.env._(
                "This window belongs to a record (%s): open one from its list, and press the button there.",
                self.env["ir.model"]._get(model).name,
            )
        )
