"""What it takes to price the lateness of a whole ledger, against selecting its rows with their payments."""

from datetime import date
from time import perf_counter

import ledgers
from odoo.tools import SQL
from size import shrunk

DATE = date(2026, 6, 30)
ITEMS = shrunk(100_000)
#: The floor is noisy on a shared machine: the best of so many runs of each counts.
RUNS = 5


def run(bench):
    with bench.environment(ledger=(ledgers.open_items, ITEMS)) as env:
        company = bench.french_company(env)
        make_late(env, company)
        engine, accounts = env["recovery.charge.engine"], receivable_accounts(company)
        floor, whole = best(
            lambda: env.execute_query(SQL(FLOOR, company=company.id, accounts=accounts)),
            lambda: engine._ledger(SQL(OPEN), DATE, company),
        )
        [kernel] = one_by_one(env, company)
        bench.figure(f"charges: rows of {ITEMS:,} claims with their payments", floor, bound=None, unit="s")
        bench.figure(f"charges: {ITEMS:,} claims priced", whole, bound=None, unit="s")
        bench.figure("charges: priced / rows with their payments", whole / floor, bound=2.5, unit="x")
        bench.figure("charges: 1,000 claims priced by the kernel, with working", kernel, bound=None, unit="s")
        with bench.measure() as measure:
            env["recovery.charge"]._renew(company, DATE)
        bench.figure(f"charges: {ITEMS:,} claims' accruals written", measure.seconds, bound=None, unit="s")
        env.cr.commit()
        with bench.measure() as measure:
            env["recovery.charge"]._renew(company, DATE)
        bench.figure("charges: the same again, nothing changed", measure.seconds, bound=None, unit="s")


def best(*functions):
    """Seconds of the fastest of some runs of each, taken by turns: what else the machine does meets all alike."""
    seconds = [[] for _ in functions]
    for _ in range(RUNS):
        for function, taken in zip(functions, seconds, strict=True):
            start = perf_counter()
            function()
            taken.append(perf_counter() - start)
    return [min(taken) for taken in seconds]


def one_by_one(env, company):
    rows = env.execute_query(SQL(OVERDUE, company=company.id, accounts=receivable_accounts(company)))
    ids = [row[0] for row in rows]
    lines = env["account.move.line"].browse(ids)
    return best(lambda: lines._recovery_charges(DATE))


def receivable_accounts(company):
    domain = [("account_type", "=", "asset_receivable"), ("company_ids", "in", company.ids)]
    return tuple(company.env["account.account"].search(domain).ids)


def make_late(env, company):
    """Spread due dates over three years and debtors over Europe, and pay a third of the items in part."""
    facts = {"company": company.id, "today": DATE}
    for statement in (DUE_DATES, COUNTRIES, PAYMENTS, PAYMENT_LINES, PARTIALS, RESIDUALS):
        env.cr.execute(SQL(statement, **facts))
    env.cr.commit()
    env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile, res_partner")
    env.cr.commit()
    env.invalidate_all()


OPEN = "line.reconciled IS NOT TRUE"

OVERDUE = """
    SELECT line.id
      FROM account_move_line line
     WHERE line.company_id = %(company)s
       AND line.account_id IN %(accounts)s
       AND line.parent_state = 'posted'
       AND line.reconciled IS NOT TRUE
       AND line.amount_currency > 0
 LIMIT 1000
"""

FLOOR = """
    SELECT line.id, line.date_maturity, line.amount_currency, line.currency_id, debtor.country_id,
           debtor.is_company, received.list
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN res_partner debtor ON debtor.id = line.partner_id
      LEFT JOIN (
           SELECT partial.debit_move_id,
                  array_agg(ARRAY[credit.date::text, partial.debit_amount_currency::text]) AS list
             FROM account_partial_reconcile partial
             JOIN account_move_line credit ON credit.id = partial.credit_move_id
            GROUP BY partial.debit_move_id
           ) received ON received.debit_move_id = line.id
     WHERE line.company_id = %(company)s
       AND line.account_id IN %(accounts)s
       AND line.parent_state = 'posted'
       AND line.reconciled IS NOT TRUE
       AND line.amount_currency > 0
"""

DUE_DATES = """
    UPDATE account_move_line
       SET date_maturity = %(today)s::date - 1 - (id::bigint * 7919 %% 1080)::int
     WHERE company_id = %(company)s AND display_type = 'payment_term'
"""

COUNTRIES = """
    UPDATE res_partner
       SET country_id = country.id
      FROM res_country country
     WHERE res_partner.name LIKE 'Debtor %%'
       AND country.code = (
           ARRAY['FR', 'FR', 'FR', 'FR', 'BE', 'DE', 'NL', 'GB', 'CH', 'ES']
       )[1 + res_partner.id %% 10]
"""

PAYMENTS = """
    INSERT INTO account_move (
        name, ref, journal_id, company_id, currency_id, state, move_type, auto_post, date, partner_id,
        create_date
    )
    SELECT 'PAY/' || line.id || '/' || part, line.id, line.journal_id, line.company_id, line.currency_id,
           'posted', 'entry', 'no', LEAST(line.date_maturity + (line.id %% 200)::int * part, %(today)s::date),
           line.partner_id, NOW()
      FROM account_move_line line, generate_series(1, 2) part
     WHERE line.company_id = %(company)s AND line.display_type = 'payment_term' AND line.id %% 6 <= 2 - part
"""

PAYMENT_LINES = """
    INSERT INTO account_move_line (
        move_id, parent_state, journal_id, company_id, company_currency_id, currency_id, account_id,
        partner_id, date, display_type, balance, amount_currency, debit, credit, amount_residual,
        amount_residual_currency, reconciled, ref
    )
    SELECT payment.id, 'posted', payment.journal_id, payment.company_id, payment.currency_id,
           payment.currency_id, line.account_id, payment.partner_id, payment.date, 'payment_term', -part.amount,
           -part.amount, 0, part.amount, 0, 0, TRUE, payment.ref
      FROM account_move payment
      JOIN account_move_line line ON line.id = payment.ref::int
      CROSS JOIN LATERAL (SELECT ROUND(line.amount_currency * 0.3, 2) AS amount) part
     WHERE payment.name LIKE 'PAY/%%' AND payment.company_id = %(company)s
"""

PARTIALS = """
    INSERT INTO account_partial_reconcile (
        debit_move_id, credit_move_id, debit_currency_id, credit_currency_id, company_id, max_date, amount,
        debit_amount_currency, credit_amount_currency
    )
    SELECT credit.ref::int, credit.id, credit.currency_id, credit.currency_id, credit.company_id, credit.date,
           credit.credit, credit.credit, credit.credit
      FROM account_move_line credit
      JOIN account_move payment ON payment.id = credit.move_id
     WHERE payment.name LIKE 'PAY/%%' AND payment.company_id = %(company)s AND credit.credit > 0
"""

RESIDUALS = """
    UPDATE account_move_line line
       SET amount_residual = line.balance - part.amount,
           amount_residual_currency = line.amount_currency - part.amount
      FROM (
           SELECT debit_move_id AS id, SUM(debit_amount_currency) AS amount
             FROM account_partial_reconcile
            GROUP BY debit_move_id
           ) part
     WHERE part.id = line.id AND line.company_id = %(company)s AND line.display_type = 'payment_term'
"""
