"""Agreements that were shown to be signed, and signed ones, are kept as they were."""

from odoo import api, models
from odoo.exceptions import UserError

from ..case.ir_attachment import CONTENT


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENT & vals.keys():
            self._refuse_signed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._refuse_signed()

    def _refuse_signed(self):
        # sudo: whether a file was signed does not depend on who asks
        shown = self.sudo().filtered(
            lambda file: file.res_model == "recovery.signature" and not file.res_field
        )
        if self.env["recovery.signature"].sudo().search_count(
            [("document_id", "in", shown.ids)], limit=1
        ) or (
            self.env["recovery.plan"].sudo().search_count([("signed_document_id", "in", shown.ids)], limit=1)
        ):
            raise UserError(self.env._("This agreement was signed as it is, and is kept so."))
