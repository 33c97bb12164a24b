"""Amounts and days as a language writes them: most of those of a page, or of a batch, are said more than once."""

from odoo.tools.misc import format_date, formatLang


class WordedAmounts(dict):
    """{(amount, currency): text} in the language of ``env``, each worded when it is asked for first; days too."""

    def __init__(self, env):
        super().__init__()
        self._env, self._days = env, {}

    def __missing__(self, asked):
        amount, currency = asked
        text = self[asked] = formatLang(self._env, amount, currency_obj=currency)
        return text

    def day(self, day):
        """Return ``day`` as the language writes it."""
        if day not in self._days:
            self._days[day] = format_date(self._env, day)
        return self._days[day]
