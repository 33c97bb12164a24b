"""What the dunning statements look at on a ledger that has just grown, before the planner was told."""

import io
import sys
from pathlib import Path
from random import Random

from odoo.addons.payment_plan_recovery.models.common.planner import FEW, one_by_one, set_by_set, suiting
from odoo.addons.payment_plan_recovery.tests.dunning.dunning_common import DunningCommon
from odoo.tests import tagged
from odoo.tools import SQL

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

import dunning_ledger
from odoo.addons.payment_plan_recovery.tests.common.told_planner import tell_planner
from plan_rows import looked_at, looks

ITEMS = 10_000
#: Rows that all steps of a statement may look at together, for each item of the ledger, about twice what
#: they do. A statement that compares each claim with every other looks at thousands.
JUDGING, READING = 60, 15
#: What a statement reads that grows with the ledger.
TABLES = (
    "account_move_line",
    "account_move",
    "res_partner",
    "recovery_notice",
    "recovery_notice_line",
    "recovery_hold",
    "account_move_line_recovery_hold_rel",
    "recovery_plan",
    "recovery_plan_item",
    "recovery_plan_instalment",
    "recovery_contact",
)


@tagged("post_install", "-at_install")
class TestDunningScale(DunningCommon):
    world_of_its_own = True  # rows are counted: see dev/worlds.py
    maxDiff = None

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
        """Carry ``statement`` out as the product does; assert that it looks at each row a bounded number of times."""
        with set_by_set(self.env.cr):
            seen = looks(self.env, statement)
        assert ITEMS < sum(seen.values()) < most * ITEMS, seen

    def test_judging(self):
        self.assert_scales(self.make_run()._statement(), JUDGING)

    def test_judging_after_a_run(self):
        run = self.make_run()
        run.action_propose()
        run.action_confirm()
        self.assert_scales(self.make_run()._statement(), JUDGING)

    def test_judging_whatever_the_planner_was_told(self):
        """Statistics of each table that are missing, or were taken when it held far fewer rows, or far more."""
        run = self.make_run()
        run.action_propose()
        run.action_confirm()
        statement = self.make_run()._statement()
        self.env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, TABLES))))
        self.assert_scales(statement, JUDGING)
        told = [{table: rows} for table in TABLES for rows in (None, 10, 10**8)]
        told += [dict.fromkeys(TABLES, rows) for rows in (None, 10, 10**8)]
        told += self.mixed(6)
        bad = {}
        for each in told:
            with self.env.cr.savepoint() as savepoint:
                for table, rows in each.items():
                    tell_planner(self.env, {table: rows})
                try:
                    self.assert_scales(statement, JUDGING)
                except AssertionError as error:
                    bad[str(each)] = str(error)[:300]
                savepoint.rollback()
        assert not bad

    def mixed(self, count):
        """Draw what the planner is told of some of the tables, each of them something else."""
        random = Random(15)
        drawn = [
            {table: random.choice(("true", None, 10, 10**8)) for table in TABLES} for _number in range(count)
        ]
        return [{table: rows for table, rows in each.items() if rows != "true"} for each in drawn]

    def test_one_debtor_whatever_the_planner_was_told(self):
        [debtor_id] = self.env.execute_query(
            SQL("SELECT MIN(partner_id) FROM recovery_claim WHERE company_id = %s", self.company.id)
        )[0]
        statement = self.make_run()._statement(self.env["res.partner"].browse(debtor_id))
        for rows in (None, 10, 10**8):
            with self.subTest(rows), self.env.cr.savepoint() as savepoint:
                for table in TABLES:
                    tell_planner(self.env, {table: rows})
                with one_by_one(self.env.cr):
                    assert sum(looks(self.env, statement).values()) < 12 * ITEMS
                savepoint.rollback()

    def test_some_debtors_whatever_the_planner_was_told(self):
        """Those of a batch of notices, and those that something was written of since all were judged."""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT partner_id FROM recovery_claim WHERE company_id = %s", self.company.id)
        )
        debtors = self.env["res.partner"].browse(sorted(row[0] for row in rows))
        told = [dict.fromkeys(TABLES, rows) for rows in (None, 10, 10**8)] + self.mixed(6)
        bad = {}
        for count, most in ((50, 25), (FEW, 120), (1500, JUDGING)):
            some = debtors[:count]
            statement = self.make_run()._statement(some)
            for each in told:
                with self.env.cr.savepoint() as savepoint:
                    for table, rows in each.items():
                        tell_planner(self.env, {table: rows})
                    with suiting(self.env.cr, some):
                        seen = looked_at(self.env, statement)
                    savepoint.rollback()
                if seen > most * ITEMS:
                    bad[count, str(each)] = seen / ITEMS
        assert len(debtors) > 1500
        assert not bad

    def test_confirmation(self):
        run = self.make_run()
        run.action_propose()
        confirmation = self.env["recovery.dunning.confirmation"]
        few, many = run._scope(confirmation._few_ticked(run)), run._scope(among=confirmation._ticked_sql(run))
        for scope in (few, many):
            with self.env.cr.savepoint() as savepoint:
                self.env["recovery.dunning.proposal"]._put_judged_aside(scope)
                self.assert_scales(confirmation._statement(run, scope, SQL("TRUE")), READING)
                savepoint.rollback()
        # the run's lines are as fresh as that: the planner was told nothing of them, or of another run's
        judging = self.env["recovery.dunning.engine"]._statement(many)
        for rows in (None, 10, 10**8):
            with self.subTest(rows):
                tell_planner(self.env, {"recovery_dunning_run_line": rows})
                self.assert_scales(judging, JUDGING)

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
