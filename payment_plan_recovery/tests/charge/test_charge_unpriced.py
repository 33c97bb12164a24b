"""What cannot be priced is said, on the paper and to a person, and keeps nothing else from being priced."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.charge.notice import statement
from .charge_common import ChargeCommon


@tagged("post_install", "-at_install")
class TestChargeUnpriced(ChargeCommon):
    @mute_logger("odoo.addons.payment_plan_recovery.models.charge.renewal")
    def renew(self, day="2026-09-30"):
        with freeze_time(f"{day} 12:00:00"):
            self.charges._renew_today(self.company, self.company._recovery_today())

    def requests(self, rule):
        return rule.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == self.env.ref("payment_plan_recovery.activity_charge_rule")
            )
        )

    # Before the first rate -----------------------------------------------------------------------

    def test_an_invoice_from_before_the_first_rate_is_said_to_a_person(self):
        old, rule = self.invoice(1000, "2013-04-30"), self.env.ref("payment_plan_recovery.rule_fr_b2b")
        self.renew()
        request = self.requests(rule)
        self.assertIn(old.name, request.note)
        self.assertIn("No rate is known", request.note)
        self.renew("2026-10-01")
        self.assertEqual(self.requests(rule), request, "asked once")
        self.pay(old, 1000, "2013-04-30")
        self.renew("2026-10-02")
        self.assertFalse(self.requests(rule), "settled, nobody needs to know the rate any more")

    def test_and_on_the_paper(self):
        old = self.invoice(1000, "2013-04-30")
        level = self.env.ref("payment_plan_recovery.level_standard_formal")
        shared = {"company_id": self.company.id, "partner_id": old.partner_id.id, "level_id": level.id}
        notice = (
            self.env["recovery.notice"]
            .sudo()
            .create({**shared, "date": "2026-09-30", "channel": "letter", "state": "approved"})
        )
        self.env["recovery.notice.line"].sudo().create(
            {
                "level_id": level.id,
                "notice_id": notice.id,
                "move_line_id": self.item(old).id,
                "amount_residual": 1000,
                "date_due": "2013-04-30",
            }
        )
        reserved, fee = notice._contents()[notice.id].charges
        self.assertEqual((reserved.reserved, reserved.amount, fee.amount), (True, 0, 40))
        self.assertIn(old.name, reserved.label)

    def test_due_the_day_before_the_first_rate_it_is_priced(self):
        first = self.env.ref("payment_plan_recovery.reference_ecb_mro").rate_ids.sorted("date_from")[0]
        self.assertEqual(first.date_from, date(2019, 7, 1))
        for due, problem in (("2019-06-30", False), ("2019-06-29", True)):
            move = self.invoice(1000, due)
            [found] = self.item(move)._recovery_charges(date(2019, 7, 31)).values()
            self.assertEqual(bool(found.problem), problem)

    # No exchange rate ----------------------------------------------------------------------------

    def in_currency(self, currency, due="2025-03-31"):
        return self.invoice(1000, due, currency_id=currency.id)

    def test_a_fixed_sum_without_an_exchange_rate_is_not_taken_for_one_to_one(self):
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "q"})
        move, rule = self.in_currency(currency), self.env.ref("payment_plan_recovery.rule_fr_b2b")
        [found] = self.item(move)._recovery_charges(date(2025, 9, 15)).values()
        self.assertEqual((found.fee, found.interest > 0, found.problem), (0, True, ""))
        self.assertIn("XQQ", found.fee_problem)
        self.assertIn("XQQ", move.recovery_charges("2025-09-15")["items"][0]["problem"])
        self.renew()
        self.assertEqual(move.recovery_charge_ids.mapped("kind"), ["interest"])
        self.assertIn("XQQ", self.requests(rule).note)
        self.assertIn(move.name, self.requests(rule).note)

        currency.rate_ids = [(0, 0, {"name": "2025-01-01", "rate": 2.5})]
        self.renew("2026-10-01")
        fee = move.recovery_charge_ids.filtered(lambda charge: charge.kind == "fixed_sum")
        self.assertEqual(fee.amount, 100)
        self.assertFalse(self.requests(rule), "the rate is known")

    def test_it_is_said_on_the_paper_too(self):
        currency = self.env["res.currency"].create({"name": "XQQ", "symbol": "q"})
        found = self.item(self.in_currency(currency))._recovery_charges(date(2025, 9, 15))
        [charges] = found.values()
        content = SimpleNamespace(env=self.env, day=str)
        lines = list(statement(charges, content, "INV/1", currency))
        self.assertEqual(
            [(line.reserved, line.amount) for line in lines if "fixed" in line.label], [(True, 0)]
        )

    def test_what_was_booked_is_not_too_much_while_the_rate_is_gone(self):
        currency = self.env["res.currency"].create(
            {"name": "XQQ", "symbol": "q", "rate_ids": [(0, 0, {"name": "2025-01-01", "rate": 2.5})]}
        )
        move = self.in_currency(currency)
        self.book(move, "2025-09-15")
        currency.rate_ids.unlink()
        self.renew("2025-09-16")
        self.assertFalse(any(move.recovery_charge_ids.mapped("excess")))
        [found] = self.item(move)._recovery_charges(date(2025, 9, 16)).values()
        self.assertEqual(found.excess, 0)

    def test_a_currency_that_the_rates_count_from_needs_none(self):
        """The company keeps its books in a currency with rates; the fixed sum's is what they count from."""
        currency = self.env["res.currency"].create(
            {"name": "XQQ", "symbol": "q", "rate_ids": [(0, 0, {"name": "2025-01-01", "rate": 2.5})]}
        )
        self.euro.rate_ids.unlink()
        rates = {(currency.id, 0): [(date(2025, 1, 1), Decimal("2.5"))]}
        engine, company = self.env["recovery.charge.engine"], self.company
        pair = (currency.id, self.euro.id)
        known = defaultdict(list, rates)
        self.assertEqual(engine._rates_on(known, company, pair, date(2025, 3, 31)), [Decimal("2.5"), 1])
        self.assertEqual(engine._rates_on(defaultdict(list), company, pair, date(2025, 3, 31)), [None, 1])
        abroad = self.env["res.company"].new({"currency_id": currency.id})
        self.assertEqual(engine._rates_on(known, abroad, pair, date(2025, 3, 31)), [Decimal("2.5"), 1])

    def test_due_on_no_day(self):
        found = self.env["recovery.charge.engine"]._rates_on(
            defaultdict(list), self.company, (self.euro.id,), None
        )
        self.assertEqual(found, [1])

    # Rates that are gone --------------------------------------------------------------------------

    def test_rates_of_a_table_in_use_stay(self):
        table = self.env.ref("payment_plan_recovery.reference_ecb_mro").sudo()
        for rates in (table.rate_ids, table.rate_ids.sorted("date_from")[-1]):
            with self.assertRaisesRegex(UserError, "France, companies"), self.env.cr.savepoint():
                rates.unlink()
        with self.assertRaisesRegex(UserError, "France, companies"), self.env.cr.savepoint():
            table.rate_ids = [(5, 0, 0)]

    def test_rates_of_a_table_nobody_uses_go(self):
        table = self.env["recovery.interest.reference"].create(
            {
                "name": "Unused",
                "source": "Gazette",
                "rate_ids": [(0, 0, {"date_from": "2025-01-01", "rate": 2})],
            }
        )
        table.rate_ids.unlink()
        self.assertFalse(table.rate_ids)

    def test_were_they_gone_only_that_rule_prices_nothing_and_somebody_is_asked(self):
        french, german = self.invoice(1200, "2025-03-31"), self.invoice(1200, "2025-03-31", self.debtor("de"))
        rule = self.env.ref("payment_plan_recovery.rule_fr_b2b")
        self.env.cr.execute(
            "DELETE FROM recovery_interest_rate WHERE reference_id = %s", [rule.reference_id.id]
        )
        self.env.invalidate_all()
        self.renew()
        self.assertFalse(french.recovery_charge_ids)
        self.assertEqual(len(german.recovery_charge_ids), 2)
        request = self.requests(rule)
        self.assertEqual(request.user_id, rule.reference_id.user_id)
        self.assertIn(french.name, request.note)
        self.assertIn("France, companies", request.note)
        [found] = self.item(french)._recovery_charges(date(2026, 9, 30)).values()
        self.assertEqual((found.total, bool(found.problem)), (0, True))
        [on_time] = self.item(french)._recovery_charges(date(2025, 3, 31)).values()
        self.assertFalse(on_time.problem)
