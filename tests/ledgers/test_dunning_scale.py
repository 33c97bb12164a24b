"""What the dunning statements look at on a ledger that has just grown, before the planner was told."""

import io
import sys
from pathlib import Path

from odoo.addons.payment_plan_recovery.tests.dunning.dunning_common import DunningCommon
from odoo.tests import tagged
from odoo.tools import SQL

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

import dunning_ledger
from plan_rows import looks

ITEMS = 10_000
#: Rows that all steps of a statement may look at together, for each item of the ledger, about twice what
#: they do. A statement that compares each claim with every other looks at thousands.
JUDGING, READING = 60, 15


@tagged("post_install", "-at_install")
class TestDunningScale(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_policy({"trigger": "due_date", "delay_days": 5})
        cls.make_policy({"trigger": "due_date", "delay_days": 5}, claim_kind="instalment")
        dunning_ledger.fill(cls.env, cls.company, ITEMS)
        dunning_ledger.add_holds(cls.env, cls.company)
        dunning_ledger.add_plans(cls.env, cls.company)
        # The last the planner heard of proposals is one of an earlier run: it expects none of a new one.
        earlier = cls.make_run()
        earlier.action_propose()
        earlier.action_cancel()
        cls.env.cr.execute("ANALYZE recovery_dunning_run_line")

    @classmethod
    def make_run(cls):
        return cls.env["recovery.dunning.run"].create(
            {"company_id": cls.company.id, "date": dunning_ledger.TODAY}
        )

    def assert_scales(self, statement, most):
        """Carry ``statement`` out; assert that it looks at each row a bounded number of times."""
        seen = looks(self.env, statement)
        assert ITEMS < sum(seen.values()) < most * ITEMS, seen

    def test_judging(self):
        self.assert_scales(self.make_run()._statement(), JUDGING)

    def test_judging_after_a_run(self):
        run = self.make_run()
        run.action_propose()
        run.action_confirm()
        self.assert_scales(self.make_run()._statement(), JUDGING)

    def test_confirmation(self):
        run = self.make_run()
        run.action_propose()
        scope = run._scope(self.env["recovery.dunning.confirmation"]._ticked_debtors(run))
        self.env["recovery.dunning.proposal"]._put_judged_aside(scope)
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        self.assert_scales(
            self.env["recovery.dunning.confirmation"]._statement(run, scope, SQL("TRUE")), READING
        )

    def test_review_of_a_run_just_confirmed(self):
        run = self.make_run()
        run.action_propose()
        run.action_confirm()
        review = self.env["recovery.review.xlsx"]
        review._put_claims_aside(run)
        for query in (review._by_level(), review._by_reason(), review._chased(run), review._excluded(run)):
            self.assert_scales(query, READING)
        aged = self.env["recovery.review.aged"]
        self.assert_scales(aged._rows_sql(run.company_id, run.date), READING)

    def test_review_is_written(self):
        run = self.make_run()
        run.action_propose()
        run.action_confirm()
        self.env.cr.execute("SET LOCAL statement_timeout = '20s'")
        file = io.BytesIO()
        run.write_review(file)
        assert file.tell() > 100_000
