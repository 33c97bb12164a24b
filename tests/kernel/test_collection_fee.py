"""Fixed sums for collection costs, country by country and at each tier's edge."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_figures import BE_B2C_FEE, FORTY, NL_BIK, NO_FEE, UK_FEE
from refusals import refuses
from tools.collection_fee import FeeRule, FlatTier, PercentTier, collection_fee

AMOUNTS = st.integers(0, 200_000_000).map(lambda cents: Decimal(cents) / 100)
RULES = st.sampled_from([NO_FEE, FORTY, UK_FEE, BE_B2C_FEE, NL_BIK])
CENT = Decimal("0.01")


def fee(rule, amount, **options):
    return str(collection_fee(rule, amount, **options))


class TestPerInvoice:
    """FR, BE, DE, ES, IT, LU: 40 per invoice, however small, from companies only."""

    @pytest.mark.parametrize("amount", ["0.01", "39.99", "40", "1000000"])
    def test_forty_however_small(self, amount):
        assert fee(FORTY, amount) == "40.00"

    def test_nothing_for_nothing(self):
        assert fee(FORTY, 0) == "0.00"

    def test_consumers_are_spared(self):
        assert fee(FORTY, 1200, is_company=False) == "0.00"


class TestNone:
    """CH, and consumers in FR."""

    @pytest.mark.parametrize("is_company", [True, False])
    def test_nothing(self, is_company):
        assert fee(NO_FEE, 5000, is_company=is_company) == "0.00"


class TestUnitedKingdom:
    """Late Payment of Commercial Debts (Interest) Act 1998, s. 5A."""

    @pytest.mark.parametrize(
        ("amount", "expected"),
        [
            ("0.01", "40.00"),
            ("999.99", "40.00"),
            ("1000", "70.00"),
            ("9999.99", "70.00"),
            ("10000", "100.00"),
            ("1000000", "100.00"),
        ],
    )
    def test_tiers(self, amount, expected):
        assert fee(UK_FEE, amount) == expected


class TestBelgianConsumers:
    """Book XIX, art. XIX.4."""

    @pytest.mark.parametrize(
        ("amount", "expected"),
        [
            ("0.01", "20.00"),
            ("150.00", "20.00"),
            ("150.01", "30.00"),  # 30 + 0.001
            ("150.05", "30.01"),  # 30 + 0.005, half a cent up
            ("400", "55.00"),  # 30 + 25
            ("500", "65.00"),  # 30 + 35
            ("500.01", "65.00"),  # 65 + 0.0005
            ("1200", "100.00"),  # 65 + 35
            ("39199.99", "2000.00"),  # 65 + 1,934.9995
            ("39200.00", "2000.00"),  # 65 + 1,935
            ("39199.80", "1999.99"),  # 65 + 1,934.99
            ("50000", "2000.00"),
        ],
    )
    def test_clause(self, amount, expected):
        assert fee(BE_B2C_FEE, amount, is_company=False) == expected

    def test_companies_are_not_concerned(self):
        assert fee(BE_B2C_FEE, 400) == "0.00"

    def test_it_leaps_at_150_but_not_at_500(self):
        below, above = (collection_fee(BE_B2C_FEE, amount, is_company=False) for amount in ("150", "150.01"))
        assert above - below == 10
        below, above = (collection_fee(BE_B2C_FEE, amount, is_company=False) for amount in ("500", "500.01"))
        assert above == below


class TestDutchScale:
    """Besluit vergoeding voor buitengerechtelijke incassokosten (BIK)."""

    @pytest.mark.parametrize(
        ("amount", "expected"),
        [
            ("0.01", "40.00"),
            ("200", "40.00"),  # 30, raised
            ("266.66", "40.00"),  # 39.999
            ("266.70", "40.01"),  # 40.005
            ("1000", "150.00"),
            ("2500", "375.00"),
            ("2500.10", "375.01"),
            ("5000", "625.00"),  # 375 + 250
            ("6000", "675.00"),  # 625 + 50
            ("10000", "875.00"),  # 625 + 250
            ("200000", "2775.00"),  # 875 + 1,900
            ("999990", "6774.95"),  # 2,775 + 3,999.95
            ("1000000", "6775.00"),  # 2,775 + 4,000
            ("5000000", "6775.00"),
        ],
    )
    @pytest.mark.parametrize("is_company", [True, False])
    def test_scale(self, amount, expected, is_company):
        assert fee(NL_BIK, amount, is_company=is_company) == expected

    @given(AMOUNTS.filter(bool))
    def test_it_is_continuous(self, amount):
        # a cent more of debt, at most 15 % of a cent and a rounding more of costs
        assert 0 <= collection_fee(NL_BIK, amount + CENT) - collection_fee(NL_BIK, amount) <= CENT

    @given(AMOUNTS.filter(bool))
    def test_slice_by_slice(self, amount):
        slices = [(2500, 15), (2500, 10), (5000, 5), (190000, 1), (10**9, Decimal("0.5"))]
        due, left = Decimal(0), amount
        for width, percent in slices:
            due += Decimal(min(left, width)) * percent / 100
            left -= min(left, width)
        expected = min(max(due, Decimal(40)), Decimal(6775))
        assert abs(collection_fee(NL_BIK, amount, decimals=4) - expected) <= Decimal("0.00005")


class TestAnyRule:
    @given(RULES, AMOUNTS, AMOUNTS, st.booleans())
    def test_a_larger_claim_never_owes_less(self, rule, one, other, is_company):
        small, large = sorted((one, other))
        assert collection_fee(rule, small, is_company) <= collection_fee(rule, large, is_company)

    @given(RULES, AMOUNTS)
    def test_nobody_outside_the_scope_owes(self, rule, amount):
        if rule.scope != "all":
            assert collection_fee(rule, amount, is_company=rule.scope == "b2c") == 0

    def test_in_the_currency(self):
        rule = FeeRule("percentage", tiers=[PercentTier(0, 15)])
        assert [fee(rule, "10.05", decimals=n) for n in (0, 2, 3)] == ["2", "1.51", "1.508"]

    def test_tiers_may_come_in_any_order_and_as_plain_tuples(self):
        shuffled = FeeRule("tiers", tiers=[(10000, 100), (0, 40), (1000, 70)], scope="b2b")
        assert shuffled == UK_FEE

    def test_a_maximum_also_bounds_tiers(self):
        rule = FeeRule("tiers", tiers=[FlatTier(0, 10), FlatTier(1000, 70)], minimum=20, maximum=50)
        assert (fee(rule, 999), fee(rule, 1000)) == ("20.00", "50.00")
        assert fee(FeeRule("tiers", tiers=rule.tiers, minimum=30, maximum=30), 999) == "30.00"


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            ("unknown_choice", {"kind": "tier"}),
            ("unknown_choice", {"kind": "none", "scope": "b2g"}),
            ("negative", {"kind": "per_invoice", "amount": -40}),
            ("negative", {"kind": "tiers", "tiers": [(0, -40)]}),
            ("negative", {"kind": "percentage", "tiers": [(0, -15)]}),
            ("negative", {"kind": "percentage", "tiers": [(0, 15, -1)]}),
            ("negative", {"kind": "tiers", "tiers": [(0, 40)], "minimum": -1}),
            ("minimum_above_maximum", {"kind": "tiers", "tiers": [(0, 40)], "minimum": 2, "maximum": 1}),
            ("tiers_missing", {"kind": "tiers"}),
            ("tiers_missing", {"kind": "percentage", "tiers": []}),
            ("tier_gap", {"kind": "tiers", "tiers": [(1, 40), (1000, 70)]}),
            ("tier_gap", {"kind": "percentage", "tiers": [("0.01", 15)]}),
            ("tier_duplicate", {"kind": "tiers", "tiers": [(0, 40), (1000, 70), (1000, 80)]}),
            ("tier_duplicate", {"kind": "percentage", "tiers": [(0, 15), (0, 15)]}),
            ("not_a_number", {"kind": "percentage", "tiers": [(0, None)]}),
            ("not_finite", {"kind": "per_invoice", "amount": "NaN"}),
        ],
    )
    def test_bad_rules(self, code, fields):
        refuses(code, FeeRule, **fields)

    @pytest.mark.parametrize(
        ("code", "amount"), [("negative", "-0.01"), ("not_finite", float("nan")), ("not_a_number", None)]
    )
    def test_bad_amounts(self, code, amount):
        refuses(code, collection_fee, FORTY, amount)


def test_a_tier_out_of_place_is_named_by_where_it_starts():
    twice = [(0, 40), (1000, 70), (1000, 80)]
    assert refuses("tier_duplicate", FeeRule, "tiers", tiers=twice) == {"start": 1000}
    assert refuses("tier_gap", FeeRule, "tiers", tiers=[(2, 40), (1000, 70)]) == {"start": 2}
