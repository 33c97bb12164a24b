"""Interest on overdue debts, country by country, as dated stories worked out by hand.

Below, "d x r" is days at a rate in percent per year; with act/365, interest is
amount x (the sum of d x r) / 36,500.
"""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from law_figures import (
    BANK_OF_ENGLAND,
    BE_B2B,
    BE_B2C,
    CH,
    DE_B2B,
    DE_B2C,
    DE_BASE,
    DIRECTIVE,
    ECB_MRO,
    FR_B2B,
    FR_B2C,
    FR_PROFESSIONAL,
    NL_B2B,
    UK,
)
from tools.interest import interest
from tools.rates import InterestRule

consumer = partial(interest, is_company=False)


def working(result):
    return [(segment.days, str(segment.rate)) for segment in result.segments]


def total(*args, **kwargs):
    return str(interest(*args, **kwargs).total)


class TestFrance:
    def test_paid_after_the_rate_changed(self):
        # 91 x 13.15 + 77 x 12.15 = 2,132.20; x 1,200 / 36,500 = 70.0997
        result = interest(FR_B2B, ECB_MRO, 1200, date(2025, 3, 31), date(2025, 9, 15))
        assert working(result) == [(91, "13.15"), (77, "12.15")]
        assert str(result.total) == "70.10"

    def test_a_leap_year_has_366_days_of_a_365th(self):
        # 182 x 14.50 + 31 x 14.25 = 3,080.75; x 5,000 / 36,500 = 422.0205
        result = interest(FR_B2B, ECB_MRO, 5000, date(2023, 12, 31), date(2024, 7, 31))
        assert working(result) == [(182, "14.50"), (31, "14.25")]
        assert str(result.total) == "422.02"

    def test_the_working_names_first_and_last_days(self):
        first, second = interest(FR_B2B, ECB_MRO, 1200, date(2025, 3, 31), date(2025, 9, 15)).segments
        assert (first.date_from, first.date_to) == (date(2025, 4, 1), date(2025, 6, 30))
        assert (second.date_from, second.date_to) == (date(2025, 7, 1), date(2025, 9, 15))
        assert (first.base, first.year_days, first.rate_extrapolated) == (1200, 365, False)
        # 1,200 x 91 x 13.15 / 36,500 = 1,435,980 / 36,500
        assert str(first.amount_unrounded)[:12] == "39.341917808"

    def test_due_date_and_the_day_after(self):
        # 1 x 13.15 x 1,200 / 36,500 = 0.4323
        assert total(FR_B2B, ECB_MRO, 1200, date(2025, 3, 31), date(2025, 3, 30)) == "0.00"
        assert total(FR_B2B, ECB_MRO, 1200, date(2025, 3, 31), date(2025, 3, 31)) == "0.00"
        assert total(FR_B2B, ECB_MRO, 1200, date(2025, 3, 31), date(2025, 4, 1)) == "0.43"

    def test_a_rate_unchanged_by_the_new_semester_stays_one_line(self):
        # 1 July 2025 to 30 June 2026 at 2.15 + 10: 365 x 12.15 / 365 of 1,000
        result = interest(FR_B2B, ECB_MRO, 1000, date(2025, 6, 30), date(2026, 6, 30))
        assert working(result) == [(365, "12.15")]
        assert str(result.total) == "121.50"

    def test_a_consumer_owes_from_the_formal_notice(self):
        # 1 June to 31 August: 30 x 3.71 + 62 x 2.76 = 282.42; x 1,000 / 36,500 = 7.7375
        result = consumer(
            FR_B2C, FR_PROFESSIONAL, 1000, date(2025, 3, 15), date(2025, 8, 31), notice_date=date(2025, 5, 31)
        )
        assert working(result) == [(30, "3.71"), (62, "2.76")]
        assert str(result.total) == "7.74"

    @pytest.mark.parametrize("notice", [None, False])
    def test_a_consumer_without_notice_owes_none(self, notice):
        result = consumer(
            FR_B2C, FR_PROFESSIONAL, 1000, date(2025, 3, 15), date(2025, 8, 31), notice_date=notice
        )
        assert (str(result.total), result.segments) == ("0.00", ())

    def test_on_the_day_of_the_notice_and_the_day_after(self):
        # 1 x 3.71 x 1,000 / 36,500 = 0.1016
        charged = partial(
            consumer, FR_B2C, FR_PROFESSIONAL, 1000, date(2025, 3, 15), notice_date=date(2025, 5, 31)
        )
        assert charged(until=date(2025, 5, 31)).total == 0
        assert str(charged(until=date(2025, 6, 1)).total) == "0.10"

    def test_a_notice_before_the_due_date_waits_for_it(self):
        # 17 June to 16 July: 14 x 3.71 + 16 x 2.76 = 96.10; x 3,650 / 36,500 = 9.61
        result = consumer(
            FR_B2C, FR_PROFESSIONAL, 3650, date(2025, 6, 16), date(2025, 7, 16), notice_date=date(2025, 6, 1)
        )
        assert str(result.total) == "9.61"

    def test_past_the_last_legal_rate_it_says_so(self):
        # 17 June to 14 July 2026, all at 2.62: 14 + 14 days; x 3,650 x 2.62 / 36,500 = 7.336
        result = consumer(
            FR_B2C, FR_PROFESSIONAL, 3650, date(2026, 6, 16), date(2026, 7, 14), notice_date=date(2026, 6, 16)
        )
        assert [segment.rate_extrapolated for segment in result.segments] == [False, True]
        assert (working(result), str(result.total)) == ([(14, "2.62"), (14, "2.62")], "7.34")
        assert result.rate_extrapolated is True

    def test_up_to_the_last_legal_rate_it_does_not(self):
        result = consumer(
            FR_B2C, FR_PROFESSIONAL, 3650, date(2026, 6, 16), date(2026, 6, 30), notice_date=date(2026, 6, 16)
        )
        assert result.rate_extrapolated is False


