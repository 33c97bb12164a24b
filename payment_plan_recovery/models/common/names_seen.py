"""Records of a client's own that name others: those that it may read, and no others."""

from odoo import api, models


class RecoveryNamesSeen(models.AbstractModel):
    """Odoo tells the name of what a record points to by sudo: whoever names a record has to be allowed to read it."""

    _name = "recovery.names.seen"
    _description = "Names What Its User May Read"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._require_named_seen(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._require_named_seen(vals)
        return super().write(vals)

    @api.model
    def _require_named_seen(self, vals):
        if not self.env.su:
            self._recovery_check_named(vals)
