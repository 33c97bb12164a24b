"""What is kept about a contact, for that contact."""

from odoo import models
from odoo.exceptions import AccessError, UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_recovery_export(self):
        """Download everything kept about the contact.

        :raise UserError: no contact, or several
        :raise AccessError: not a manager who may see debtors' means, which are part of it
        """
        if len(self) != 1:
            raise UserError(self.env._("Export from the page of one contact."))
        self.check_access("read")
        if not self._recovery_may_export():
            raise AccessError(
                self.env._("Personal data are handed out by a Recovery manager who may see debtors' means.")
            )
        return {"type": "ir.actions.act_url", "url": f"/recovery/person/{self.id}", "target": "download"}

    def _recovery_may_export(self):
        return all(
            self.env.user.has_group(f"payment_plan_recovery.{group}")
            for group in ("group_recovery_manager", "group_recovery_confidential")
        )
