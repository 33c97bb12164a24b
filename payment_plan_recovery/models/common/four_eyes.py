"""What one person asks for and another decides: frozen from the moment it was asked.

class_id = fields.Many2one(…, asked=True)
"""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class RecoveryFourEyes(models.AbstractModel):
    """Models with fields that somebody is asked to decide on (``asked``): nobody writes them meanwhile, or after.

    Who asked, and who had a hand in it, the model keeps in protected fields; the decision is another person's.
    """

    _name = "recovery.four.eyes"
    _description = "Four Eyes"

    def write(self, vals):
        if not self.env.su:
            self._require_not_asked(vals)
        return super().write(vals)

    def _valid_field_parameter(self, field, name):
        return name == "asked" or super()._valid_field_parameter(field, name)

    @ormcache()
    def _asked_fields(self):
        """Return the names of the fields that say ``asked`` of themselves."""
        return frozenset(name for name, field in self._fields.items() if getattr(field, "asked", False))

    def _asked(self):
        """Return those of the records that somebody was asked to decide on, or decided on."""
        raise NotImplementedError(self._name)

    def _require_not_asked(self, vals):
        """Refuse to change what somebody was asked to decide on.

        :raise UserError: ``vals`` holds an asked field of a record that is asked for
        """
        names = self._asked_fields() & vals.keys()
        asked = self._asked() if names else self.browse()
        if asked:
            labels = [self._fields[name].get_description(self.env)["string"] for name in sorted(names)]
            raise UserError(
                self.env._(
                    "%(record)s was asked for as it is: take it back to change it (%(fields)s).",
                    record=asked[0].display_name,
                    fields=", ".join(labels),
                )
            )
