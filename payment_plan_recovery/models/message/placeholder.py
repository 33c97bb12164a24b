"""The words in {braces} of a message: one class each, found by what stands between the braces."""

import re

from markupsafe import Markup, escape
from odoo import api, models
from odoo.exceptions import UserError

from ..common.counted import agreed
from .left_out import left_out

#: What stands between two braces, whatever it is: anything unknown is refused.
BRACES = re.compile(r"\{([^{}]*)\}")


class RecoveryPlaceholder(models.AbstractModel):
    """A word a message may use; its label says what it stands for."""

    _name = "recovery.placeholder"
    _description = "Placeholder"
    _inherit = "recovery.kind"

    #: A whole table: only where the message is HTML.
    _block = False
    #: What a word that is a number counts, by name in ``NOUNS``: the noun behind it agrees with the number.
    _nouns = ()

    @api.model
    def _value(self, content) -> str:
        """Return what the word stands for in a :class:`~.content.Content`, already in the debtor's language.

        It is escaped, unless it is Markup made by this addon.
        """
        raise NotImplementedError(self._name)

    @api.model
    def _thing(self, code):
        """Return the placeholder of ``code``.

        :raise UserError: an unknown one, or its addon was uninstalled: no message goes with braces in it
        """
        name = dict(self._thing_names()).get(code)
        if not name:
            raise UserError(
                self.env._("No installed addon knows what {%s} stands for: take it out of the words.", code)
            )
        return self.env[name]

    @api.model
    def _fill(self, text, content):
        """Return ``text`` with its placeholders replaced by ``content``'s values.

        HTML (Markup) in, HTML out with every value escaped; plain text in, plain text out. What only leads to a word
        that stands for nothing is left out with it.

        :raise UserError: an unknown name
        """
        is_html = isinstance(text, Markup)
        values = {name: self._thing(name)._value(content) for name in dict.fromkeys(names_used(text))}
        worded = left_out(str(text or ""), [name for name, found in values.items() if not found])
        for name, found in values.items():
            for noun in self._thing(name)._nouns if found else ():
                worded = agreed(content.env, worded, rf"\{{\s*{re.escape(name)}\s*\}}", noun, int(found))

        def value(match):
            found = values[match.group(1).strip()]
            return str(escape(found)) if is_html else str(found)

        filled = BRACES.sub(value, worded)
        return Markup(filled) if is_html else filled  # noqa: S704 the text is sanitized, the values are escaped


def names_used(text):
    """Return the names between braces in ``text``, known or not."""
    return [name.strip() for name in BRACES.findall(text or "")]
