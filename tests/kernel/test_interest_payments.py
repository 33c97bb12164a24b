"""Interest with part payments, in every currency; who is spared, and what is refused.

Amounts are worked out by hand as in ``test_interest``.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import partial

import pytest
from law_figures import DE_B2C, DE_BASE, DIRECTIVE, ECB_MRO, FR_B2B
from refusals import refuses
from tools.interest import interest
from tools.rates import InterestRule, RateTable

consumer = partial(interest, is_company=False)


def total(*args, **kwargs):
    return str(interest(*args, **kwargs).total)


class TestPayments:
    """36,500 at 10 % bear 10 a day; due on 31 January 2025, 2 March is day 30."""

    FIRST = InterestRule(rate_mode="fixed", fixed_rate=10, allocation="interest_first")
    LAST = InterestRule(rate_mode="fixed", fixed_rate=10, allocation="principal_first")

    APART = InterestRule(rate_mode="fixed", fixed_rate=10, allocation="interest_apart")

    @staticmethod
    def after(rule, *payments, until=date(2025, 3, 12), **options):
        result = interest(rule, None, 36500, date(2025, 1, 31), until, payments=payments, **options)
        figures = (result.total, result.outstanding_principal, result.unpaid_interest, result.unpaid_costs)
        return tuple(str(figure) for figure in figures)

    def test_interest_first(self):
        # 300 go to interest, 10,000 to principal; 26,500 x 10 x 10 / 36,500 = 72.6027
        figures = self.after(self.FIRST, (date(2025, 3, 2), 10300))
        assert figures == ("372.60", "26500.00", "72.60", "0.00")

    def test_principal_first(self):
        # 26,200 x 10 x 10 / 36,500 = 71.7808
        figures = self.after(self.LAST, (date(2025, 3, 2), 10300))
        assert figures == ("371.78", "26200.00", "371.78", "0.00")

    def test_costs_come_before_interest(self):
        # 40 to costs, 300 to interest, 9,960 to principal; 26,540 x 100 / 36,500 = 72.7123
        figures = self.after(self.FIRST, (date(2025, 3, 2), 10300), costs=40)
        assert figures == ("372.71", "26540.00", "72.71", "0.00")

    def test_costs_stay_apart(self):
        # 300 to interest, 10,000 to principal, as without costs
        figures = self.after(self.APART, (date(2025, 3, 2), 10300), costs=40)
        assert figures == ("372.60", "26500.00", "72.60", "40.00")

    def test_french_order_interest_then_principal_the_fixed_sum_apart(self):
        # 4,000 received while 266.60 of interest and 40 are owed (C. civ. 1343-1)
        rule = InterestRule(rate_mode="fixed", fixed_rate="12.40", allocation="interest_apart")
        due, day = date(2026, 7, 31), date(2026, 10, 18)
        before = interest(rule, None, 10000, due, day, costs=40)
        after = interest(rule, None, 10000, due, day, costs=40, payments=[(day, 4000)])
        assert (str(before.total), str(before.unpaid_costs)) == ("268.38", "40.00")
        figures = (after.outstanding_principal, after.unpaid_interest, after.unpaid_costs)
        assert tuple(map(str, figures)) == ("6268.38", "0.00", "40.00")

    def test_costs_come_last(self):
        figures = self.after(self.LAST, (date(2025, 3, 2), 10300), costs=40)
        assert figures == ("371.78", "26200.00", "371.78", "40.00")

    def test_a_payment_below_the_interest_leaves_the_principal(self):
        # 300 less 100, then 10 x 10 more
        assert self.after(self.FIRST, (date(2025, 3, 2), 100)) == ("400.00", "36500.00", "300.00", "0.00")

    def test_several_payments_in_a_day_are_one(self):
        early, late = date(2025, 2, 1), date(2025, 3, 2)
        apart = self.after(self.FIRST, (late, 300), (early, 5), (late, 700))
        assert apart == self.after(self.FIRST, (early, 5), (late, 1000))

    @pytest.mark.parametrize("day", [date(2025, 1, 15), date(2025, 1, 31)])
    def test_by_the_due_date_principal_alone_is_owed(self, day):
        # 18,250 bear 5 a day for 40 days; costs stand
        figures = self.after(self.FIRST, (day, 18250), costs=40)
        assert figures == ("200.00", "18250.00", "200.00", "40.00")

    def test_the_day_after_the_due_date_already_bore_interest(self):
        # 1 day of 10; 18,240 to principal; 18,260 x 39 x 10 / 36,500 = 195.1068
        figures = self.after(self.FIRST, (date(2025, 2, 1), 18250))
        assert figures == ("205.11", "18260.00", "195.11", "0.00")

    def test_paid_in_time_nothing_more_is_owed(self):
        assert self.after(self.FIRST, (date(2025, 1, 31), 36500), costs=40) == ("0.00",) * 4

    def test_costs_wait_until_interest_runs(self):
        assert self.after(self.FIRST, until=date(2025, 1, 31), costs=40)[3] == "0.00"
        assert self.after(self.FIRST, until=date(2025, 2, 1), costs=40)[3] == "40.00"

    def test_payments_after_the_date_are_not_known_yet(self):
        assert self.after(self.FIRST, (date(2025, 3, 13), 36500)) == self.after(self.FIRST)

    @pytest.mark.parametrize("rule", [FIRST, LAST])
    def test_too_much_paid(self, rule):
        # 300 of interest and 36,500 leave 200 over; nothing runs on
        paid = [(date(2025, 3, 2), 37000)]
        result = interest(rule, None, 36500, date(2025, 1, 31), date(2025, 9, 30), payments=paid)
        assert (result.total, result.outstanding, result.overpaid) == (300, 0, 200)

    def test_too_much_paid_before_the_due_date(self):
        paid = [(date(2025, 1, 2), 37000)]
        result = interest(self.FIRST, None, 36500, date(2025, 1, 31), date(2025, 9, 30), payments=paid)
        assert (result.total, result.outstanding, result.overpaid) == (0, 0, 500)

    def test_a_payment_on_the_eve_of_a_new_rate(self):
        # 30 June at 11.15 on 36,500 = 11.15; 18,261.15 paid halve the debt; 1 July 10.15 / 2 = 5.075
        paid = [(date(2025, 6, 30), "18261.15")]
        result = interest(DIRECTIVE, ECB_MRO, 36500, date(2025, 6, 29), date(2025, 7, 1), payments=paid)
        assert [str(segment.base) for segment in result.segments] == ["36500", "18250"]
        assert str(result.total) == "16.23"

    def test_a_formal_notice_follows_payments_on_principal(self):
        # 36,500 less 18,250 bear 5 a day from the day after 2 March
        rule = InterestRule(rate_mode="fixed", fixed_rate=10, start="formal_notice")
        paid = (date(2025, 2, 20), 18250)
        figures = self.after(rule, paid, notice_date=date(2025, 3, 2), costs=40)
        assert figures == ("50.00", "18250.00", "50.00", "40.00")
        assert self.after(rule, paid, costs=40) == ("0.00", "18250.00", "0.00", "0.00")


class TestCurrency:
    @pytest.mark.parametrize(("decimals", "expected"), [(0, "70"), (2, "70.10"), (3, "70.100")])
    def test_decimals(self, decimals, expected):
        charged = total(FR_B2B, ECB_MRO, 1200, date(2025, 3, 31), date(2025, 9, 15), decimals=decimals)
        assert charged == expected

    def test_half_a_cent_rounds_up(self):
        # 36.50 x 10 % x 1 / 365 = 0.01; 18.25 gives 0.005
        rule = InterestRule(rate_mode="fixed", fixed_rate=10)
        assert total(rule, None, "18.25", date(2025, 1, 1), date(2025, 1, 2)) == "0.01"
        assert total(rule, None, "18.24", date(2025, 1, 1), date(2025, 1, 2)) == "0.00"

    def test_a_tie_is_seen_through_endless_fractions(self):
        # 10 x 8.15 / 36,500 and 10 x 10.10 / 36,500 never end; their sum, 182.50 / 36,500, is 0.005
        table = RateTable(((date(2025, 1, 1), "8.15"), (date(2025, 7, 1), "10.10")))
        assert total(InterestRule(), table, 10, date(2025, 6, 29), date(2025, 7, 1)) == "0.01"


class TestScope:
    def test_b2b_rules_spare_consumers(self):
        result = consumer(FR_B2B, ECB_MRO, 1200, date(2025, 3, 31), date(2025, 9, 15))
        assert (result.total, result.segments, result.outstanding_principal) == (0, (), 1200)

    def test_b2c_rules_spare_companies(self):
        assert total(DE_B2C, DE_BASE, 1200, date(2025, 3, 31), date(2025, 9, 15)) == "0.00"

    def test_costs_and_payments_count_all_the_same(self):
        paid = [(date(2025, 4, 30), 100)]
        result = consumer(FR_B2B, None, 1200, date(2025, 3, 31), date(2025, 9, 15), payments=paid, costs=40)
        assert (result.outstanding_principal, result.unpaid_costs) == (1140, 0)


class TestRefusals:
    """What is no debt, no date or no rate is refused by name."""

    @pytest.mark.parametrize(
        ("code", "changes"),
        [
            ("date_missing", {"due_date": None}),
            ("date_missing", {"due_date": False}),
            ("date_missing", {"until": None}),
            ("date_missing", {"payments": [(None, 5)]}),
            ("date_invalid", {"due_date": "2025-03-31"}),
            ("date_invalid", {"until": datetime(2025, 9, 15)}),
            ("date_invalid", {"until": date.max}),
            ("negative", {"principal": -1}),
            ("negative", {"costs": -1}),
            ("negative", {"payments": [(date(2025, 4, 1), -5)]}),
            ("not_finite", {"principal": float("nan")}),
            ("not_finite", {"payments": [(date(2025, 4, 1), "NaN")]}),
            ("not_a_number", {"principal": None}),
            ("amount_too_precise", {"principal": "0.001"}),
            ("decimals_out_of_range", {"decimals": 5}),
            ("rates_missing", {"table": None}),
            ("rate_unknown", {"due_date": date(2019, 6, 29)}),
        ],
    )
    def test_refused(self, code, changes):
        request = {"table": ECB_MRO, "principal": 1200, "due_date": date(2025, 3, 31), **changes}
        refuses(code, interest, FR_B2B, **{"until": date(2025, 9, 15), **request})

    def test_the_first_known_rate_is_enough(self):
        # 1 July 2019: 10 % of 3,650 / 365
        assert total(FR_B2B, ECB_MRO, 3650, date(2019, 6, 30), date(2019, 7, 1)) == "1.00"

    def test_no_rate_is_asked_for_once_all_is_paid(self):
        paid = [(date(2018, 1, 1), 1200)]
        assert total(FR_B2B, ECB_MRO, 1200, date(2018, 1, 1), date(2025, 1, 1), payments=paid) == "0.00"
        assert total(FR_B2B, None, Decimal(0), date(2018, 1, 1), date(2025, 1, 1)) == "0.00"
