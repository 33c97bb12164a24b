"""What screens of other rooms ask of a notice: a hold or a promise of its debtor, a preview."""

import base64

from odoo import models

from .letter import REPORTS


class RecoveryNotice(models.Model):
    _inherit = "recovery.notice"

    def action_recovery_hold(self):
        """A new hold on the items of the notices; on the debtor when they are about instalments."""
        return self.env["recovery.hold"]._new_action(self.partner_id, self.line_ids.move_line_id)

    def action_recovery_promise(self):
        """A new promise for the items of the notices."""
        return self.env["recovery.promise"]._new_action(self.partner_id, self.line_ids.move_line_id)

    def _preview_values(self):
        """Words and, for a letter, document of the notice as it would go out."""
        self.ensure_one()
        if self.channel in ("letter", "registered"):
            pdf = self._print(REPORTS[self.level_id.letter_kind])[self]
            return {"document": base64.b64encode(pdf)}
        message = self._messages().get(self)
        if not message:
            return {"subject": self.env._("No message of level “%s” fits the debtor.", self.level_id.name)}
        kept, _outgoing = self._mail_values(message, self._contents()[self.id])
        return {"subject": kept["subject"], "body": kept["body"]}
