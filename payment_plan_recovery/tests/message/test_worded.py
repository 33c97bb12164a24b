"""Amounts of a page are worded as Odoo words them, whatever the language and the currency."""

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import formatLang

from ...models.message.worded import Worded

AMOUNTS = (0, -0.0, 0.004, 0.005, 0.125, 1, 12.5, 999.995, 1000, -1234.56, 1234567.891, 98765432.1, 1e12)


@tagged("post_install", "-at_install")
class TestWorded(TransactionCase):
    def test_amounts_are_worded_as_odoo_does(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        codes = ("EUR", "USD", "JPY", "TND", "CHF", "INR")
        chosen = currencies.search([("name", "in", codes)])
        self.assertEqual(set(chosen.mapped("decimal_places")), {0, 2, 3})
        self.assertEqual(set(chosen.mapped("position")), {"before", "after"})
        for code in ("en_US", "fr_FR", "de_CH", "hi_IN", "nl_NL"):
            self.env["res.lang"]._activate_lang(code)
            env = self.env(context={"lang": code})
            worded = Worded(env)
            for currency in chosen:
                for amount in AMOUNTS:
                    with self.subTest(lang=code, currency=currency.name, amount=amount):
                        expected = formatLang(env, amount, currency_obj=currency)
                        self.assertEqual(worded.amounts[amount, currency], expected)

    def test_a_currency_without_a_symbol(self):
        currency = self.env.ref("base.EUR")
        currency.symbol = " "
        worded = Worded(self.env)
        self.assertEqual(worded.amounts[5.0, currency], formatLang(self.env, 5.0, currency_obj=currency))
