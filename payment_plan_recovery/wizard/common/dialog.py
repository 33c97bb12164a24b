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
        values = super(RecoveryDialog, self._there()).default_get(fields_list)
        if self._about in fields_list and not values.get(self._about):
            values[self._about] = self._opened_from()
        return values

    @api.model
    def _there(self):
        """The dialog in the company of the record that it is opened about: its day is today by that one's clock."""
        about = self.env[self._fields[self._about].comodel_name]
        if not about._name.startswith("recovery.") or "company_id" not in about._fields:
            return self
        context = self.env.context
        opened = context.get("active_id") if context.get("active_model") == about._name else None
        # sudo: only whose record it is
        company = (
            about.sudo().browse(context.get(f"default_{self._about}") or opened or ()).exists().company_id
        )
        return self.with_company(company) if company.id in self.env.companies.ids else self

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
