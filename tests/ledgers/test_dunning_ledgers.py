"""The dunning engine against the reference model, on ledgers that hypothesis draws and shrinks.

The addon's own tests compare many more ledgers, drawn from seeds; here a difference comes out as the
smallest ledger that shows it.
"""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.addons.payment_plan_recovery.tests.dunning.dunning_comparison import DunningComparison
from odoo.tests import tagged

#: Creditors drawn; each costs a fraction of a second.
EXAMPLES = int(os.environ.get("RECOVERY_EXAMPLES", "150"))


@tagged("post_install", "-at_install")
class TestDunningLedgers(DunningComparison):
    @given(random=st.randoms(use_true_random=False), debtors=st.integers(1, 6))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
    def test_engine_agrees_with_the_reference(self, random, debtors):
        self.compare(random, debtors, "Drawn by hypothesis")
