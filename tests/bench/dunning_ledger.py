"""A large ledger made by SQL: invoices of many debtors as Odoo would have posted them.

Only Odoo's own tables are written by :func:`fill`, so that a database without the addon gets the same
ledger; :func:`add_holds` and :func:`add_plans` add what only the addon knows. Only :func:`settle` commits.
"""

from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

#: Day on which the ledgers are judged: half of the items are due before it.
TODAY = date(2026, 6, 30)
ITEMS_PER_DEBTOR = 5
#: The tables of a ledger.
LEDGER = ("res_partner", "account_move", "account_move_line")


class Settled(NamedTuple):
    """Nothing of the invoices is open: all so many days ``earlier``, ``gathered`` on the first ones of the debtors."""

    earlier: int
    gathered: int


def fill(env, company, items, settled=None):
    """Post ``items`` customer invoices, five for each debtor: half overdue, a tenth part-paid, unless ``settled``."""
    accounts = env["account.account"].with_company(company)
    receivable = accounts.search([("account_type", "=", "asset_receivable")], limit=1)
    income = accounts.search([("account_type", "=", "income")], limit=1)
    journal = env["account.journal"].search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
    cr = env.cr
    # What the rows refer to is made here, just before: foreign keys need not be looked up again.
    cr.execute("SET LOCAL session_replication_role = replica")
    cr.execute("SELECT COALESCE(MAX(id), 0) FROM res_partner")
    first_partner = cr.fetchone()[0]
    cr.execute("SELECT COALESCE(MAX(id), 0) FROM account_move")
    first_move = cr.fetchone()[0]
    facts = {
        "items": items,
        "debtors": items // ITEMS_PER_DEBTOR,
        "first_partner": first_partner,
        "first_move": first_move,
        "company": company.id,
        "currency": company.currency_id.id,
        "journal": journal.id,
        "receivable": receivable.id,
        "income": income.id,
        "today": TODAY - timedelta(days=settled.earlier if settled else 0),
        "gathered": settled.gathered if settled else 1,
        "settled": bool(settled),
    }
    for statement in (DEBTORS, MOVES, RECEIVABLE_LINES, INCOME_LINES):
        cr.execute(SQL(statement, **facts))
    for table in LEDGER:
        table_name = SQL.identifier(table)
        cr.execute(SQL("SELECT setval(%s, (SELECT MAX(id) FROM %s))", f"{table}_id_seq", table_name))
    cr.execute("SET LOCAL session_replication_role = origin")
    _analyze(env, *LEDGER)
    env.invalidate_all()


@contextmanager
def indexes_afterwards(env, *tables):
    """Let rows be put into tables that have no indexes but their keys: those are built once, when all rows are there.

    For a database that nobody else works on. Row by row, two dozen indexes take most of the time of a large ledger.
    """
    cr = env.cr
    cr.execute(
        """
        SELECT indexdef, indexname FROM pg_indexes
         WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """,
        [list(tables or LEDGER)],
    )
    indexes = cr.fetchall()
    for _definition, name in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for definition, _name in indexes:
        cr.execute(definition)


def add_holds(env, company):
    """Put one debtor in fifty on hold, and one of the items of another one in fifty."""
    env.cr.execute(SQL(DEBTOR_HOLDS, company=company.id, today=TODAY))
    env.cr.execute(SQL(ITEM_HOLDS, company=company.id, today=TODAY))
    _analyze(env, "recovery_hold", "account_move_line_recovery_hold_rel")


def add_plans(env, company):
    """Give one debtor in a hundred an active plan over its items, six instalments, two of them past."""
    # One plan made the ordinary way lends the others what they do not care about.
    template = env["recovery.plan"].create({"partner_id": company.partner_id.id, "company_id": company.id})
    env.flush_all()
    env.cr.execute(SQL(PLANS, company=company.id, template=template.id, today=TODAY))
    template.unlink()
    env.cr.execute(SQL(PLAN_ITEMS, company=company.id))
    env.cr.execute(SQL(PLAN_INSTALMENTS, company=company.id, today=TODAY))
    _analyze(env, "recovery_plan", "recovery_plan_item", "recovery_plan_instalment")


