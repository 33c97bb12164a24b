from odoo import api, fields, models


class RecoveryCreditRule(models.Model):
    _inherit = "recovery.credit.rule"

    on_order = fields.Boolean(string="Orders", default=True, help="Judged when a sales order is confirmed.")

    @api.model
    def _document_field(self, model_name):
        return "on_order" if model_name == "sale.order" else super()._document_field(model_name)
