"""One creditor's drawn ledgers, judged by the engine's statement and by the reference model."""

from collections import Counter
from contextlib import contextmanager
from decimal import Decimal

from .dunning_common import DunningCommon
from .dunning_ledger_writer import LedgerWriter
from .dunning_ledgers import TODAY, LedgerMaker
from .dunning_reference import judge


class DunningComparison(DunningCommon):
    def compare(self, random, debtors, drawn_by):
        """Draw, write and judge the ledgers of one creditor's debtors; the reasons that came up, counted.

        :param random: what draws them, as ``random.Random`` does
        :param debtors: how many
        :param drawn_by: what a failure says of how to draw them again
        """
        with self.drawn(random, debtors) as (creditor, drawn, stored, run):
            found = self.found(run, stored)
        self.env.invalidate_all()
        expected = self.expected(creditor, drawn, stored)
        for claim_id, (debtor, index) in stored.claims.items():
            self.assertEqual(
                found.get(claim_id),
                expected[claim_id],
                f"\n{drawn_by}, claim {index} of\n{debtor}\nunder\n{creditor}",
            )
        self.assertEqual(found.keys(), expected.keys())
        return Counter(verdict[0] for verdict in found.values())

    @contextmanager
    def drawn(self, random, debtors):
        """The ledgers of one creditor's debtors while they are there: (creditor, debtors, what is stored, run)."""
        maker = LedgerMaker(random)
        creditor = maker.creditor()
        drawn = [maker.debtor(creditor) for _number in range(debtors)]
        for debtor in drawn:
            debtor.is_ours = maker.chance(4)
            debtor.represented = debtor.contact_email and maker.chance(20)
        with self.env.cr.savepoint() as savepoint:
            stored = LedgerWriter(self, self.company).write_ledger(creditor, drawn)
            run = self.make_run(0)
            self.assertEqual(run.date, TODAY)
            yield creditor, drawn, stored, run
            savepoint.rollback()

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
