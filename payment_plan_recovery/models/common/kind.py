"""Things of a kind (a trigger, a reason, a channel …): one class each, found by its code.

A thing is an abstract model that inherits its kind, so that only those of installed addons are there. What
else depends on it (selections, SQL, checks, labels) asks the kind.
"""

from odoo import api, models
from odoo.tools import ormcache


class RecoveryKind(models.AbstractModel):
    """Base of every kind. A kind inherits it, and each of its things inherits the kind and sets ``_code``."""

    _name = "recovery.kind"
    _description = "Thing of a Kind"

    #: What is stored in records: never changed afterwards. None for the kind itself.
    _code = None
    #: Its rank among the things of its kind.
    _sequence = 10

    @api.model
    def _label(self) -> str:
        """Return the thing's name, in the user's language."""
        raise NotImplementedError(self._name)

    @api.model
    def _things(self) -> dict:
        """Return {code: thing} of the installed things of this kind, in their order."""
        return {code: self.env[name] for code, name in self._thing_names()}

    @api.model
    @ormcache()  # asked for every word of every mail
    def _thing_names(self):
        """Return (code, model's name) of the installed things of this kind, in their order."""
        found = (self.env[name] for name in self.pool.descendants([self._name], "_inherit"))
        ranked = sorted(
            (thing for thing in found if thing._code), key=lambda thing: (thing._sequence, thing._name)
        )
        return tuple((thing._code, thing._name) for thing in ranked)

    @api.model
    def _thing(self, code):
        """Return the thing of ``code``.

        :raise KeyError: no installed addon has it
        """
        return self._things()[code]

    @api.model
    def _selection(self) -> list[tuple[str, str]]:
        """Return the codes and labels, for selection fields."""
        return [(code, thing._label()) for code, thing in self._things().items()]
