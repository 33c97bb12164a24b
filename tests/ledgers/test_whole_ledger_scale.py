"""What everything that reads a whole ledger looks at, whatever the planner was told of its tables.

Rows are counted as PostgreSQL counts them, at the moment and under the settings each statement is carried out with.
"""

import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

import dunning_ledger
import paid_ledger
from freezegun import freeze_time
from odoo.addons.payment_plan_recovery.tests.common.told_planner import tell_planner
from odoo.addons.payment_plan_recovery.tests.dunning.dunning_common import DunningCommon
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL
from plan_rows import looked_at, rows_looked_at, steps

ITEMS = 4_000
#: Rows that one statement may look at, for each item of the ledger: about twice what the dearest one does. One that
#: compares each row with every other looks at thousands.
MOST = 80
STATEMENTS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
#: What the planner may believe a table holds; nothing is known of it, where None.
BELIEVED = (None, 10, 1000, 10**5, 10**7)
#: The same of all tables, and of each what comes, drawn by these seeds.
ALIKE, MIXED = (None, 10, 10**7), (11, 12)
TABLES = (
    "account_move_line",
    "account_move",
    "account_partial_reconcile",
    "res_partner",
    "recovery_charge",
    "recovery_contact",
    "recovery_forecast_line",
    "recovery_hold",
    "recovery_notice",
    "recovery_notice_line",
    "recovery_plan",
    "recovery_plan_instalment",
    "recovery_plan_item",
    "recovery_segment_member",
    "recovery_worklist",
    "account_move_line_recovery_hold_rel",
)


@tagged("post_install", "-at_install")
class TestWholeLedgerScale(DunningCommon):
    world_of_its_own = True  # rows are counted: see dev/worlds.py

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(dunning_ledger.TODAY))
        cls.company.recovery_charge_since = "2000-01-01"
        cls.make_policy({"trigger": "due_date", "delay_days": 5})
        cls.make_policy({"trigger": "due_date", "delay_days": 5}, claim_kind="instalment")
        dunning_ledger.fill(cls.env, cls.company, ITEMS)
        dunning_ledger.add_holds(cls.env, cls.company)
        dunning_ledger.add_plans(cls.env, cls.company)
        cls.send_notices()
        cls.env["account.journal"].create({"name": "Bank", "code": "BNK", "type": "bank"})
        paid_ledger.pay(cls.env, cls.company, dunning_ledger.TODAY, every=2)
        cls.env.invalidate_all()

    @classmethod
    def send_notices(cls):
        """Let a run's notices have gone out a fortnight ago, so that their effect is known."""
        run = cls.env["recovery.dunning.run"].create(
            {"company_id": cls.company.id, "date": dunning_ledger.TODAY}
        )
        run.action_propose()
        run.action_confirm()
        cls.env.flush_all()
        sent = dunning_ledger.TODAY - timedelta(days=14)
        cls.env.cr.execute(
            "UPDATE recovery_notice SET state = 'sent', date = %s, date_sent = %s", [sent, sent]
        )

    def acts(self):
        """What is done over a whole ledger: name, and how."""
        env, company, today = self.env, self.company, dunning_ledger.TODAY
        kpi = env["recovery.kpi"]
        yield "dashboard", lambda: env["recovery.dashboard"].data({"period": "year"})
        yield "worklist", lambda: env["recovery.worklist"]._refresh(company, today)
        yield "forecast", lambda: env["recovery.forecast.line"]._keep(company, today)
        yield "first claims", lambda: env["recovery.claim"].search([], limit=80)
        yield "lessons", lambda: env["recovery.lesson"]._learn(company, today)
        yield "charges", lambda: env["recovery.charge"]._renew(company, today)
        yield "back-test", lambda: env["recovery.forecast.score"]._keep_when_due(company, today)
        yield "limitation", lambda: env["recovery.limitation"]._renew(company, today)
        yield "judgement", lambda: env["recovery.judgement"]._keep(company, today)
        yield "segments", lambda: env["recovery.segment"]._renew(company, today)
        for code in ("overdue", "reminders", "cost"):
            yield f"proof of {code}", lambda code=code: kpi.action_proof(code, today, today)

    @contextmanager
    def looking(self, dear):
        """Carry each statement out twice, once to see what it looks at; put those that look at too much in ``dear``."""
        execute, within = Cursor.execute, []

        def noting(cursor, query, params=None, log_exceptions=True):
            code, given = (query, params) if isinstance(query, str) else (query.code, query.params)
            if not within and code.lstrip(" (\n").upper().startswith(STATEMENTS):
                within.append(True)
                with cursor.savepoint(flush=False) as savepoint:
                    execute(cursor, f"EXPLAIN (ANALYZE, FORMAT JSON) {code}", given)
                    [[told]] = cursor.fetchall()
                    savepoint.rollback()
                within.pop()
                seen = sum(rows_looked_at(step) for step in steps(told[0]["Plan"]))
                if seen > MOST * ITEMS:
                    dear.append(f"{seen / ITEMS:.0f} an item: {' '.join(code.split())[:200]}")
            return execute(cursor, query, params, log_exceptions)

        self.patch(Cursor, "execute", noting)
        try:
            yield
        finally:
            self.patch(Cursor, "execute", execute)

    def beliefs(self):
        """Yield what the planner is told: what it is called, and how many rows each table holds."""
        for rows in ALIKE:
            yield f"all {rows}", dict.fromkeys(TABLES, rows)
        for seed in MIXED:
            draw = Random(seed)
            yield f"drawn by {seed}", {table: draw.choice(BELIEVED) for table in TABLES}

    def test_nothing_depends_on_what_the_planner_was_told(self):
        bad = {}
        for told, believed in self.beliefs():
            for name, act in self.acts():
                dear = []
                with self.env.cr.savepoint() as savepoint:
                    tell_planner(self.env, believed)
                    with self.looking(dear):
                        act()
                        self.env.flush_all()
                    savepoint.rollback()
                self.env.invalidate_all()
                if dear:
                    bad[name, told] = dear
        assert not bad, "\n".join(f"{act}: {dear}" for act, dear in bad.items())

    def test_a_page_of_claims_reads_a_page(self):
        claims = self.env["recovery.claim"]
        self.env.flush_all()
        self.env.cr.execute(SQL("ANALYZE account_move_line, res_partner, recovery_plan_item"))
        for order in ("date_due, id", "date_due desc, id"):
            found = looked_at(self.env, claims._search([], limit=80, order=order).select())
            assert found < ITEMS, f"{order}: {found}"
        assert looked_at(self.env, claims._search([], order="date_due, id").select()) > 2 * ITEMS