def settle(env):
    """Do at once what autovacuum would do after so many rows arrived, beside what is measured."""
    env.cr.commit()
    connection = env.cr._cnx
    connection.autocommit = True
    env.cr.execute("VACUUM ANALYZE res_partner, account_move, account_move_line")
    connection.autocommit = False


def _analyze(env, *tables):
    """What autovacuum does by itself soon after so many rows arrived."""
    for table in tables:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


DEBTORS = """
    INSERT INTO res_partner (
        id, name, complete_name, commercial_partner_id, is_company, active, type, email, email_normalized,
        street, zip, city, lang, autopost_bills, customer_rank, ref, create_date, write_date
    )
    SELECT %(first_partner)s + n, 'Debtor ' || n, 'Debtor ' || n, %(first_partner)s + n, n %% 3 > 0, TRUE,
           'contact', address.mail, address.mail, n || ' High Street', '75001', 'Paris', 'en_US', 'ask', 1,
           'D' || n, NOW(), NOW()
      FROM generate_series(1, %(debtors)s) n,
           LATERAL (SELECT CASE WHEN n %% 10 > 0 THEN 'debtor' || n || '@example.com' END AS mail) address
"""

MOVES = """
    INSERT INTO account_move (
        id, name, sequence_prefix, sequence_number, journal_id, company_id, currency_id, state, move_type,
        auto_post,
        date, invoice_date, invoice_date_due, partner_id, commercial_partner_id, payment_state, posted_before,
        amount_total, amount_residual, amount_total_signed, amount_residual_signed, amount_untaxed_signed,
        create_date, write_date
    )
    SELECT %(first_move)s + n, 'BENCH/2026/' || (%(first_move)s + n), 'BENCH/2026/', n, %(journal)s,
    %(company)s, %(currency)s, 'posted',
           'out_invoice', 'no', due.day - 30, due.day - 30, due.day, debtor.id, debtor.id,
           CASE WHEN n %% 10 = 7 THEN 'partial' ELSE 'not_paid' END, TRUE,
           amount.value, amount.value, amount.value, amount.value,
           CASE WHEN %(settled)s THEN amount.value END, NOW(), NOW()
      FROM generate_series(1, %(items)s) n,
           LATERAL (SELECT %(first_partner)s + 1 + (n - 1) / 5 / %(gathered)s AS id) debtor,
           LATERAL (SELECT %(today)s::date + (n::bigint * 7919 %% 240)::int - 120 AS day) due,
           LATERAL (SELECT 20 + (n::bigint * 104729 %% 500000) / 100.0 AS value) amount
"""

RECEIVABLE_LINES = """
    INSERT INTO account_move_line (
        move_id, move_name, parent_state, journal_id, company_id, company_currency_id, currency_id,
        account_id,
        partner_id, date, invoice_date, date_maturity, display_type, name, balance, amount_currency, debit,
        credit,
        amount_residual, amount_residual_currency, reconciled, no_followup, create_date, write_date
    )
    SELECT move.id, move.name, 'posted', move.journal_id, move.company_id, move.currency_id, move.currency_id,
           %(receivable)s, move.partner_id, move.date, move.date, move.invoice_date_due, 'payment_term',
           move.name,
           move.amount_total, move.amount_total, move.amount_total, 0, residual.amount, residual.amount,
           %(settled)s,
           FALSE, NOW(), NOW()
      FROM account_move move,
           LATERAL (
               SELECT CASE WHEN %(settled)s THEN 0
                           WHEN move.payment_state = 'partial' THEN ROUND(move.amount_total * 0.6, 2)
                           ELSE move.amount_total
                      END AS amount
           ) residual
     WHERE move.id > %(first_move)s
"""

