"""Which rate applies to a day: tables, rate modes, margin, floor and rounding."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_figures import BANK_OF_ENGLAND, BE_B2B, CH, DE_B2B, DE_BASE, ECB_MRO, FR_B2B, UK
from refusals import refuses
from tools.rates import (
    InterestRule,
    RateTable,
    applied_rate,
    in_scope,
    legal_minimum_warning,
    semester_end,
    semester_start,
)

ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2019, 7, 1), date(2026, 12, 31))
RATES = st.decimals(-1, 20, places=2)


def rate(rule, table, day, first_day=None):
    return applied_rate(rule, table, day, first_day or day)[0]


class TestRateTable:
    def test_a_rate_holds_from_its_day_to_the_eve_of_the_next(self):
        table = RateTable(((date(2025, 7, 1), "2.15"), (date(2025, 1, 1), "3.15")))
        assert table.on(date(2025, 1, 1)) == Decimal("3.15")
        assert table.on(date(2025, 6, 30)) == Decimal("3.15")
        assert table.on(date(2025, 7, 1)) == Decimal("2.15")
        assert table.on(date(2099, 1, 1)) == Decimal("2.15")

    def test_before_the_first_rate_nothing_is_known(self):
        params = refuses("rate_unknown", ECB_MRO.on, date(2019, 6, 30))
        assert params == {"date": date(2019, 6, 30), "first": date(2019, 7, 1)}

    def test_it_vouches_for_the_semester_of_its_last_rate(self):
        assert ECB_MRO.known_until == date(2026, 12, 31)
        assert RateTable(((date(2025, 3, 12), 1),)).known_until == date(2025, 6, 30)

    def test_it_may_vouch_for_longer(self):
        until_january = RateTable(((date(2025, 6, 11), "2.15"),), known_until=date(2026, 1, 1))
        assert applied_rate(FR_B2B, until_january, date(2026, 6, 30), None) == (Decimal("12.15"), False)
        assert applied_rate(FR_B2B, until_january, date(2026, 7, 1), None) == (Decimal("12.15"), True)
        until_december = RateTable(((date(2025, 6, 11), "2.15"),), known_until=date(2025, 12, 31))
        assert applied_rate(FR_B2B, until_december, date(2026, 1, 1), None) == (Decimal("12.15"), True)

    def test_periods_that_follow_each_other_are_the_same_table(self):
        periods = ((date(2025, 7, 1), False, 2), (date(2025, 1, 1), date(2025, 6, 30), 3))
        assert RateTable.from_periods(periods) == RateTable(((date(2025, 1, 1), 3), (date(2025, 7, 1), 2)))

    def test_a_last_period_that_ends_is_vouched_for_to_its_end(self):
        table = RateTable.from_periods([(date(2025, 1, 1), date(2025, 3, 31), 3)])
        assert table.known_until == date(2025, 3, 31)

    @pytest.mark.parametrize(
        ("code", "rates"),
        [
            ("rates_missing", ()),
            ("rate_duplicate", ((date(2025, 1, 1), 1), (date(2025, 7, 1), 2), (date(2025, 1, 1), 3))),
            ("rate_duplicate", ((date(2025, 1, 1), 1), (date(2025, 1, 1), 1))),
            ("date_missing", ((False, 1),)),
            ("date_invalid", (("2025-01-01", 1),)),
            ("date_invalid", ((datetime(2025, 1, 1), 1),)),
            ("date_invalid", ((date(1899, 12, 31), 1),)),
            ("not_finite", ((date(2025, 1, 1), "NaN"),)),
            ("not_a_number", ((date(2025, 1, 1), "two"),)),
        ],
    )
    def test_bad_rates(self, code, rates):
        refuses(code, RateTable, rates)

    @pytest.mark.parametrize(
        ("code", "second_from", "first_until"),
        [
            ("rate_overlap", date(2025, 6, 30), date(2025, 6, 30)),
            ("rate_overlap", date(2025, 7, 1), None),
            ("rate_gap", date(2025, 7, 2), date(2025, 6, 30)),
            ("rate_duplicate", date(2025, 1, 1), date(2025, 6, 30)),
            ("rate_period_empty", date(2025, 7, 1), date(2024, 12, 31)),
            ("date_missing", None, date(2025, 6, 30)),
            ("date_invalid", date(2025, 7, 1), "2025-06-30"),
        ],
    )
    def test_bad_periods(self, code, second_from, first_until):
        periods = ((date(2025, 1, 1), first_until, 1), (second_from, None, 2))
        refuses(code, RateTable.from_periods, periods)

    def test_no_periods(self):
        refuses("rates_missing", RateTable.from_periods, ())

    def test_a_gap_is_named_by_its_first_day(self):
        periods = ((date(2025, 1, 1), date(2025, 3, 31), 1), (date(2025, 7, 1), None, 2))
        assert refuses("rate_gap", RateTable.from_periods, periods) == {"date": date(2025, 4, 1)}


class TestSemester:
    """A floating rate is that of 1 January and of 1 July, whatever happens in between."""

    def test_it_changes_on_1_july_and_1_january(self):
        assert rate(FR_B2B, ECB_MRO, date(2025, 6, 30)) == Decimal("13.15")
        assert rate(FR_B2B, ECB_MRO, date(2025, 7, 1)) == Decimal("12.15")
        assert rate(FR_B2B, ECB_MRO, date(2022, 12, 31)) == 10
        assert rate(FR_B2B, ECB_MRO, date(2023, 1, 1)) == Decimal("12.50")

    def test_a_change_within_the_semester_waits_for_the_next(self):
        table = RateTable(((date(2023, 9, 20), "4.50"), (date(2024, 6, 12), "4.25")))
        assert rate(FR_B2B, table, date(2024, 6, 30)) == Decimal("14.50")
        assert rate(FR_B2B, table, date(2024, 7, 1)) == Decimal("14.25")

    def test_past_the_last_known_rate_it_says_so(self):
        assert applied_rate(FR_B2B, ECB_MRO, date(2026, 12, 31), None) == (Decimal("12.40"), False)
        assert applied_rate(FR_B2B, ECB_MRO, date(2027, 1, 1), None) == (Decimal("12.40"), True)

    def test_a_rule_that_follows_rates_needs_a_table(self):
        refuses("rates_missing", applied_rate, FR_B2B, None, date(2025, 1, 1), date(2025, 1, 1))

    @given(DAYS)
    def test_semesters_cover_every_day_once(self, day):
        start, end = semester_start(day), semester_end(day)
        assert start <= day <= end
        assert semester_start(end + ONE_DAY) == end + ONE_DAY
        assert semester_end(start - ONE_DAY) == start - ONE_DAY


class TestLocked:
    """UK: what the day the debt became overdue found is kept for the whole delay."""

    @pytest.mark.parametrize(
        ("first_day", "expected"),
        [
            (date(2025, 6, 30), "12.75"),  # the 4.75 of 31 December 2024
            (date(2025, 7, 1), "12.25"),  # the 4.25 of 30 June 2025
            (date(2025, 12, 31), "12.25"),
            (date(2026, 1, 1), "11.75"),  # the 3.75 of 31 December 2025
        ],
    )
    def test_on_both_sides_of_the_semester(self, first_day, expected):
        for later in (0, 1, 365):
            assert rate(UK, BANK_OF_ENGLAND, first_day + later * ONE_DAY, first_day) == Decimal(expected)

    def test_a_dated_table_gives_the_rate_in_force_on_31_december(self):
        table = RateTable(((date(2025, 8, 7), "4.00"), (date(2025, 12, 18), "3.75"), (date(2026, 2, 5), 3)))
        assert rate(UK, table, date(2026, 6, 30), date(2026, 6, 30)) == Decimal("11.75")

    def test_only_its_own_semester_must_be_known(self):
        assert applied_rate(UK, BANK_OF_ENGLAND, date(2029, 1, 1), date(2026, 12, 31))[1] is False
        assert applied_rate(UK, BANK_OF_ENGLAND, date(2029, 1, 1), date(2027, 1, 1))[1] is True


class TestPricing:
    def test_a_fixed_rate_asks_no_table(self):
        assert applied_rate(CH, None, date(2050, 1, 1), None) == (5, False)

    def test_a_negative_base_lowers_the_rate(self):
        assert rate(DE_B2B, DE_BASE, date(2022, 12, 31)) == Decimal("8.12")

    @pytest.mark.parametrize(("floor", "expected"), [("8.11", "8.12"), ("8.12", "8.12"), ("8.13", "8.13")])
    def test_the_floor_holds_the_rate(self, floor, expected):
        rule = InterestRule(margin=9, floor=floor)
        assert rate(rule, DE_BASE, date(2022, 12, 31)) == Decimal(expected)

    def test_lateness_never_earns_the_debtor_interest(self):
        assert rate(InterestRule(), DE_BASE, date(2022, 12, 31)) == 0
        assert rate(InterestRule(margin="0.88"), DE_BASE, date(2022, 12, 31)) == 0
        assert rate(InterestRule(margin="0.89"), DE_BASE, date(2022, 12, 31)) == Decimal("0.01")

    @pytest.mark.parametrize(
        ("reference", "expected"),
        [("4.25", "12.5"), ("3.15", "11.5"), ("3.00", "11"), ("3.01", "11.5"), ("3.50", "11.5"), ("0", "8")],
    )
    def test_belgium_rounds_up_to_half_a_point(self, reference, expected):
        table = RateTable(((date(2025, 1, 1), reference),))
        assert rate(BE_B2B, table, date(2025, 1, 1)) == Decimal(expected)

    @pytest.mark.parametrize(
        ("rounding", "expected"), [("none", "2.75"), ("up", "3"), ("nearest", "3"), ("down", "2.5")]
    )
    def test_roundings(self, rounding, expected):
        table = RateTable(((date(2025, 1, 1), "2.75"),))
        assert rate(InterestRule(rate_rounding=rounding), table, date(2025, 1, 1)) == Decimal(expected)

    def test_a_clause_of_three_times_the_legal_rate(self):
        table = RateTable(((date(2025, 7, 1), "2.76"),))
        assert rate(InterestRule(multiplier=3), table, date(2025, 7, 1)) == Decimal("8.28")

    @given(RATES, RATES, st.sampled_from(["0.125", "0.25", "0.5", "1"]))
    def test_rounding_up_adds_less_than_a_step(self, low, high, step):
        rule = InterestRule(margin=2, rate_rounding="up", rate_step=step)
        low, high = sorted((low, high))
        tables = [RateTable(((date(2025, 1, 1), figure),)) for figure in (low, high)]
        rates = [rate(rule, table, date(2025, 1, 1)) for table in tables]
        assert rates == sorted(rates)
        assert 0 <= rates[0] - (low + 2) < Decimal(step)
        assert rates[0] % Decimal(step) == 0


class TestRule:
    @pytest.mark.parametrize(
        "field", ["rate_mode", "rate_rounding", "day_count", "compounding", "start", "allocation", "scope"]
    )
    def test_unknown_choices(self, field):
        params = refuses("unknown_choice", InterestRule, **{field: "act/364"})
        assert params == {"name": field, "value": "act/364"}

    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            ("negative", {"margin": "-0.01"}),
            ("negative", {"floor": -1}),
            ("negative", {"rate_mode": "fixed", "fixed_rate": -5}),
            ("not_positive", {"multiplier": 0}),
            ("not_positive", {"multiplier": -1}),
            ("not_positive", {"rate_step": 0}),
            ("not_positive", {"rate_step": "-0.5"}),
            ("fixed_rate_missing", {"rate_mode": "fixed"}),
            ("not_finite", {"margin": float("nan")}),
            ("not_finite", {"floor": "Infinity"}),
            ("not_a_number", {"margin": None}),
        ],
    )
    def test_bad_figures(self, code, fields):
        refuses(code, InterestRule, **fields)

    @pytest.mark.parametrize(
        ("scope", "company", "consumer"), [("b2b", True, False), ("b2c", False, True), ("all", True, True)]
    )
    def test_scopes(self, scope, company, consumer):
        assert in_scope(scope, is_company=True) is company
        assert in_scope(scope, is_company=False) is consumer


class TestLegalMinimum:
    """FR C. com. L441-10: a contract rate is at least three times the legal rate."""

    @pytest.mark.parametrize(("contract", "warns"), [("8.27", True), ("8.28", False), ("8.29", False)])
    def test_three_times_the_legal_rate(self, contract, warns):
        assert legal_minimum_warning(contract, "2.76", multiple=3) is warns

    def test_a_plain_minimum(self):
        assert legal_minimum_warning("10.14", "10.15") is True
        assert legal_minimum_warning("10.15", "10.15") is False

    def test_unknown_legal_rate(self):
        assert legal_minimum_warning(0, None, multiple=3) is None

    def test_nonsense(self):
        refuses("not_positive", legal_minimum_warning, 5, 2, multiple=0)
        refuses("not_finite", legal_minimum_warning, "NaN", 2)
