"""A count with its noun, as a language puts them together: "1 debtor" and "2 debtors", but "0 débiteur" in French."""

from odoo.tools.misc import babel_locale_parse
from odoo.tools.translate import LazyTranslate

from .number_told import number_told

_lt = LazyTranslate(__name__)

#: How one of a thing is told, and how several are; which of the two a number takes, the language says.
NOUNS = {
    "claim": (_lt("%s claim"), _lt("%s claims")),
    "closed_case": (_lt("%s closed case"), _lt("%s closed cases")),
    "day": (_lt("%s day"), _lt("%s days")),
    "debtor": (_lt("%s debtor"), _lt("%s debtors")),
    "invoice": (_lt("%s invoice"), _lt("%s invoices")),
    "item": (_lt("%s journal item"), _lt("%s journal items")),
    "level": (_lt("%s level"), _lt("%s levels")),
    "limit": (_lt("%s credit limit"), _lt("%s credit limits")),
    "line": (_lt("%s line"), _lt("%s lines")),
    "month": (_lt("%s month"), _lt("%s months")),
    "notice": (_lt("%s notice"), _lt("%s notices")),
    "payment": (_lt("%s payment"), _lt("%s payments")),
    "plan": (_lt("%s plan"), _lt("%s plans")),
    "record": (_lt("%s record"), _lt("%s records")),
    "reminder": (_lt("%s reminder"), _lt("%s reminders")),
}


def counted(env, noun, number):
    """Return ``number``, 0 or more, of the things called ``noun`` in ``NOUNS``, in the language of ``env``."""
    one, several = NOUNS[noun]
    is_one = babel_locale_parse(env.lang or "en_US").plural_form(number) == "one"
    return env._(one if is_one else several) % number_told(env, number)
