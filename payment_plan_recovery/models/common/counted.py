"""A count with its noun, as a language puts them together: "1 debtor" and "2 debtors", but "0 débiteur" in French."""

import re

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
    "instalment": (_lt("%s instalment"), _lt("%s instalments")),
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
    text = env._(_agreeing(env, noun, number))
    return text % number_told(env, number)


def agreed(env, text, said, noun, number):
    """Return ``text`` where the noun of ``said`` agrees with its number: "{days_late} days" says "day" where it is 1.

    :param said: what stands in ``text`` for the number, as a pattern
    :param noun: its name in ``NOUNS``; text whose language writes it otherwise stays as it is
    """
    several, agreeing = (
        env._(form).partition("%s")[2].strip() for form in (NOUNS[noun][1], _agreeing(env, noun, number))
    )
    if not several or several == agreeing:
        return text
    return re.sub(rf"({said}(?:\s|&nbsp;)+){re.escape(several)}\b", lambda found: found[1] + agreeing, text)


def _agreeing(env, noun, number):
    one, several = NOUNS[noun]
    return one if babel_locale_parse(env.lang or "en_US").plural_form(number) == "one" else several
