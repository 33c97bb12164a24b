"""Amounts and days as a language writes them: a page says many, and says most of them more than once."""

from ast import literal_eval
from datetime import date
from functools import cache, cached_property

from babel import Locale, UnknownLocaleError
from babel.dates import parse_pattern
from odoo.addons.base.models.res_lang import intersperse
from odoo.tools import float_round
from odoo.tools.misc import (
    NON_BREAKING_SPACE,
    babel_locale_parse,
    format_date,
    formatLang,
    get_lang,
    posix_to_ldml,
)

from ..common.counted import counted


@cache
def writes_month_first(language, country):
    """Return whether dates in figures begin with the month where ``language`` is written in ``country`` (codes)."""
    try:
        return Locale(language, country).date_formats["short"].pattern.startswith("M")
    except UnknownLocaleError:  # it is not a language of that country
        return False


class Worded:
    """What is worded in the language of ``env``, when it is asked for first: ``amounts`` and ``days``."""

    def __init__(self, env):
        self._env = env
        self.amounts = WordedAmounts(env)
        self.days = WordedDays(env)
        self._named_days = WordedDays(env, "MMM d, y")

    def day(self, day, reader):
        """Return ``day`` for a partner; with the name of its month where its country would take the month for the day.

        Whoever is told in London to pay by 12/09/2026 pays in September.
        """
        country = reader.country_id.code if self._is_month_first else ""
        is_misread = country and not writes_month_first(self._language, country)
        return (self._named_days if is_misread else self.days)[day]

    @cached_property
    def _language(self):
        return babel_locale_parse(get_lang(self._env).code).language

    @cached_property
    def _is_month_first(self):
        return get_lang(self._env).date_format.startswith("%m")

    def length(self, days):
        """Return a number of ``days`` with its unit."""
        return counted(self._env, "day", days)


class WordedAmounts(dict):
    """{(amount, currency): text}, as Odoo's ``formatLang`` words it: how it does is looked up once a currency."""

    def __init__(self, env):
        super().__init__()
        self._env = env
        self._ways = {}

    def __missing__(self, asked):
        amount, currency = asked
        way = self._ways.get(currency)
        if not way:
            way = self._ways[currency] = self._way(currency)
        text = self[asked] = way(amount)
        return text

    def _way(self, currency):
        """Return the function that words amounts of ``currency``."""
        language = self._env["res.lang"]._get_data(id=get_lang(self._env).id)
        if not language:
            return lambda amount: formatLang(self._env, amount, currency_obj=currency)
        digits, space = currency.decimal_places, NON_BREAKING_SPACE
        groups, between, point = (
            literal_eval(language.grouping),
            language.thousands_sep,
            language.decimal_point,
        )
        symbol, is_after = currency.symbol or "", currency.position == "after"
        before = f"{symbol}{space}" if symbol and not is_after else ""
        after = f"{space}{symbol}" if symbol and is_after else ""

        def words(amount):
            rounded = float_round(amount, precision_digits=digits, rounding_method="HALF-EVEN")
            whole, *decimals = f"{rounded:.{digits}f}".split(".")
            return before + point.join([intersperse(whole, groups, between or "")[0], *decimals]) + after

        return words


class WordedDays(dict):
    """{day: text}, as Odoo's ``format_date`` words it: the way in which the language does is looked up once for all.

    Another ``pattern`` than the language's is one of CLDR.
    """

    def __init__(self, env, pattern=None):
        super().__init__()
        self._env = env
        self._pattern = pattern

    def __missing__(self, day):
        if type(day) is date:
            pattern, locale = self._way
            text = pattern.apply(day, locale)
        else:  # an instant has a time zone, too
            text = format_date(self._env, day, date_format=self._pattern or False)
        self[day] = text
        return text

    @cached_property
    def _way(self):
        lang = get_lang(self._env)
        locale = babel_locale_parse(lang.code)
        return parse_pattern(self._pattern or posix_to_ldml(lang.date_format, locale=locale)), locale
