"""What a record is called that has no name of its own: its kind in words, or its day as people write it."""

from odoo import api, models
from odoo.tools import format_date


class RecoveryNamed(models.AbstractModel):
    """Base of what is called by a choice or by a day (``_rec_name``): Odoo would show the value as it is kept."""

    _name = "recovery.named"
    _description = "Named by a Choice or a Day"

    @api.depends_context("lang")
    def _compute_display_name(self):
        field = self._fields[self._rec_name]
        words = dict(field._description_selection(self.env)) if field.type == "selection" else {}
        for record in self:
            value = record[field.name]
            record.display_name = words.get(value, value) if words else format_date(self.env, value)
