"""A channel: the way a notice takes to its debtor. One class each, in ``notice/channels`` or in an addon."""

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Obstacle(NamedTuple):
    """What keeps a contact from being reached over a channel: its ``kind``, and the ``reason`` in words."""

    kind: str
    reason: str


class RecoveryChannel(models.AbstractModel):
    """Base of every channel: it says whom it reaches, and how a notice goes over it."""

    _name = "recovery.channel"
    _description = "Channel"
    _inherit = "recovery.kind"

    #: Notices sent in one transaction: many where a batch costs little of itself.
    _batch_size = 50
    #: Choices of a company's quiet hours that keep it quiet: "spoken", "electronic".
    _quiet = ()
    #: Its notices are sheets of paper: previewed as their document, put into mailings.
    _is_paper = False

    @api.model
    def _thing(self, code):
        """Return the channel of ``code``; one that reaches nobody when its addon was uninstalled."""
        return self._things().get(code, self.env["recovery.channel.missing"])

    @api.model
    def _label_of(self, code):
        """Return a channel's name, its code when its addon was uninstalled."""
        return dict(self._selection()).get(code, code)

    # Whom it reaches -----------------------------------------------------------------------

    @api.model
    def _reaches(self) -> SQL:
        """Return the condition that it reaches a ``contact`` of a ``debtor``, both aliases of res_partner.

        The same as :meth:`_why_not`, for a whole run; sending looks again.
        """
        raise NotImplementedError(self._name)

    @api.model
    def _why_not(self, contact) -> Obstacle | None:
        """Return what keeps ``contact`` from being reached, None when nothing does."""
        raise NotImplementedError(self._name)

    # Sending -------------------------------------------------------------------------------

    @api.model
    def _send(self, notices):
        """Send a batch within its transaction: ``_sent()`` or ``_failed(reason)`` for each, and no commit.

        Notices that are left queued are concluded by a later step: the answer of a provider, a call made.
        """
        raise NotImplementedError(self._name)

    @api.model
    def _take_back(self, notices):
        """Undo what was prepared for ``notices`` over this channel and has not left, whatever theirs is now."""


class RecoveryChannelMissing(models.AbstractModel):
    """Stands for a channel whose addon was uninstalled: its notices go over another one, or fail and say why."""

    _name = "recovery.channel.missing"
    _description = "Channel not installed"
    _inherit = "recovery.channel"

    @api.model
    def _reaches(self):
        return SQL("FALSE")

    @api.model
    def _why_not(self, contact):
        return Obstacle("not_installed", self.env._("the addon of this channel is not installed"))

    @api.model
    def _send(self, notices):
        notices._failed(self.env._("The addon of this channel is not installed."), retry=False)
