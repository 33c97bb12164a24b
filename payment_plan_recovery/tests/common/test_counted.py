"""A count and its noun agree in every language, for none, one and many."""

from odoo.tests import TransactionCase, tagged

from ...models.common.counted import NOUNS, counted


@tagged("post_install", "-at_install")
class TestCounted(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.english, cls.french = (cls.env(context={"lang": lang}) for lang in ("en_US", "fr_FR"))

    def test_none_one_and_many(self):
        """English speaks of "0 debtors", French of "0 débiteur"; each has its own rule for what is not whole."""
        for number, said, dit in (
            (0, "0 debtors", "0 débiteur"),
            (1, "1 debtor", "1 débiteur"),
            (1.5, "1.5 debtors", "1,5 débiteur"),
            (2, "2 debtors", "2 débiteurs"),
        ):
            self.assertEqual(counted(self.english, "debtor", number), said)
            self.assertEqual(counted(self.french, "debtor", number), dit)

    def test_every_noun_has_its_two_forms(self):
        for noun in NOUNS:
            for env in (self.english, self.french):
                one, several = (counted(env, noun, number).partition(" ")[2] for number in (1, 2))
                same = noun == "month" and env == self.french  # un mois, deux mois
                self.assertEqual(several == one, same, (noun, env.lang))
