"""The queries of open money against the kernel, on ledgers that hypothesis draws and shrinks."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.addons.payment_plan_recovery.tests.claim.open_money_comparison import OpenMoneyComparison
from odoo.tests import tagged

#: Ledgers drawn; each costs a fifth of a second.
EXAMPLES = int(os.environ.get("RECOVERY_EXAMPLES", "40"))


@tagged("post_install", "-at_install")
class TestOpenMoneyLedgers(OpenMoneyComparison):
    @given(random=st.randoms(use_true_random=False), debtors=st.integers(1, 4))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
    def test_the_queries_say_what_the_kernel_says(self, random, debtors):
        self.compare_drawn(random, debtors)
