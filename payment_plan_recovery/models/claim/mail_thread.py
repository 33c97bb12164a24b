"""Mails that machines answer with tell nothing about what a debtor owes."""

from odoo import api, models

#: Set while a mail that a machine wrote is put into a history.
_AUTOMATIC = "recovery_automatic_mail"
#: Values of the old header that lists and robots use.
_PRECEDENCE = ("auto_reply", "bulk", "junk", "list")


def is_automatic_mail(env):
    """Tell whether the mail that is being filed was written by a machine, as an absence note is."""
    return bool(env.context.get(_AUTOMATIC))


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Remember of an incoming mail whether a machine wrote it (RFC 3834); see to it that it came as mails come."""
        self._recovery_require_gateway(routes)
        submitted = (message.get("Auto-Submitted") or "no").split(";")[0].strip().lower()
        automatic = (
            submitted != "no"
            or (message.get("Precedence") or "").strip().lower() in _PRECEDENCE
            or any(message.get(header) for header in ("X-Autoreply", "X-Autorespond"))
        )
        threads = self.with_context(**{_AUTOMATIC: True}) if automatic else self
        return super(MailThread, threads)._message_route_process(message, message_dict, routes)
