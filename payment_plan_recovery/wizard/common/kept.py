"""Dialogs that show what a record says, and write back what a person changed of it."""

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecoveryDialogKept(models.AbstractModel):
    """Base of the dialogs that are filled with what stands already: what nobody touched in them is not written."""

    _name = "recovery.dialog.kept"
    _description = "Dialog Filled with What Stands"

    shown = fields.Json(help="What the dialog was filled with.")

    @api.model
    def _standing(self, about) -> dict:
        """Return {field of the dialog: what ``about`` says of it now}, as it is written."""
        raise NotImplementedError(self._name)

    @api.model
    def _filled(self, about, fields_list) -> dict:
        """Return the defaults among ``fields_list`` by which the dialog shows what ``about`` says."""
        standing = _plain(self._standing(about))
        return {name: value for name, value in {**standing, "shown": standing}.items() if name in fields_list}

    def _changed(self, about) -> dict:
        """Return {field of the dialog: value} of what the person changed; all of it where nothing was shown.

        :raise UserError: somebody else changed the same meanwhile
        """
        standing = _plain(self._standing(about))
        told = self._convert_to_write({name: self[name] for name in standing})
        if not isinstance(self.shown, dict):
            return told
        changed = {name: value for name, value in _plain(told).items() if value != self.shown.get(name)}
        taken = [name for name in changed if standing[name] not in (self.shown.get(name), changed[name])]
        if taken:
            raise UserError(
                self.env._(
                    "Somebody else changed meanwhile: %s. Close this window and open it again to see how it is now.",
                    ", ".join(self._fields[name]._description_string(self.env) for name in taken),
                )
            )
        return {name: told[name] for name in changed}


def _plain(values):
    """Return ``values`` as a client keeps them: days as text."""
    return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}
