"""The files of evidence are neither changed nor deleted, whoever asks."""

from odoo import api, models
from odoo.exceptions import UserError

#: What would make another file of an attachment.
CONTENT = frozenset(
    {"raw", "datas", "db_datas", "store_fname", "checksum", "url", "type", "name", "res_model", "res_id"}
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENT & vals.keys():
            self._refuse_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._refuse_evidence()

    def _refuse_evidence(self):
        # sudo: whether a file is evidence does not depend on who asks
        if any(attachment.res_model == "recovery.dossier" for attachment in self.sudo()):
            raise UserError(self.env._("Evidence is neither changed nor deleted: build a further version."))
