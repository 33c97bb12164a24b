"""Every shipped rule prices an example: 1,000.01 due on 31 March 2025, 91 days in June and 92 more in September."""

from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ...tools.money import round_money
from .charge_common import ChargeCommon

#: Member states of the European Union; Norway, the United Kingdom and Switzerland beside them.
# fmt: off
COUNTRIES = (
    "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie", "it", "lt", "lu", "lv",
    "mt", "nl", "pl", "pt", "ro", "se", "si", "sk", "no", "uk", "ch",
)
# fmt: on
#: Of the European Central Bank, in the first and second half of 2025.
ECB = (3.15, 2.15)


def over(points, rates=ECB):
    return tuple(rate + points for rate in rates)


#: Rule → (rates in percent in the first and second half of 2025, fixed sum in its own currency).
EXPECTED = {
    "rule_fr_b2b": (over(10), 40),
    "rule_fr_b2c": ((3.71, 2.76), 0),
    "rule_be_b2b": ((11.5, 10.5), 40),
    "rule_be_b2c": ((11.5, 10.5), 90),
    "rule_de_b2b": (over(9, (2.27, 1.27)), 40),
    "rule_de_b2c": (over(5, (2.27, 1.27)), 0),
    "rule_nl_b2b": (over(8), 150),
    "rule_nl_b2c": ((6, 6), 150),
    "rule_uk": (over(8, (4.75, 4.75)), 70),
    "rule_ch": ((5, 5), 0),
    "rule_eu": (over(8), 40),
    "rule_at_b2b": (over(9.2, (2.53, 1.53)), 40),
    "rule_at_b2c": ((4, 4), 0),
    "rule_bg_b2b": (over(10, (2.95, 2.07)), 40),
    "rule_cy_b2b": (over(8), 40),
    "rule_cz_b2b": (over(8, (4, 4)), 1200),
    "rule_dk_b2b": (over(8, (2.75, 1.75)), 310),
    "rule_ee_b2b": (over(8), 40),
    "rule_es_b2b": (over(8), 40),
    "rule_fi_b2b": ((11.5, 10.5), 40),
    "rule_fi_b2c": ((10.5, 9.5), 0),
    "rule_gr_b2b": (over(8), 40),
    "rule_hr_b2b": (over(8), 40),
    "rule_hu_b2b": (over(8, (6.5, 6.5)), 40),
    "rule_ie_b2b": (over(8), 70),
    "rule_it_b2b": (over(8), 40),
    "rule_lt_b2b": (over(8), 40),
    "rule_lu_b2b": (over(8), 40),
    "rule_lv_b2b": (over(8), 40),
    "rule_mt_b2b": (over(8), 40),
    "rule_pl_b2b": (over(10, (5.75, 5.25)), 40),
    "rule_pt_b2b": (over(8), 40),
    "rule_pt_b2c": ((4, 4), 0),
    "rule_ro_b2b": (over(8, (6.5, 6.5)), 40),
    "rule_se_b2b": (over(8, (3, 2)), 450),
    "rule_se_b2c": (over(8, (3, 2)), 0),
    "rule_si_b2b": (over(8), 40),
    "rule_sk_b2b": (over(8), 40),
    "rule_no_b2b": (over(8, (4.5, 4.25)), 470),
    "rule_no_b2c": (over(8, (4.5, 4.25)), 0),
    "rule_no_charges": ((0, 0), 0),
}


@tagged("post_install", "-at_install")
class TestChargeCountries(ChargeCommon):
    def shipped(self):
        """{name: rule} of the shipped ones."""
        # sudo: copied as clauses, which takes who works in every company
        rules = self.env["recovery.interest.rule"].sudo().search([])
        names = rules.get_external_id()
        return {
            names[rule.id].split(".")[1]: rule
            for rule in rules
            if names[rule.id].startswith("payment_plan_recovery.")
        }

    def test_every_shipped_rule_prices_its_example(self):
        rules = self.shipped()
        self.assertEqual(set(rules), set(EXPECTED))
        for name, rule in rules.items():
            with self.subTest(rule=name):
                self._price(rule, *EXPECTED[name])

    def _price(self, rule, rates, fee):
        currency = rule.fee_id.currency_id or self.euro
        currency.active = True
        debtor = self.debtor(
            is_company=rule.scope != "b2c", country_id=rule.country_ids[:1].id or self.env.ref("base.fr").id
        )
        # a clause of the invoice, so that the rule prices whichever comes before it
        move = self.invoice(1000.01, "2025-03-31", debtor, currency_id=currency.id)
        clause = rule.copy({"is_contract": True})
        move.write({"recovery_interest_rule_id": clause.id, "recovery_notice_date": "2025-03-31"})
        first, second = (Decimal(str(rate)) / 36500 for rate in rates)
        for day, interest in ((date(2025, 6, 30), 91 * first), (date(2025, 9, 30), 91 * first + 92 * second)):
            [found] = self.item(move)._recovery_charges(day).values()
            self.assertFalse(found.problem)
            self.assertEqual(
                found.interest, round_money(Decimal("1000.01") * interest, currency.decimal_places)
            )
            self.assertEqual(found.fee, fee)

    def test_every_country_has_a_rule_for_companies(self):
        choice = self.env["recovery.interest.rule"]._choice(self.company)
        without = [code for code in COUNTRIES if not choice.get((self.env.ref(f"base.{code}").id, True))]
        self.assertFalse(without)

    def test_a_country_s_own_rule_comes_before_the_directive(self):
        choice = self.env["recovery.interest.rule"]._choice(self.company)
        for code in ("at", "fi", "ie"):
            rule = choice[self.env.ref(f"base.{code}").id, True]
            self.assertEqual(rule, self.env.ref(f"payment_plan_recovery.rule_{code}_b2b"))

    def test_a_rule_says_when_it_was_checked_or_that_it_is_to_be(self):
        for name, rule in self.shipped().items():
            if not rule.is_contract:
                self.assertNotEqual(bool(rule.checked_on), rule.to_verify, name)
                self.assertTrue(rule.legal_source, name)

    def test_a_fixed_sum_says_where_it_is_from_and_when_it_was_checked_or_that_it_is_to_be(self):
        for fee in self.env["recovery.collection.fee"].search([]):
            self.assertTrue(fee.legal_source, fee.name)
            self.assertNotEqual(bool(fee.checked_on), fee.to_verify, fee.name)

    def test_a_rate_says_where_it_is_from_and_when_it_was_checked_or_that_it_is_to_be(self):
        for rate in self.env["recovery.interest.rate"].search([]):
            self.assertTrue(rate.source)
            self.assertNotEqual(bool(rate.checked_on), rate.to_verify, rate.display_name)
