"""The engine's statement against the reference model, on random ledgers."""

import os
from collections import Counter
from decimal import Decimal
from random import Random

from odoo.tests import tagged

from .dunning_common import DunningCommon
from .dunning_ledger_writer import LedgerWriter
from .dunning_ledgers import TODAY, LedgerMaker
from .dunning_reference import judge

#: Creditors drawn, and ledgers (debtors) of each. RECOVERY_LEDGERS=2000 draws as many creditors.
CREDITORS = int(os.environ.get("RECOVERY_LEDGERS", "60"))
DEBTORS = 40
SEED = int(os.environ.get("RECOVERY_SEED", "20260115"))


@tagged("post_install", "-at_install")
class TestDunningReference(DunningCommon):
    def test_engine_agrees_with_the_reference(self):
        seen = Counter()
        for number in range(CREDITORS):
            seen.update(self.compare(SEED + number))
        reasons = {code for code, _label in self.env["recovery.dunning.reason"]._reason_selection()}
        self.assertEqual(reasons - set(seen), set(), "Some reason was never drawn: the ledgers are too tame")

    def compare(self, seed):
        """Draw, write and judge one creditor's ledgers; the reasons that came up."""
        maker = LedgerMaker(Random(seed))  # noqa: S311 drawn again from the seed, not secret
        creditor = maker.creditor()
        debtors = [maker.debtor(creditor) for _number in range(DEBTORS)]
        with self.env.cr.savepoint() as savepoint:
            stored = LedgerWriter(self, self.company).write_ledger(creditor, debtors)
            run = self.make_run(0)
            self.assertEqual(run.date, TODAY)
            found = self.found(run, stored)
            savepoint.rollback()
        self.env.invalidate_all()
        expected = self.expected(creditor, debtors, stored)
        for claim_id, (debtor, index) in stored.claims.items():
            self.assertEqual(
                found.get(claim_id),
                expected[claim_id],
                f"\nSeed {seed}, claim {index} of\n{debtor}\nunder\n{creditor}",
            )
        self.assertEqual(found.keys(), expected.keys())
        return Counter(verdict[0] for verdict in found.values())

    def expected(self, creditor, debtors, stored):
        ids = {(id(debtor), index): claim_id for claim_id, (debtor, index) in stored.claims.items()}
        return {
            ids[id(debtor), index]: (
                verdict.reason,
                verdict.policy and verdict.policy.name,
                verdict.level and verdict.level.name,
                verdict.notice_level and verdict.notice_level.name,
                verdict.channel,
                verdict.amount,
                verdict.company_amount,
            )
            for debtor in debtors
            for index, verdict in enumerate(judge(creditor, debtor, TODAY))
        }

    def found(self, run, stored):
        policies = {record.id: name for name, record in stored.policies.items()}
        levels = {record.id: name for name, record in stored.levels.items()}
        self.env.cr.execute(run._statement())
        return {
            row["id"]: (
                row["reason"],
                policies.get(row["policy_id"]),
                levels.get(row["level_id"]),
                levels.get(row["notice_level_id"]),
                row["channel"],
                Decimal(str(row["amount_residual"])),
                Decimal(str(row["amount_company"])),
            )
            for row in self.env.cr.dictfetchall()
        }
