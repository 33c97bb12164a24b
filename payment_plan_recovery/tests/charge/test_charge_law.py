"""The shipped rules on real invoices: the worked examples of the law, who owes what, from when."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .charge_told import ChargeTold


@tagged("post_install", "-at_install")
class TestChargeLaw(ChargeTold):
    def test_france_paid_after_the_rate_changed(self):
        move = self.invoice(1200, "2025-03-31")
        self.assertEqual(self.charge(move, "2025-09-15"), ("70.10", "40.00"))

    def test_france_across_a_leap_year(self):
        move = self.invoice(5000, "2023-12-31")
        self.assertEqual(self.charge(move, "2024-07-31"), ("422.02", "40.00"))

    def test_belgium_rounded_up_to_half_a_point(self):
        move = self.invoice(2500, "2024-11-15", self.debtor("be"))
        self.assertEqual(self.charge(move, "2025-08-10"), ("211.44", "40.00"))

    def test_germany_company_and_consumer(self):
        for is_company, expected in ((True, ("200.22", "40.00")), (False, ("101.59", "0.00"))):
            move = self.invoice(10000, "2021-03-31", self.debtor("de", is_company=is_company))
            self.assertEqual(self.charge(move, "2021-06-29"), expected)

    def test_netherlands_compounds_and_charges_percentages(self):
        move = self.invoice(10000, "2022-06-30", self.debtor("nl"))
        self.assertEqual(self.charge(move, "2025-06-30"), ("3701.31", "875.00"))

    def test_united_kingdom_locked_rate_and_tiers_in_pounds(self):
        pound = self.env.ref("base.GBP")
        pound.active = True
        move = self.invoice(10000, "2025-12-31", self.debtor("uk"), currency_id=pound.id)
        self.assertEqual(self.charge(move, "2026-03-01"), ("193.15", "100.00"))

    def test_switzerland(self):
        move = self.invoice(1000, "2025-01-31", self.debtor("ch"))
        self.assertEqual(self.charge(move, "2025-04-14"), ("10.00", "0.00"))

    def test_a_due_date_on_a_day_off_by_country(self):
        """PL Civil Code 115 and CH CO 78 with SR 173.110.3: on Monday it is in time, on Tuesday a day late."""
        for country, monday, tuesday in (
            ("ch", "0.00", "1.37"),  # 5 %
            ("pl", "0.00", "4.32"),  # 15.75 % in the first half of 2025
            ("it", "5.56", "8.34"),  # 10.15 % in the second half: a day is a day, two and three of them
        ):
            due, paid = ("2025-06-07", ("2025-06-09", "2025-06-10"))
            if country == "it":
                due, paid = ("2025-07-05", ("2025-07-07", "2025-07-08"))
            for day, interest in zip(paid, (monday, tuesday), strict=True):
                with self.subTest(country=country, day=day):
                    move = self.invoice(10000, due, self.debtor(country))
                    self.pay(move, 10000, day)
                    self.assertEqual(self.charge(move, "2025-12-31")[0], interest)

    def test_last_days_by_country(self):
        moving = {
            code
            for code in ("at", "ch", "de", "fr", "it", "pl")
            if self.env.ref(f"base.{code}").recovery_next_working_day
        }
        self.assertEqual(moving, {"at", "ch", "de", "pl"})

    def test_euro_area_by_directive(self):
        move = self.invoice(365, "2024-12-01", self.debtor("es"))
        self.assertEqual(self.charge(move, "2025-01-31"), ("7.13", "40.00"))

    def test_nothing_on_the_due_date_and_the_fixed_sum_on_the_next_day(self):
        move = self.invoice(1200, "2025-03-31")
        self.assertEqual(self.charge(move, "2025-03-31"), ("0.00", "0.00"))
        self.assertEqual(self.charge(move, "2025-04-01"), ("0.43", "40.00"))

    def test_no_fixed_sum_for_a_claim_due_before_it_was_law(self):
        for country, before, since in (
            ("fr", "2012-12-31", "2013-01-01"),
            ("es", "2013-02-23", "2013-02-24"),
            ("de", "2014-07-28", "2014-07-29"),
            ("be", "2013-03-15", "2013-03-16"),
            ("it", "2012-12-31", "2013-01-01"),
        ):
            debtor = self.debtor(country)
            fees = [self.charge(self.invoice(1000, due, debtor), "2015-01-31")[1] for due in (before, since)]
            self.assertEqual(fees, ["0.00", "40.00"], country)

    def test_days_about_a_change_of_the_rate_and_a_leap_day(self):
        for due, until, interest in (
            ("2024-02-28", "2024-03-01", "0.79"),  # 2 days at 14.50 %
            ("2025-06-30", "2025-07-01", "0.33"),  # 1 day at 12.15 %
            ("2025-06-29", "2025-07-01", "0.69"),  # 1 day at 13.15 % + 1 day at 12.15 %
        ):
            self.assertEqual(self.charge(self.invoice(1000, due), until), (interest, "40.00"), due)

    def test_three_changes_of_the_rate_within_a_delay(self):
        """184 days at 14.25 %, 181 at 13.15 %, 1 at 12.15 %; a day less, and it has not changed yet."""
        for until, interest in (
            ("2024-12-31", "71.84"),
            ("2025-01-01", "72.20"),
            ("2025-06-30", "137.05"),
            ("2025-07-01", "137.38"),
        ):
            self.assertEqual(self.charge(self.invoice(1000, "2024-06-30"), until), (interest, "40.00"), until)

    def test_a_change_of_the_rate_on_the_due_date_and_on_the_day_of_payment(self):
        """Due when it changes, the new rate is that of every day; paid when it changes, that day bears it once more."""
        for due, until, interest in (
            ("2025-07-01", "2025-07-02", "0.33"),  # 1 day at 12.15 %
            ("2024-12-31", "2025-01-01", "0.36"),  # 1 day at 13.15 %
            ("2024-12-30", "2024-12-31", "0.39"),  # 1 day at 14.25 %
        ):
            self.assertEqual(self.charge(self.invoice(1000, due), until), (interest, "40.00"), due)
        for day, interest in (
            ("2024-12-31", "71.84"),  # 184 days at 14.25 %
            ("2025-01-01", "72.20"),  # and one at 13.15 %
        ):
            move = self.invoice(1000, "2024-06-30")
            self.pay(move, 1000, day)
            self.assertEqual(self.charge(move, "2025-09-15"), (interest, "40.00"), day)

    def test_a_part_paid_on_the_day_of_a_change(self):
        """400 on 1 January: 72.20 of interest first, then principal; 672.20 bear 180 days at 13.15 %, 1 at 12.15 %."""
        move = self.invoice(1000, "2024-06-30")
        self.pay(move, 400, "2025-01-01")
        self.assertEqual(self.charge(move, "2025-07-01"), ("116.01", "40.00"))

    def test_what_came_on_another_receivable_account_counts_from_its_day(self):
        other = self.env["account.account"].create(
            {"name": "Doubtful", "code": "416778", "account_type": "asset_receivable"}
        )
        for day, told in (("2025-03-31", ("0.00", "0.00")), ("2025-04-01", ("0.43", "40.00"))):
            debtor = self.debtor()
            move = self.invoice(1200, "2025-03-31", debtor)
            money = self.money(debtor, 1200, day)
            self.assertEqual(self.charge(move, "2025-09-15"), told)
            money.move_id.button_draft()
            money.account_id = other
            money.move_id.action_post()
            self.assertEqual(self.charge(move, "2025-09-15"), told)

    def test_money_moved_from_a_wrong_customer(self):
        debtor, other = self.debtor(), self.debtor()
        move, money = self.invoice(1000, "2025-03-31", debtor), self.money(other, 1000, "2025-03-31")
        self.assertEqual(self.charge(move, "2025-06-30")[1], "40.00")
        money.move_id.button_draft()
        money.partner_id = debtor
        money.move_id.action_post()
        self.assertEqual(self.charge(move, "2025-06-30"), ("0.00", "0.00"))

    def test_a_trifle_that_a_payment_in_time_left_bears_no_fixed_sum(self):
        rule = self.env.ref("payment_plan_recovery.rule_fr_b2b")
        for paid, on, least, fee in (
            (999.99, "2025-03-31", 1, "0.00"),
            (999.01, "2025-03-31", 1, "0.00"),
            (999, "2025-03-31", 1, "40.00"),
            (999.99, "2025-04-01", 1, "40.00"),  # a day late
            (999.99, "2025-03-31", 0, "40.00"),
        ):
            rule.fee_rest_min = least
            move = self.invoice(1000, "2025-03-31")
            self.pay(move, paid, on)
            self.assertEqual(self.charge(move, "2025-09-15")[1], fee, (paid, on, least))

    def test_a_small_invoice_bears_it_all_the_same(self):
        self.assertEqual(self.charge(self.invoice(0.99, "2025-03-31"), "2025-09-15")[1], "40.00")

    def test_a_trifle_is_one_in_the_currency_of_the_fixed_sum(self):
        currency = self.env["res.currency"].create(
            {"name": "XQQ", "symbol": "q", "rate_ids": [Command.create({"name": "2025-01-01", "rate": 2.5})]}
        )
        for left, fee in ((2.49, "0.00"), (2.5, "100.00")):
            move = self.invoice(1000, "2025-03-31", currency_id=currency.id)
            self.pay(move, 1000 - left, "2025-03-31")
            self.assertEqual(self.charge(move, "2025-09-15")[1], fee)

    def test_a_fixed_sum_accrues_from_the_day_it_is_law(self):
        self.env.ref("payment_plan_recovery.rule_fr_b2b").fee_since = "2025-03-31"
        before, since = self.invoice(1200, "2025-03-30"), self.invoice(1200, "2025-03-31")
        self.accrue(before | since, "2025-09-15")
        self.assertEqual(before.recovery_charge_ids.mapped("kind"), ["interest"])
        self.assertEqual(sorted(since.recovery_charge_ids.mapped("kind")), ["fixed_sum", "interest"])

    def test_no_rule_for_the_country_no_charges(self):
        move = self.invoice(1200, "2025-03-31", self.debtor("us"))
        self.assertEqual(self.charge(move, "2025-09-15"), ("0", "0.00"))

    def test_french_consumer_owes_from_the_formal_notice(self):
        move = self.invoice(1000, "2025-03-15", self.debtor(is_company=False))
        self.assertEqual(self.charge(move, "2025-08-31"), ("0.00", "0.00"))
        move.recovery_notice_date = "2025-05-31"
        self.assertEqual(self.charge(move, "2025-05-31"), ("0.00", "0.00"))
        self.assertEqual(self.charge(move, "2025-08-31"), ("7.74", "0.00"))

    def test_french_judgment_adds_five_points_after_two_months(self):
        move = self.invoice(1000, "2025-03-15", self.debtor(is_company=False))
        move.recovery_notice_date = "2025-05-31"
        before = self.charge(move, "2025-12-31")
        move.recovery_judgment_date = "2025-09-30"
        self.assertEqual(self.charge(move, "2025-11-30"), ("14.62", "0.00"))  # 30 x 3.71 + 153 x 2.76
        self.assertEqual(self.charge(move, "2025-12-31"), ("21.21", "0.00"))  # + 31 x 7.76
        self.assertEqual(before, ("16.96", "0.00"))  # 30 x 3.71 + 184 x 2.76
        self.charges._renew(self.company, date(2025, 12, 31))
        self.assertEqual(move.recovery_charge_ids.amount, 21.21)

    def test_a_judgment_is_a_formal_notice_at_the_latest(self):
        """Nobody noted one: who was ordered to pay owes interest since that day at the latest (C. civ. 1231-7)."""
        move = self.invoice(1000, "2025-03-15", self.debtor(is_company=False))
        move.recovery_judgment_date = "2025-09-30"
        self.assertEqual(self.charge(move, "2025-09-30"), ("0.00", "0.00"))
        self.assertEqual(self.charge(move, "2025-12-31"), ("11.20", "0.00"))  # 61 x 2.76 + 31 x 7.76
        self.charges._renew(self.company, date(2025, 12, 31))
        self.assertEqual(move.recovery_charge_ids.amount, 11.20)
        move.recovery_notice_date = "2025-10-31"
        self.assertEqual(self.charge(move, "2025-12-31")[0], "11.20", "a later notice takes nothing away")

    def test_a_judgment_is_no_notice_of_collection_costs(self):
        """NL BW 6:96 (6): a consumer owes them fourteen days after a letter that names them."""
        move = self.invoice(1000, "2025-03-15", self.debtor("nl", is_company=False))
        move.recovery_judgment_date = "2025-09-30"
        self.assertEqual(self.charge(move, "2025-12-31")[1], "0.00")

    def test_a_judgment_changes_nothing_between_companies(self):
        move = self.invoice(1200, "2025-03-31")
        move.recovery_judgment_date = "2025-04-01"
        self.assertEqual(self.charge(move, "2025-09-15"), ("70.10", "40.00"))

    def test_belgian_consumer_has_fourteen_days_after_the_first_reminder(self):
        move = self.invoice(400, "2025-01-15", self.debtor("be", is_company=False))
        notice = self.tell(move, "2025-02-10", kind="reminder")
        self.assertEqual(self.charge(move, "2025-02-24"), ("0.00", "0.00"))
        # 15 days at 11.5 %: 400 x 172.5 / 36,500
        self.assertEqual(self.charge(move, "2025-02-25"), ("1.89", "55.00"))
        notice.channel = "letter"
        self.assertEqual(self.charge(move, "2025-03-03"), ("0.00", "0.00"))
        self.assertNotEqual(self.charge(move, "2025-03-04"), ("0.00", "0.00"))
        notice.state = "failed"
        self.assertEqual(self.charge(move, "2025-03-12"), ("0.00", "0.00"))

    def test_paid_in_full_interest_stops(self):
        move = self.invoice(1200, "2025-03-31")
        self.pay(move, 1200, "2025-09-15")
        self.assertEqual(self.charge(move, "2025-09-15"), ("70.10", "40.00"))
        self.assertEqual(self.charge(move, "2026-03-31"), ("70.10", "40.00"))

    def test_paid_on_the_due_date_nothing_is_owed(self):
        move = self.invoice(1200, "2025-03-31")
        self.pay(move, 1200, "2025-03-31")
        self.assertEqual(self.charge(move, "2026-03-31"), ("0.00", "0.00"))

    def test_a_credited_part_was_never_owed(self):
        move = self.invoice(1200, "2025-03-31")
        refund = move._reverse_moves([{"invoice_date": "2025-06-30", "date": "2025-06-30"}], cancel=True)
        self.assertEqual(refund.state, "posted")
        self.assertEqual(self.charge(move, "2025-09-15"), ("0.00", "0.00"))

    def test_one_fixed_sum_for_an_invoice_of_two_due_dates(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        move = self.invoice(2000, "2025-03-31", invoice_payment_term_id=terms.id)
        first, second = self.item(move).sorted("date_maturity")
        both = (first | second)._recovery_charges(date(2025, 9, 15))
        self.assertEqual([both[first.id].fee, both[second.id].fee], [40, 0])
        # asked for alone, the second is no first late item either
        self.assertEqual(second._recovery_charges(date(2025, 9, 15))[second.id].fee, 0)

    def test_contract_clause_on_the_payment_term_and_on_the_invoice(self):
        clause = self._clause(fixed_rate=15)
        terms = self.env["account.payment.term"].create(
            {"name": "Clause", "recovery_interest_rule_id": clause.id}
        )
        terms.line_ids.nb_days = 0
        move = self.invoice(3650, "2025-03-31", invoice_payment_term_id=terms.id)
        self.assertEqual(self.charge(move, "2025-04-10"), ("15.00", "0.00"))
        move.recovery_interest_rule_id = self.env.ref("payment_plan_recovery.rule_no_charges")
        self.assertEqual(self.charge(move, "2025-04-10"), ("0.00", "0.00"))

    def _clause(self, **values):
        law = self.env.ref("payment_plan_recovery.rule_fr_b2b")
        return self.env["recovery.interest.rule"].create(
            {"name": "Clause", "is_contract": True, "rate_mode": "fixed", "legal_rule_id": law.id, **values}
        )

    def test_a_contract_rate_below_the_legal_minimum_is_a_warning(self):
        # three times 2.76 is 8.28
        self.assertIn("8.27", self._clause(fixed_rate=8.27)._minimum_warning(date(2025, 9, 1)))
        self.assertFalse(self._clause(fixed_rate=8.28)._minimum_warning(date(2025, 9, 1)))

    def test_past_the_last_known_rate_it_says_so(self):
        move = self.invoice(
            1000, "2026-06-16", self.debtor(is_company=False), recovery_notice_date="2026-06-16"
        )
        known = move.recovery_charges("2026-06-30")["items"][0]
        extrapolated = move.recovery_charges("2026-07-01")["items"][0]
        self.assertEqual((known["rate_extrapolated"], extrapolated["rate_extrapolated"]), (False, True))

    def test_constant_number_of_queries(self):
        debtor = self.debtor()
        moves = self.env["account.move"].union(
            *(self.invoice(100 + n, "2025-03-31", debtor) for n in range(6))
        )
        items = moves._recovery_receivable_items()
        items[:1]._recovery_charges(date(2025, 9, 15))
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        items[:2]._recovery_charges(date(2025, 9, 15))
        two = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        items._recovery_charges(date(2025, 9, 15))
        self.assertEqual(self.env.cr.sql_log_count - before, two)
