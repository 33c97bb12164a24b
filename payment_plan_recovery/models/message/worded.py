"""Amounts and days as a language writes them: a page says many, and says most of them more than once."""

from datetime import date
from functools import cached_property

from babel.dates import parse_pattern
from odoo.tools.misc import babel_locale_parse, format_date, formatLang, get_lang, posix_to_ldml


class Worded:
    """What is worded in the language of ``env``, when it is asked for first: ``amounts`` and ``days``."""

    def __init__(self, env):
        self.amounts = WordedAmounts(env)
        self.days = WordedDays(env)


class WordedAmounts(dict):
    """{(amount, currency): text}."""

    def __init__(self, env):
        super().__init__()
        self._env = env

    def __missing__(self, asked):
        amount, currency = asked
        text = self[asked] = formatLang(self._env, amount, currency_obj=currency)
        return text


class WordedDays(dict):
    """{day: text}, as Odoo's ``format_date`` words it: the way in which the language does is looked up once for all."""

    def __init__(self, env):
        super().__init__()
        self._env = env

    def __missing__(self, day):
        if type(day) is date:
            pattern, locale = self._way
            text = pattern.apply(day, locale)
        else:  # an instant has a time zone, too
            text = format_date(self._env, day)
        self[day] = text
        return text

    @cached_property
    def _way(self):
        lang = get_lang(self._env)
        locale = babel_locale_parse(lang.code)
        return parse_pattern(posix_to_ldml(lang.date_format, locale=locale)), locale