class TestBelgium:
    def test_rates_rounded_up_to_half_a_point(self):
        # 12.25, 11.15 and 10.15 rounded up: 46 x 12.5 + 181 x 11.5 + 41 x 10.5 = 3,087; x 2,500 / 36,500
        result = interest(BE_B2B, ECB_MRO, 2500, date(2024, 11, 15), date(2025, 8, 10))
        assert working(result) == [(46, "12.5"), (181, "11.5"), (41, "10.5")]
        assert str(result.total) == "211.44"

    def test_a_consumer_owes_from_the_first_reminder(self):
        # 11 February to 12 March: 30 x 11.5 = 345; x 400 / 36,500 = 3.7808
        result = consumer(
            BE_B2C, ECB_MRO, 400, date(2025, 1, 15), date(2025, 3, 12), notice_date=date(2025, 2, 10)
        )
        assert (working(result), str(result.total)) == ([(30, "11.5")], "3.78")


class TestGermany:
    def test_a_negative_base_rate_is_deducted(self):
        # 90 x (9 - 0.88) = 730.8; x 10,000 / 36,500 = 200.2191
        assert total(DE_B2B, DE_BASE, 10000, date(2021, 3, 31), date(2021, 6, 29)) == "200.22"

    def test_a_consumer_owes_four_points_less(self):
        # 90 x (5 - 0.88) = 370.8; x 10,000 / 36,500 = 101.5890
        result = consumer(DE_B2C, DE_BASE, 10000, date(2021, 3, 31), date(2021, 6, 29))
        assert str(result.total) == "101.59"

    def test_the_base_rate_turning_positive(self):
        # December 31 x 8.12, January 31 x 10.62: 580.94; x 2,400 / 36,500 = 38.1988
        result = interest(DE_B2B, DE_BASE, 2400, date(2022, 11, 30), date(2023, 1, 31))
        assert (working(result), str(result.total)) == ([(31, "8.12"), (31, "10.62")], "38.20")

    def test_a_floor_holds_against_the_negative_base(self):
        # 90 x 9 = 810; x 10,000 / 36,500 = 221.9178
        rule = InterestRule(margin=9, floor=9)
        assert total(rule, DE_BASE, 10000, date(2021, 3, 31), date(2021, 6, 29)) == "221.92"

    def test_without_a_margin_a_negative_base_costs_nothing(self):
        result = interest(InterestRule(), DE_BASE, 10000, date(2021, 3, 31), date(2021, 6, 29))
        assert (working(result), result.total) == ([(90, "0")], 0)


