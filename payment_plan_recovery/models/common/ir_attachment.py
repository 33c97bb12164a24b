"""The files of recovery records: what was sent, signed or gathered as evidence is kept as it was."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guarded_fields import is_action, is_uninstalling
from .mail_message import has_kept_history

#: What makes up a file, where it belongs and who may see it.
CONTENT = frozenset(
    (
        *("checksum", "company_id", "datas", "db_datas", "mimetype", "name", "public", "raw", "res_field"),
        *("res_id", "res_model", "store_fname", "type", "url"),
    )
)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        context = self.env.context
        for vals in vals_list:
            self._refuse_behind_field(
                vals.get("res_model", context.get("default_res_model")),
                vals.get("res_field", context.get("default_res_field")),
            )
        return super().create(vals_list)

    @api.model
    def _recovery_keep_with(self, record, files):
        """Keep printed ``files``, (name, content) each, with ``record`` that they go out with."""
        # sudo: what goes out is kept, whoever sends it
        return self.sudo().create(
            [
                {"name": name, "raw": content, "res_model": record._name, "res_id": record.id}
                for name, content in files
            ]
        )

    def write(self, vals):
        if CONTENT & vals.keys() or ("access_token" in vals and not self.env.su):
            self._refuse_if_kept()  # a link by which anybody reads it is the portal's to give
        if {"res_model", "res_field"} & vals.keys():
            for file in self.sudo():  # sudo: where a file lies does not depend on who asks
                self._refuse_behind_field(
                    vals.get("res_model", file.res_model), vals.get("res_field", file.res_field)
                )
        if "thumbnail" in vals and self._are_any_kept():
            # Drawn by the browser of whoever looks at a file: no picture that somebody sends is shown for what went.
            vals = {name: value for name, value in vals.items() if name != "thumbnail"}
        return super().write(vals)

    @api.model
    def _refuse_behind_field(self, model, field):
        """Let no client lay a file behind a protected field: it would stand there as what the product wrote.

        :raise AccessError: neither an action nor the system is at work
        """
        if self.env.su or is_action(self.env) or not field or not has_kept_history(self.env, model):
            return
        if field in self.env[model]._fields_that_are("protected"):
            raise AccessError(self.env._("Use the buttons: this file follows from them."))

    def copy_data(self, default=None):
        self._refuse_if_kept()
        return super().copy_data(default=default)

    def unlink(self):
        self._refuse_if_kept()
        return super().unlink()

    def _refuse_if_kept(self):
        """Refuse to change, copy or delete the files of recovery records, whoever asks.

        Odoo's own screens delete files with the system's rights: only an action may.
        """
        if is_action(self.env) or is_uninstalling(self.env):
            return
        if self._are_any_kept():
            raise UserError(
                self.env._(
                    "This file is part of a debtor's file and is kept as it is. Add another one instead."
                )
            )

    def _are_any_kept(self):
        # sudo: whether a file is kept does not depend on who asks
        return any(file._is_kept() for file in self.sudo())

    def _is_kept(self):
        """Tell whether a record of recovery keeps the file, or a protected field of it does."""
        if not self.res_id or not has_kept_history(self.env, self.res_model):
            return False
        return not self.res_field or self.res_field in self.env[self.res_model]._fields_that_are("protected")
