"""Amounts of figures, shown with the decimals of the company's currency."""

from odoo import api, models


class RecoveryKpiDecimals(models.AbstractModel):
    """Records whose ``numerator`` and ``denominator`` are money of one figure and a count of another.

    They are kept with the decimals of any currency and shown with those of the company's: a dinar has three, a yen
    none.
    """

    _name = "recovery.kpi.decimals"
    _description = "Figures: Decimals of Amounts"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type != "list":
            return arch, view
        digits = f"[16, {self.env.company.currency_id.decimal_places}]"
        for node in arch.xpath("//field[@name='numerator' or @name='denominator']"):
            node.set("digits", digits)
        return arch, view

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.company.currency_id.decimal_places)
