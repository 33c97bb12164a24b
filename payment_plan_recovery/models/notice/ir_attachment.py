"""Documents that were sent are kept as they went out."""

from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    #: What makes up the document and its place.
    _archived_fields = frozenset(
        ("raw", "datas", "db_datas", "store_fname", "checksum", "url", "type", "res_model", "res_id")
    )

    def write(self, vals):
        if self._archived_fields & vals.keys():
            self._refuse_if_archived()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_archived(self):
        self._refuse_if_archived()

    def _refuse_if_archived(self):
        # sudo: a document is protected whoever writes it
        if self.env["recovery.notice"].sudo().search_count([("attachment_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("This document was sent to a debtor and is kept as it went out."))
