"""The engine's statement against the reference model, on random ledgers."""

import os
from collections import Counter
from random import Random

from odoo.tests import tagged

from .dunning_comparison import DunningComparison

#: Creditors drawn, and ledgers (debtors) of each. RECOVERY_LEDGERS=2000 draws as many creditors.
CREDITORS = int(os.environ.get("RECOVERY_LEDGERS", "60"))
DEBTORS = 40
SEED = int(os.environ.get("RECOVERY_SEED", "20260115"))


@tagged("post_install", "-at_install")
class TestDunningReference(DunningComparison):
    def test_engine_agrees_with_the_reference(self):
        seen = Counter()
        for number in range(CREDITORS):
            seed = SEED + number
            random = Random(seed)  # noqa: S311 drawn again from the seed, not secret
            seen.update(self.compare(random, DEBTORS, f"Seed {seed}"))
        reasons = {code for code, _label in self.env["recovery.dunning.reason"]._selection()}
        self.assertEqual(reasons - set(seen), set(), "Some reason was never drawn: the ledgers are too tame")
