"""Charges of ledgers that grew a moment ago: few statements, none of which stalls."""

from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.charge.rows import by_ids
from ..common.told_planner import tell_planner
from .charge_common import ChargeCommon

DAY = date(2026, 6, 30)
#: What charges are read from.
TABLES = ("account_move", "account_move_line", "account_partial_reconcile", "recovery_charge", "res_partner")


@tagged("post_install", "-at_install")
class TestChargeScale(ChargeCommon):
    world_of_its_own = True  # rows are counted: see dev/worlds.py

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.invoice(1200, "2025-03-31")
        cls.pay(cls.late, 300, "2025-05-31")
        cls.consumer = cls.invoice(500, "2025-03-31", cls.debtor(is_company=False))
        cls.level = cls.env.ref("payment_plan_recovery.level_standard_formal")
        cls.env.flush_all()

    def copies(self, move, count):
        """Copy an entry's rows, what was received on it and a formal notice; without telling the planner."""
        cr, facts = self.env.cr, {"count": count}
        item = self.item(move)
        facts |= {
            "move": move.id,
            "item": item.id,
            "first": self._next("account_move"),
            "level": self.level.id,
        }
        facts |= {"first_line": self._next("account_move_line"), "partner": item.partner_id.id}
        facts |= {"company": self.company.id, "account": item.account_id.id}
        facts["amount"] = item.amount_currency
        for statement in (MOVES, LINES, CREDITS, PARTIALS, NOTICES, NOTICE_LINES):
            cr.execute(SQL(statement, **facts))
        cr.execute("SELECT id FROM account_move_line WHERE name = 'copy' AND balance > 0")
        ids = [row[0] for row in cr.fetchall()]
        for table in ("account_move", "account_move_line"):
            cr.execute(
                SQL("SELECT setval(%s, (SELECT MAX(id) FROM %s))", f"{table}_id_seq", SQL.identifier(table))
            )
        self.env.invalidate_all()
        return self.env["account.move.line"].browse(ids)

    def _next(self, table):
        [(last,)] = self.env.execute_query(SQL("SELECT MAX(id) FROM %s", SQL.identifier(table)))
        return last + 1

    def _queries_to_renew(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.charges._renew(self.company, DAY)
        return self.env.cr.sql_log_count - before

    def test_items_inserted_a_moment_ago_do_not_stall(self):
        items = self.copies(self.consumer, 3000)
        self.env.cr.execute("SET LOCAL statement_timeout = '10s'")
        some = items[:250]._recovery_charges(DAY)
        self.assertEqual({charges.interest > 0 for charges in some.values()}, {True})
        whole = self.env["recovery.charge.engine"]._ledger(by_ids(items.ids), DAY, self.company)
        self.assertEqual(len(whole), 3000)
        self.charges._renew(self.company, DAY)
        accrued = self.charges.search([("move_line_id", "in", items[:250].ids)])
        self.assertEqual(
            {(charge.move_line_id.id, f"{charge.amount:.2f}") for charge in accrued},
            {(item_id, str(charges.interest)) for item_id, charges in some.items()},
        )

    def test_whatever_the_planner_was_told(self):
        """Of tables it knows nothing, that they were empty once, or hold far more than they do."""
        items = self.copies(self.late, 2000)
        engine = self.env["recovery.charge.engine"]
        pricing = engine._pricing(self.company)
        for rows in (None, 0, 10, 10**8):
            with self.subTest(rows), self.env.cr.savepoint() as savepoint:
                for table in TABLES:
                    tell_planner(self.env, {table: rows})
                self.env.cr.execute("SET LOCAL statement_timeout = '10s'")
                for asked in (items[:40], items):
                    for query in (
                        engine._paid_sql(asked.move_id.ids, pricing),
                        engine._matched_sql(asked.ids),
                    ):
                        self.assertLess(self._looked_at(query), 25 * len(asked))
                some = items[:250]._recovery_charges(DAY)
                self.assertEqual(len({charges.interest for charges in some.values()}), 1)
                whole = engine._ledger(by_ids(items.ids), DAY, self.company)
                self.assertEqual(len(whole), 2000)
                savepoint.rollback()

    def _looked_at(self, query):
        """The rows that ``query`` looks at in its tables together, as PostgreSQL counts them.

        What is passed on from step to step is not counted again: into how many a plan is cut is the planner's affair.
        """
        [[[told]]] = self.env.execute_query(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query))
        steps, seen = [told["Plan"]], 0
        for step in steps:
            steps += step.get("Plans", ())
            if "Relation Name" in step:
                rows = ("Actual Rows", "Rows Removed by Filter")
                seen += step["Actual Loops"] * sum(step.get(name, 0) for name in rows)
        return seen

    def test_as_many_queries_for_many_items_as_for_few(self):
        few = self.copies(self.late, 5)
        self._queries_to_renew()  # what only the first one asks for
        queries = [self._queries_to_renew()]
        self.copies(self.late, 500)
        queries.append(self._queries_to_renew())
        self.assertEqual(len(set(queries)), 1, queries)
        self.assertLess(queries[0], 40)
        self.assertEqual(self.charges.search_count([("move_line_id", "in", few.ids)]), 2 * len(few))


