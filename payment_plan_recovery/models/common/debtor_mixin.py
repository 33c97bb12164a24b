"""What is kept about a debtor belongs to its commercial entity, whichever contact was chosen."""

from odoo import api, models

#: Which contacts are debtors of their own: a company below another one too.
DEBTORS = ["|", ("parent_id", "=", False), ("is_company", "=", True)]


class RecoveryDebtorMixin(models.AbstractModel):
    """Models with a ``partner_id`` that is the debtor."""

    _name = "recovery.debtor.mixin"
    _inherit = "recovery.follows.debtor"
    _description = "Kept about a Debtor"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_debtor(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_debtor(vals))

    @api.model
    def _with_debtor(self, vals):
        """Return ``vals`` with the commercial entity in place of a contact of it."""
        if not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": partner.commercial_partner_id.id}
