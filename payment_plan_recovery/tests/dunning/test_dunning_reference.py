"""The engine's statement against the reference model, on random ledgers."""

import os
import re
from collections import Counter
from contextlib import ExitStack
from itertools import pairwise
from random import Random
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .dunning_comparison import DunningComparison

#: Creditors drawn, and ledgers (debtors) of each. RECOVERY_LEDGERS=2000 draws as many creditors.
CREDITORS = int(os.environ.get("RECOVERY_LEDGERS", "60"))
DEBTORS = 40
SEED = int(os.environ.get("RECOVERY_SEED", "20260115"))

#: A bound, and the same a step further.
OTHER_SIDE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}

#: Conditions that never hold both, whose order says nothing: no level is no broken one, and no day no later one.
NEVER_BOTH = {
    ("level_id IS NULL", "level_broken"),
    ("day_reached IS NULL", "day_reached > today AND waits_for_notice"),
}


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
        """Without a condition, without a part of it, a step beyond its bound, or after the one that follows it,
        some verdict is another one."""
        unseen = {**self.weakened(), **self.swapped()}
        self.assertGreater(len(unseen), 35)
        for number in range(CREDITORS):
            if not unseen:
                return
            random = Random(SEED + number)  # noqa: S311 drawn again from the seed, not secret
            with self.drawn(random, DEBTORS) as (creditor, drawn, stored, run):
                expected = self.expected(creditor, drawn, stored)
                for name, changes in list(unseen.items()):
                    with ExitStack() as changed:
                        for reason, conditions in changes:
                            changed.enter_context(patch.object(type(reason), "_conditions", conditions))
                        if self.found(run, stored) != expected:
                            del unseen[name]
            self.env.invalidate_all()
        self.assertEqual(sorted(unseen), [], "No drawn ledger tells whether these hold")

    def conditions(self):
        """(reason, condition) of all reasons."""
        reasons = self.env["recovery.dunning.reason"]._things().values()
        return [(reason, condition) for reason in reasons for condition in reason._conditions]

    def weakened(self):
        """{what is wrong: [(reason, its conditions then)]}, each condition of each reason in turn."""
        return {
            f"{reason._code}: {before.holds.code} → {wrong or 'never'}": [
                _instead(reason, before, before._replace(holds=SQL(wrong or "FALSE")))
            ]
            for reason, before in self.conditions()
            for wrong in self.wrong(before.holds.code)
        }

    def swapped(self):
        """The same of each two conditions of a step that follow each other, tried the other way round."""
        in_order = sorted(self.conditions(), key=lambda pair: (pair[1].stage, pair[1].rank))
        return {
            f"{after.holds.code} before {before.holds.code}": [
                _instead(reason, before, before._replace(rank=after.rank)),
                _instead(following, after, after._replace(rank=before.rank)),
            ]
            for (reason, before), (following, after) in pairwise(in_order)
            if before.stage == after.stage and (before.holds.code, after.holds.code) not in NEVER_BOTH
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


def _instead(reason, before, after):
    return reason, tuple(after if one is before else one for one in reason._conditions)
