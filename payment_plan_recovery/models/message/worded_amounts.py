"""Amounts as a language writes them: most of those of a page are said more than once."""

from odoo.tools.misc import formatLang


class WordedAmounts(dict):
    """{(amount, currency): text} in the language of ``env``, each worded when it is asked for first."""

    def __init__(self, env):
        super().__init__()
        self._env = env

    def __missing__(self, asked):
        amount, currency = asked
        text = self[asked] = formatLang(self._env, amount, currency_obj=currency)
        return text
