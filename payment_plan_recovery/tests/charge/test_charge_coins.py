"""Currencies whose smallest coin is more than one of their last decimal: what is charged is paid in coins."""

from datetime import date
from random import Random

from odoo.tests import tagged

from .charge_told import ChargeTold

#: Name, smallest coin and rate to the euro of currencies, with how much an invoice is about.
CURRENCIES = (
    ("CHF", 0.05, 0.95, 300),
    ("JPY", 10, 130, 40_000),
    ("CLP", 1, 1000, 300_000),
    ("USD", 0.01, 1.1, 300),
)


@tagged("post_install", "-at_install")
class TestChargeCoins(ChargeTold):
    def test_a_currency_of_coins_is_charged_in_coins(self):
        """Else the invoice of the charges, which Odoo rounds to coins, would claim another sum than they say."""
        for name, rounding, amount, rate, expected in (
            ("CHF", 0.05, 1000, 0.95, (30.3, 38.0)),  # 30.29
            ("JPY", 10, 100000, 130, (3030, 5200)),  # 3,029.2
            ("CLP", 1, 1000, 1, (30, 40)),  # 30.29
            ("KWD", 0.001, 1000, 1, (30.292, 40)),
        ):
            with self.subTest(rounding=rounding):
                currency = self.setup_other_currency(name, rounding=rounding, rates=[("2000-01-01", rate)])
                move = self.invoice(amount, "2026-03-31", currency_id=currency.id)
                [found] = self.item(move)._recovery_charges(date(2026, 6, 30)).values()
                self.assertEqual((float(found.interest), float(found.fee)), expected)
                self.assertEqual(self.fees(move, "2026-06-30"), [expected[1]])
                [asked] = (
                    self.env["recovery.charge.engine"]
                    ._account(move.partner_id, self.company, date(2026, 6, 30))
                    .values()
                )
                self.assertAlmostEqual(asked, sum(expected))
                accrued = move.recovery_charge_ids
                self.assertAlmostEqual(sum(accrued.mapped("amount")), sum(expected))
                self.assertAlmostEqual(self.book(move, "2026-06-30").amount_total, sum(expected))

    def test_shares_of_one_sum_add_up_to_it_in_coins(self):
        """Of Dutch consumers: fifteen percent of the sum of the claims, not of each, and forty euros at least."""
        random = Random(1511)  # noqa: S311 amounts of a test
        for name, coin, rate, most in CURRENCIES:
            currency = self.setup_other_currency(name, rounding=coin, rates=[("2000-01-01", rate)])
            for count in (2, 3, 5, 7):
                debtor = self.debtor("nl", is_company=False)
                amounts = [currency.round(random.uniform(most / 20, most)) for _number in range(count)]
                moves = self.env["account.move"].union(
                    *(
                        self.invoice(amount, "2026-07-31", debtor, currency_id=currency.id)
                        for amount in amounts
                    )
                )
                self.tell(moves, "2026-09-01")
                with self.subTest(currency=name, amounts=amounts):
                    fees = self.fees(moves, "2026-10-01")
                    euros = self.euro.round(0.15 * self.euro.round(sum(amounts) / rate))  # as the law counts
                    expected = currency.round(max(euros, 40) * rate)
                    self.assertAlmostEqual(sum(fees), expected, 6)
                    for fee, amount in zip(fees, amounts, strict=True):
                        self.assertAlmostEqual(currency.round(fee), fee, 6)
                        self.assertLess(abs(fee - expected * amount / sum(amounts)), coin + 1e-6)
