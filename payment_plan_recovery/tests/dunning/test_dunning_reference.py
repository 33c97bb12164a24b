"""The engine's statement against the reference model, on random ledgers."""

import os
import re
from collections import Counter
from random import Random
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.dunning.reason import Condition
from .dunning_comparison import DunningComparison

#: Creditors drawn, and ledgers (debtors) of each. RECOVERY_LEDGERS=2000 draws as many creditors.
CREDITORS = int(os.environ.get("RECOVERY_LEDGERS", "60"))
DEBTORS = 40
SEED = int(os.environ.get("RECOVERY_SEED", "20260115"))

#: A bound, and the same a step further.
OTHER_SIDE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


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

    def test_each_condition_is_missed_when_it_is_taken_away(self):
        """Without a condition, without a part of it, or a step beyond its bound, some verdict is another one."""
        unseen = self.weakened()
        self.assertGreater(len(unseen), 25)
        for number in range(CREDITORS):
            if not unseen:
                return
            random = Random(SEED + number)  # noqa: S311 drawn again from the seed, not secret
            with self.drawn(random, DEBTORS) as (creditor, drawn, stored, run):
                expected = self.expected(creditor, drawn, stored)
                for name, (reason, conditions) in list(unseen.items()):
                    with patch.object(type(reason), "_conditions", conditions):
                        if self.found(run, stored) != expected:
                            del unseen[name]
            self.env.invalidate_all()
        self.assertEqual(sorted(unseen), [], "No drawn ledger tells whether these hold")

    def weakened(self):
        """{what is wrong: (reason, its conditions then)}, each condition of each reason in turn."""
        return {
            f"{code}: {before.holds.code} → {wrong or 'never'}": (
                reason,
                tuple(
                    Condition(one.stage, one.rank, SQL(wrong or "FALSE")) if one is before else one
                    for one in reason._conditions
                ),
            )
            for code, reason in self.env["recovery.dunning.reason"]._things().items()
            for before in reason._conditions
            for wrong in self.wrong(before.holds.code)
        }

    def wrong(self, condition):
        """The condition gone, each of two parts alone, and each bound on its other side."""
        parts = re.split(r" (?:OR|AND) ", condition)
        return [
            "",
            *(parts if len(parts) > 1 else ()),
            *(
                f"{condition[: found.start()]}{OTHER_SIDE[found.group()]}{condition[found.end() :]}"
                for found in re.finditer(r"<=?|>=?", condition)
            ),
        ]
