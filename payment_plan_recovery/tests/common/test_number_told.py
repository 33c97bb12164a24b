"""Numbers in sentences are written as their language writes them, with the decimals that they have."""

from decimal import Decimal

from odoo.tests import TransactionCase, tagged

from ...models.common.number_told import number_told


@tagged("post_install", "-at_install")
class TestNumberTold(TransactionCase):
    def told(self, number, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        return (
            number_told(self.env(context={"lang": lang}), number).replace("\u202f", " ").replace("\xa0", " ")
        )

    def test_as_the_language_writes_it(self):
        for number, english, french in (
            (1.3, "1.3", "1,3"),
            (Decimal("-5.00"), "-5", "-5"),
            (0, "0", "0"),
            (0.1 + 0.2, "0.3", "0,3"),
            (12.3456, "12.3456", "12,3456"),
            (Decimal("1E+3"), "1,000", "1 000"),
            (2500000.5, "2,500,000.5", "2 500 000,5"),
        ):
            with self.subTest(number):
                self.assertEqual((self.told(number), self.told(number, "fr_FR")), (english, french))

    def test_bounds_of_a_check_are_in_its_company_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        band = self.env["recovery.scorecard.band"].new(
            {"has_lower": True, "lower": 1.3, "has_upper": True, "upper": 2}
        )
        self.assertEqual(band.with_context(lang="fr_FR").display_name, "1,3 ≤ … < 2")
        self.assertEqual(band.with_context(lang="en_US").display_name, "1.3 ≤ … < 2")
