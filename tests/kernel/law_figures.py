"""Rates and rules of eight countries as the law has them, for the tests of interest and fixed sums."""

from datetime import date
from decimal import Decimal

from tools.collection_fee import FeeRule, FlatTier, PercentTier
from tools.rates import InterestRule, RateTable

SEMESTERS = [date(year, month, 1) for year in range(2019, 2027) for month in (1, 7)][1:]


def by_semester(figures):
    """One rate per semester since July 2019."""
    return RateTable(tuple(zip(SEMESTERS, figures.split(), strict=False)))


ECB_MRO = by_semester("0 0 0 0 0 0 0 2.50 4.00 4.50 4.25 3.15 2.15 2.15 2.40")
DE_BASE = by_semester("-.88 -.88 -.88 -.88 -.88 -.88 -.88 1.62 3.12 3.62 3.37 2.27 1.27 1.27 1.52")
FR_PROFESSIONAL = by_semester("0.87 0.87 0.84 0.79 0.76 0.76 0.77 2.06 4.22 5.07 4.92 3.71 2.76 2.62")
BANK_OF_ENGLAND = by_semester("0.75 0.75 0.10 0.10 0.10 0.25 1.25 3.50 5.00 5.25 5.25 4.75 4.25 3.75 3.75")

FR_B2B = InterestRule(margin=10, scope="b2b")
FR_B2C = InterestRule(start="formal_notice", scope="b2c")
DIRECTIVE = InterestRule(margin=8, scope="b2b")
BE_B2B = InterestRule(margin=8, rate_rounding="up", rate_step=Decimal("0.5"), scope="b2b")
BE_B2C = InterestRule(margin=8, rate_rounding="up", start="formal_notice", scope="b2c")
DE_B2B = InterestRule(margin=9, scope="b2b")
DE_B2C = InterestRule(margin=5, scope="b2c")
NL_B2B = InterestRule(margin=8, compounding="yearly", scope="b2b")
UK = InterestRule(rate_mode="locked", margin=8, scope="b2b")
CH = InterestRule(rate_mode="fixed", fixed_rate=5)

FORTY = FeeRule("per_invoice", amount=40, scope="b2b")
NO_FEE = FeeRule()
UK_FEE = FeeRule("tiers", tiers=(FlatTier(0, 40), FlatTier(1000, 70), FlatTier(10000, 100)), scope="b2b")
BE_B2C_FEE = FeeRule(
    "percentage",
    tiers=(PercentTier(0, 0, base=20), PercentTier(150, 10, base=30), PercentTier(500, 5, base=65)),
    maximum=2000,
    scope="b2c",
)
NL_BIK = FeeRule(
    "percentage",
    tiers=(
        PercentTier(0, 15),
        PercentTier(2500, 10),
        PercentTier(5000, 5),
        PercentTier(10000, 1),
        PercentTier(200000, Decimal("0.5")),
    ),
    minimum=40,
    maximum=6775,
)