MOVES = """
    INSERT INTO account_move (
        id, name, journal_id, company_id, currency_id, state, move_type, auto_post, date, invoice_date, partner_id,
        commercial_partner_id
    )
    SELECT %(first)s + number, 'COPY/' || %(first)s + number, move.journal_id, move.company_id, move.currency_id,
           'posted', move.move_type, 'no', move.date, move.invoice_date, move.partner_id,
           move.commercial_partner_id
      FROM account_move move, generate_series(0, %(count)s - 1) number
     WHERE move.id = %(move)s
"""

LINES = """
    INSERT INTO account_move_line (
        id, name, move_id, parent_state, journal_id, company_id, company_currency_id, currency_id, account_id,
        partner_id, date, date_maturity, display_type, balance, amount_currency, debit, credit, amount_residual,
        amount_residual_currency, reconciled
    )
    SELECT %(first_line)s + 2 * number, 'copy', %(first)s + number, 'posted', line.journal_id, line.company_id,
           line.company_currency_id, line.currency_id, line.account_id, line.partner_id, line.date,
           line.date_maturity, 'payment_term', line.balance, line.amount_currency, line.debit, 0, line.balance,
           line.amount_currency, FALSE
      FROM account_move_line line, generate_series(0, %(count)s - 1) number
     WHERE line.id = %(item)s
"""

CREDITS = """
    INSERT INTO account_move_line (
        id, name, move_id, parent_state, journal_id, company_id, company_currency_id, currency_id, account_id,
        partner_id, date, display_type, balance, amount_currency, debit, credit, amount_residual,
        amount_residual_currency, reconciled
    )
    SELECT %(first_line)s + 2 * number + 1, 'copy', %(first)s + number, 'posted', line.journal_id, line.company_id,
           line.company_currency_id, line.currency_id, line.account_id, line.partner_id, '2025-05-31',
           'payment_term', -100, -100, 0, 100, 0, 0, TRUE
      FROM account_move_line line, generate_series(0, %(count)s - 1) number
     WHERE line.id = %(item)s
"""

PARTIALS = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, company_id, max_date, amount, debit_amount_currency, credit_amount_currency
    )
    SELECT %(first_line)s + 2 * number, %(first_line)s + 2 * number + 1, %(company)s, '2025-05-31', 100, 100, 100
      FROM generate_series(0, %(count)s - 1) number
"""

NOTICES = """
    INSERT INTO recovery_notice (company_id, partner_id, level_id, state, channel, date, date_sent, name)
    SELECT %(company)s, %(partner)s, %(level)s, 'sent', 'letter', '2025-06-01', '2025-06-01 10:00',
           'COPY ' || %(first)s + number
      FROM generate_series(0, %(count)s - 1) number
"""

NOTICE_LINES = """
    INSERT INTO recovery_notice_line (
        notice_id, move_line_id, is_live, level_id
    )
    SELECT notice.id, %(first_line)s + 2 * number, FALSE, %(level)s
      FROM generate_series(0, %(count)s - 1) number
      JOIN recovery_notice notice ON notice.name = 'COPY ' || %(first)s + number
"""