class TestDirective:
    def test_spain_rounds_once(self):
        # 30 x 12.25 = 367.50 gives 3.675; 31 x 11.15 = 345.65 gives 3.4565; together 7.1315.
        # Rounded apart they would be 3.68 + 3.46 = 7.14.
        assert total(DIRECTIVE, ECB_MRO, 365, date(2024, 12, 1), date(2025, 1, 31)) == "7.13"

    def test_italy_on_the_day_the_rate_changes(self):
        # 30 June at 11.15, 1 July at 10.15, each / 36,500 of 36,500
        assert total(DIRECTIVE, ECB_MRO, 36500, date(2025, 6, 29), date(2025, 6, 30)) == "11.15"
        assert total(DIRECTIVE, ECB_MRO, 36500, date(2025, 6, 29), date(2025, 7, 1)) == "21.30"
        assert total(DIRECTIVE, ECB_MRO, 36500, date(2025, 6, 30), date(2025, 7, 1)) == "10.15"

    def test_luxembourg(self):
        # 10 x 12 = 120; x 1,000 / 36,500 = 3.2877
        assert total(DIRECTIVE, ECB_MRO, 1000, date(2023, 6, 30), date(2023, 7, 10)) == "3.29"


class TestNetherlands:
    """Each year's unpaid interest bears interest from the next on (BW 6:119 (2))."""

    def test_three_years(self):
        # Year 1: 184 x 8.00 + 181 x 10.50 = 3,372.50
        # Year 2: 184 x 12.00 + 182 x 12.50 = 4,483.00
        # Year 3: 184 x 12.25 + 181 x 11.15 = 4,272.15
        # 39,872.50 x 40,983 x 40,772.15 / 36,500^3
        #   = 66,625,552,897,510.125 / 48,627,125,000,000 = 1.37013144...
        result = interest(NL_B2B, ECB_MRO, 10000, date(2022, 6, 30), date(2025, 6, 30))
        assert str(result.total) == "3701.31"
        assert working(result) == [
            (184, "8"),
            (181, "10.50"),
            (184, "12.00"),
            (182, "12.50"),
            (184, "12.25"),
            (181, "11.15"),
        ]
        # The base of the second year: 10,000 + 33,725,000 / 36,500
        assert [str(segment.base)[:13] for segment in result.segments[1:3]] == ["10000", "10923.9726027"]

    def test_the_anniversary_and_the_day_after(self):
        # 36,500 at 10 % is 10 a day: 3,650 after 365 days, then 40,150 x 10 / 36,500 = 11 a day
        rule = InterestRule(rate_mode="fixed", fixed_rate=10, compounding="yearly")
        assert total(rule, None, 36500, date(2025, 1, 31), date(2026, 1, 31)) == "3650.00"
        assert total(rule, None, 36500, date(2025, 1, 31), date(2026, 2, 1)) == "3661.00"

    def test_a_year_from_29_february_ends_on_28_february(self):
        # 365 days of 10, then 1 of 11
        rule = InterestRule(rate_mode="fixed", fixed_rate=10, compounding="yearly")
        assert total(rule, None, 36500, date(2024, 2, 29), date(2025, 3, 1)) == "3661.00"

    def test_interest_paid_in_time_does_not_compound(self):
        # 3,650 paid on the anniversary leave 36,500 to bear 10 a day
        rule = InterestRule(rate_mode="fixed", fixed_rate=10, compounding="yearly")
        result = interest(
            rule, None, 36500, date(2025, 1, 31), date(2026, 2, 10), payments=[(date(2026, 1, 31), 3650)]
        )
        assert (result.total, result.unpaid_interest, result.outstanding_principal) == (3750, 100, 36500)

    def test_compounded_interest_is_paid_before_what_accrued_since(self):
        # On 10 February 2026: 3,650 compounded, 10 x 11 accrued. 3,650 paid settle the former,
        # so that 36,500 bear 10 a day again: 3,650 + 110 + 10 x 10 = 3,860, of which 210 unpaid.
        rule = InterestRule(rate_mode="fixed", fixed_rate=10, compounding="yearly")
        result = interest(
            rule, None, 36500, date(2025, 1, 31), date(2026, 2, 20), payments=[(date(2026, 2, 10), 3650)]
        )
        assert (result.total, result.unpaid_interest, result.outstanding_principal) == (3860, 210, 36500)

    def test_compounded_interest_alone_goes_on_bearing_interest(self):
        # The principal paid on the anniversary leaves 3,650 to bear 1 a day
        rule = InterestRule(
            rate_mode="fixed", fixed_rate=10, compounding="yearly", allocation="principal_first"
        )
        result = interest(
            rule, None, 36500, date(2025, 1, 31), date(2026, 2, 10), payments=[(date(2026, 1, 31), 36500)]
        )
        assert (result.total, result.unpaid_interest, result.outstanding_principal) == (3660, 3660, 0)


