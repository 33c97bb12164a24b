"""What the outbox remembers of a mail server: whether it is slow."""

from odoo import fields, models

#: Seconds for one mail from which a server is slow.
SLOW = 2


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    recovery_slow_since = fields.Datetime(
        string="Slow since",
        readonly=True,
        copy=False,
        help="Since when the server takes long for notices, or does not answer: its notices are sent after those of "
        "the others.",
    )

    def _recovery_is_slow(self):
        return bool(self.sudo().recovery_slow_since)  # sudo: mail servers are readable by administrators only

    def _recovery_note_pace(self, seconds):
        """Remember whether a mail takes long, which it seldom does: written down when that changes only."""
        if not self or (seconds >= SLOW) == self._recovery_is_slow():
            return
        # sudo: as above; another worker that writes the same at this moment is left to it
        server = self.sudo().try_lock_for_update()
        server.recovery_slow_since = fields.Datetime.now() if seconds >= SLOW else False
        self.env["recovery.notice"]._checkpoint()
