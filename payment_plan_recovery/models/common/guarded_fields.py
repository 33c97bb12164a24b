"""What a field says of itself: agreed with the debtor, or written by actions only.

state = fields.Selection(…, protected=True)
date_start = fields.Date(…, terms=True)
"""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache


class RecoveryGuardedFields(models.AbstractModel):
    """Models whose fields may be ``protected`` (a client gets them written by buttons only) or ``terms``
    (part of what was agreed, which the model opens under its own conditions)."""

    _name = "recovery.guarded.fields"
    _description = "Protected Fields and Terms"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_protected(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected(vals)
        if self._fields_that_are("terms") & vals.keys():
            self._open_terms(self.env._("change the terms"))
        return super().write(vals)

    def _valid_field_parameter(self, field, name):
        return name in ("protected", "terms") or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache("attribute")
    def _fields_that_are(self, attribute):
        """Return the names of the fields that say ``attribute`` of themselves."""
        return frozenset(name for name, field in self._fields.items() if getattr(field, attribute, False))

    def _open_terms(self, action):
        """Make sure that the terms may change; ``action`` (an infinitive) says what is done. Refuses nothing here."""

    @api.model
    def _check_protected(self, vals):
        """Refuse to a client what only actions write.

        :raise AccessError: ``vals`` holds a protected field and the environment is not the system's own
        """
        written = self._fields_that_are("protected") & vals.keys()
        if written and not self.env.su:
            labels = [self._fields[name].get_description(self.env)["string"] for name in sorted(written)]
            raise AccessError(
                self.env._("Use the buttons: these fields follow from them (%s).", ", ".join(labels))
            )