class TestUnitedKingdom:
    def test_sixty_days(self):
        # 60 x 11.75 = 705; x 10,000 / 36,500 = 193.1507
        result = interest(UK, BANK_OF_ENGLAND, 10000, date(2025, 12, 31), date(2026, 3, 1))
        assert (working(result), str(result.total)) == ([(60, "11.75")], "193.15")

    @pytest.mark.parametrize(
        ("due", "expected"),
        [
            (date(2025, 6, 29), "1275.00"),  # overdue on 30 June: 4.75 + 8
            (date(2025, 6, 30), "1225.00"),  # overdue on 1 July: 4.25 + 8
            (date(2025, 12, 30), "1225.00"),
            (date(2025, 12, 31), "1175.00"),  # overdue on 1 January 2026: 3.75 + 8
        ],
    )
    def test_the_rate_stays_for_a_whole_year(self, due, expected):
        result = interest(UK, BANK_OF_ENGLAND, 10000, due, due.replace(year=due.year + 1))
        assert (len(result.segments), str(result.total)) == (1, expected)


class TestSwitzerland:
    def test_five_percent(self):
        # 73 days are a fifth of 365: 1,000 x 5 % / 5
        assert total(CH, None, 1000, date(2025, 1, 31), date(2025, 4, 14)) == "10.00"

    @pytest.mark.parametrize(
        ("due", "paid", "days"),
        [
            (date(2025, 1, 30), date(2025, 1, 31), 0),
            (date(2025, 1, 31), date(2025, 2, 1), 1),
            (date(2025, 1, 31), date(2025, 2, 28), 28),
            (date(2025, 1, 31), date(2025, 3, 1), 31),
            (date(2025, 2, 28), date(2025, 3, 1), 3),
            (date(2025, 2, 28), date(2025, 3, 31), 32),
            (date(2024, 2, 28), date(2024, 2, 29), 1),
            (date(2024, 2, 29), date(2024, 3, 31), 31),
            (date(2025, 6, 29), date(2025, 7, 1), 2),
            (date(2025, 1, 31), date(2026, 1, 31), 360),
            (date(2023, 12, 31), date(2024, 12, 30), 360),
        ],
    )
    def test_months_of_thirty_days(self, due, paid, days):
        # 7,200 x 5 % / 360 is 1.00 a day
        rule = InterestRule(rate_mode="fixed", fixed_rate=5, day_count="30/360")
        result = interest(rule, None, 7200, due, paid)
        assert result.total == days
        assert sum(segment.days for segment in result.segments) == days
        assert all(segment.days for segment in result.segments)

    @pytest.mark.parametrize(
        ("due", "paid", "expected"),
        [
            (date(2023, 12, 30), date(2024, 1, 2), "54.80"),  # 18.30 + 2 x 18.25
            (date(2024, 2, 28), date(2024, 3, 1), "36.50"),  # 29 February is a day like others
            (date(2024, 12, 30), date(2025, 1, 2), "54.85"),  # 18.25 + 2 x 18.30
            (date(2024, 12, 31), date(2025, 12, 31), "6679.50"),  # 5 % of it
            (date(2023, 12, 31), date(2024, 12, 31), "6679.50"),
            (date(2025, 6, 30), date(2026, 6, 30), "6679.50"),
        ],
    )
    def test_days_of_their_own_year(self, due, paid, expected):
        # 365 x 366 = 133,590; 5 % of it / 365 is 18.30 a day, / 366 is 18.25
        rule = InterestRule(rate_mode="fixed", fixed_rate=5, day_count="act/act")
        assert total(rule, None, 133590, due, paid) == expected


def test_points_added_after_a_judgment_from_the_day_after():
    rule = InterestRule(rate_mode="fixed", fixed_rate="3", judgment_points=5)
    due, raised = date(2025, 1, 31), date(2025, 3, 10)

    def working(until):
        found = interest(rule, None, 1000, due, until, raised_after=raised)
        return [(segment.days, segment.rate) for segment in found.segments], found.total

    assert working(raised) == ([(38, Decimal(3))], Decimal("3.12"))
    assert working(date(2025, 3, 11)) == ([(38, Decimal(3)), (1, Decimal(8))], Decimal("3.34"))


def test_judgment_before_the_delay_raises_every_day_and_none_changes_nothing():
    rule = InterestRule(rate_mode="fixed", fixed_rate="3", judgment_points=5)
    due, until = date(2025, 1, 31), date(2026, 1, 31)
    assert interest(rule, None, 1000, due, until, raised_after=date(2024, 1, 1)).total == 80
    assert interest(rule, None, 1000, due, until).total == 30
    law = InterestRule(rate_mode="fixed", fixed_rate="3")
    assert interest(law, None, 1000, due, until, raised_after=date(2024, 1, 1)).total == 30