INCOME_LINES = """
    INSERT INTO account_move_line (
        move_id, move_name, parent_state, journal_id, company_id, company_currency_id, currency_id,
        account_id,
        partner_id, date, invoice_date, display_type, name, balance, amount_currency, debit, credit,
        amount_residual, amount_residual_currency, reconciled, no_followup, create_date, write_date
    )
    SELECT move.id, move.name, 'posted', move.journal_id, move.company_id, move.currency_id, move.currency_id,
           %(income)s, move.partner_id, move.date, move.date, 'product', 'Work', -move.amount_total,
           -move.amount_total, 0, move.amount_total, 0, 0, FALSE, FALSE, NOW(), NOW()
      FROM account_move move
     WHERE move.id > %(first_move)s
"""

DEBTOR_HOLDS = """
    INSERT INTO recovery_hold (partner_id, company_id, kind, date_from, date_until, reason, amount,
    create_date)
    SELECT DISTINCT claim.partner_id, %(company)s, 'manual', %(today)s::date - 10, %(today)s::date + 10,
           'Benchmark', 0, NOW()
      FROM recovery_claim claim
     WHERE claim.company_id = %(company)s AND claim.partner_id %% 50 = 3
"""

ITEM_HOLDS = """
    WITH held AS (
        INSERT INTO recovery_hold (partner_id, company_id, kind, date_from, date_until, reason, amount,
        create_date)
        SELECT claim.partner_id, %(company)s, 'dispute', %(today)s::date - 10, %(today)s::date + 10,
               MIN(claim.move_line_id)::text, 0, NOW()
          FROM recovery_claim claim
         WHERE claim.company_id = %(company)s AND claim.partner_id %% 50 = 4
         GROUP BY claim.partner_id
        RETURNING id, reason
    )
    INSERT INTO account_move_line_recovery_hold_rel (recovery_hold_id, account_move_line_id)
    SELECT id, reason::int FROM held
"""

PLANS = """
    INSERT INTO recovery_plan
    SELECT made.*
      FROM (
        SELECT DISTINCT claim.partner_id
          FROM recovery_claim claim
         WHERE claim.company_id = %(company)s AND claim.partner_id %% 100 = 5
      ) debtor,
           recovery_plan template,
           LATERAL jsonb_populate_record(template, jsonb_build_object(
               'id', nextval('recovery_plan_id_seq'), 'name', 'BENCH/' || debtor.partner_id,
               'partner_id', debtor.partner_id, 'state', 'active', 'date_activated', %(today)s::date - 60
           )) made
     WHERE template.id = %(template)s
"""

PLAN_ITEMS = """
    INSERT INTO recovery_plan_item (plan_id, company_id, move_line_id, date_due, amount_covered, is_live,
    create_date)
    SELECT plan.id, plan.company_id, claim.move_line_id, claim.date_due, claim.amount_residual, TRUE, NOW()
      FROM recovery_plan plan
      JOIN recovery_claim claim ON claim.partner_id = plan.partner_id AND claim.company_id = plan.company_id
     WHERE plan.company_id = %(company)s
"""

PLAN_INSTALMENTS = """
    INSERT INTO recovery_plan_instalment (
        plan_id, company_id, partner_id, currency_id, plan_state, number, date_due, amount, amount_paid,
        amount_residual,
        create_date
    )
    SELECT plan.id, plan.company_id, plan.partner_id, plan.currency_id, plan.state, number,
           (%(today)s::date - interval '2 months' + number * interval '1 month')::date, share.amount, 0,
           share.amount,
           NOW()
      FROM recovery_plan plan
      CROSS JOIN generate_series(1, 6) number
      CROSS JOIN LATERAL (
          SELECT ROUND(SUM(item.amount_covered) / 6,
          2) AS amount FROM recovery_plan_item item WHERE item.plan_id = plan.id
      ) share
     WHERE plan.company_id = %(company)s
"""
