"""What instalment plans cost: coming in force, being followed up, and slowing reconciliation down."""

from contextlib import ExitStack
from datetime import date
from time import perf_counter

import ledgers
from size import QUICK, shrunk

from dev import session, template

INVOICES = shrunk(1000)
PLANS = shrunk(20_000)
INSTALMENTS = 12
PAYMENTS = 500
TURN = 50  # payments between two commits
TODAY = date(2026, 6, 16)


def run(bench):
    activation(bench)
    follow_up(bench)
    if not QUICK:  # of a few payments it tells nothing
        reconciliation(bench)


def activation(bench):
    """One plan over a thousand invoices, from acceptance to force."""
    with bench.environment(ledger=ledgers.NONE) as env:
        bench.french_company(env)
        debtor = env["res.partner"].create({"name": "Debtor", "is_company": True})
        moves = post_invoices(env, debtor, INVOICES)
        items = receivable(moves)
        plan = env["recovery.plan"].create(
            {
                "partner_id": debtor.id,
                "instalment_count": INSTALMENTS,
                "item_ids": [new({"move_line_id": item.id}) for item in items],
            }
        )
        plan.policy_id = False
        plan.action_propose()
        plan.action_accept()
        env.cr.commit()
        env.invalidate_all()
        with bench.measure() as measure:
            plan.action_activate()
        bench.figure(f"plans: activate over {INVOICES:,} invoices", measure.seconds, 2, "s")
        bench.figure("plans: queries to activate", measure.queries, 60, "queries")


def follow_up(bench):
    """One day's follow-up of many plans, one in twenty of which moves."""
    with bench.environment(ledger=ledgers.NONE) as env:
        company = bench.french_company(env)
        make_plans(env, company, PLANS)
        env.cr.commit()
        with bench.measure() as measure:
            env["recovery.plan"].monitor(TODAY)
        states = dict(env["recovery.plan"]._read_group([], ["state"], ["__count"]))
        assert states["late"] == states["completed"] == PLANS // 40, states
        bench.figure(f"plans: monitor {PLANS:,} x {INSTALMENTS}", measure.seconds, 30, "s")
        bench.figure("plans: queries to monitor", measure.queries, 500, "queries")
        with bench.measure() as measure:
            env["recovery.plan"].monitor(TODAY)
        bench.figure("plans: monitor again, nothing to do", measure.seconds, 5, "s")


def reconciliation(bench):
    """The same bank import, with plans on every invoice paid and without the addon, by turns."""
    plain, covered = next(bench._names), next(bench._names)
    template.clone(template.base(), plain)
    try:
        pairs = prepare_import(bench, plain)
        template.clone(plain, covered)
        template.odoo(covered, "--init", template.ADDON)
        cover(covered)
        without, with_plans = timed_imports((plain, covered), pairs)
    finally:
        template.drop(plain)
        template.drop(covered)
    bench.figure(f"plans: reconcile {PAYMENTS:,} payments, no addon", without, None, "s")
    bench.figure(f"plans: reconcile {PAYMENTS:,} payments on covered items", with_plans, None, "s")
    bench.figure("plans: reconciliation with the addon / without", with_plans / without, 1.15, "ratio")


def prepare_import(bench, name):
    """Post as many invoices and payments; return the pairs of journal items to reconcile."""
    with session.registry(name) as registry, session.environment(registry) as env:
        bench.french_company(env)
        debtors = env["res.partner"].create(
            [{"name": f"Debtor {number}", "is_company": True} for number in range(PAYMENTS // 10)]
        )
        invoices = receivable(post_invoices(env, debtors, PAYMENTS))
        payments = receivable(post_payments(env, invoices))
        env.cr.commit()
        return list(zip(payments.ids, invoices.ids, strict=True))


def timed_imports(names, pairs):
    """Reconcile the pairs in each database, as a bank import does; return the seconds each took.

    The databases take turns of fifty payments, so that both meet the same load.
    """
    seconds = dict.fromkeys(names, 0.0)
    with ExitStack() as stack:
        opened = [(name, stack.enter_context(session.registry(name))) for name in names]
        envs = {name: stack.enter_context(session.environment(registry)) for name, registry in opened}
        for first in range(0, len(pairs), TURN):
            for name, env in envs.items():
                start = perf_counter()
                for pair in pairs[first : first + TURN]:
                    env["account.move.line"].browse(pair).reconcile()
                env.cr.commit()
                env.invalidate_all()
                seconds[name] += perf_counter() - start
    return seconds.values()


def cover(name):
    """Put every open invoice in a plan of its debtor, in force."""
    with session.registry(name) as registry, session.environment(registry, tracking_disable=True) as env:
        items = env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", ">", 0),
            ]
        )
        plans = env["recovery.plan"].create(
            [
                {
                    "partner_id": debtor.id,
                    "policy_id": False,
                    "instalment_count": INSTALMENTS,
                    "item_ids": [new({"move_line_id": item.id}) for item in mine],
                }
                for debtor, mine in items.grouped("partner_id").items()
            ]
        )
        plans.action_propose()
        plans.action_accept()
        plans.action_activate()
        assert len(plans.item_ids) == PAYMENTS


# -- rows ------------------------------------------------------------------------------------------------


def new(vals):
    """Command that makes a row of a one2many; Odoo's own name for it cannot be imported yet."""
    return (0, 0, vals)


def post_invoices(env, debtors, count):
    env = env(context={**env.context, "tracking_disable": True, "mail_create_nolog": True})
    account = env["account.account"].search([("account_type", "=", "income")], limit=1)
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": debtors[number % len(debtors)].id,
                "invoice_date": "2025-10-01",
                "invoice_line_ids": [
                    new(
                        {
                            "name": "Goods",
                            "price_unit": 100 + number % 7,
                            "account_id": account.id,
                            "tax_ids": [],
                        }
                    )
                ],
            }
            for number in range(count)
        ]
    )
    moves._post()
    return moves


def post_payments(env, invoices):
    """Receive what each invoice asks for: entries of the bank journal."""
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    entries = env["account.move"].create(
        [
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": "2026-01-31",
                "line_ids": [
                    new(
                        {
                            "name": "Received",
                            "account_id": item.account_id.id,
                            "partner_id": item.partner_id.id,
                            "credit": item.balance,
                        }
                    ),
                    new(
                        {
                            "name": "Received",
                            "account_id": journal.default_account_id.id,
                            "debit": item.balance,
                        }
                    ),
                ],
            }
            for item in invoices
        ]
    )
    entries._post()
    return entries


def receivable(moves):
    return moves.line_ids.filtered(lambda line: line.account_type == "asset_receivable").sorted("move_id")


#: Plans of one item each, half-way through.
PLANS_SQL = """
    WITH item AS (
        INSERT INTO account_move_line (
            move_id, company_id, journal_id, account_id, partner_id, currency_id, company_currency_id,
            display_type, parent_state, date, date_maturity, name, debit, credit, balance,
            amount_currency, amount_residual, amount_residual_currency, reconciled, no_followup
        )
        SELECT move_id, company_id, journal_id, account_id, partner_id, currency_id, company_currency_id,
               display_type, parent_state, date, date_maturity, 'bench ' || n, 1200, 0, 1200, 1200,
               1200 - paid, 1200 - paid, paid = 1200, TRUE
          FROM account_move_line,
               LATERAL (
                   SELECT n, CASE n %% 40 WHEN 1 THEN 1200 WHEN 2 THEN 500 ELSE 600 END AS paid
                     FROM generate_series(1, %(count)s) n
               ) AS plans
         WHERE move_id = %(entry)s AND debit > 0
        RETURNING id, name, amount_residual
    ), plan AS (
        INSERT INTO recovery_plan (
            name, state, partner_id, company_id, currency_id, user_id, policy_id, period, shape,
            remainder_on, business_days, cure_days, acceleration_clause, date_accepted, date_activated,
            charge_terms, amount_total, amount_paid, amount_residual, amount_net
        )
        SELECT item.name, 'active', %(debtor)s, %(company)s, %(currency)s, 2, %(policy)s, 'month',
               'equal', 'last', 'none', 8, TRUE, '2026-01-15', '2026-01-15',
               'apart', 1200, 1200 - item.amount_residual, item.amount_residual, item.amount_residual
          FROM item
        RETURNING id, name, amount_paid
    ), covered AS (
        INSERT INTO recovery_plan_item (
            plan_id, company_id, move_line_id, amount_covered, amount_paid, is_live, is_followed
        )
        SELECT plan.id, %(company)s, item.id, 1200, plan.amount_paid, TRUE, TRUE
          FROM plan JOIN item USING (name)
    )
    INSERT INTO recovery_plan_instalment (
        plan_id, company_id, partner_id, currency_id, plan_state, number, date_due, amount, amount_paid,
        amount_residual
    )
    SELECT plan.id, %(company)s, %(debtor)s, %(currency)s, 'active', n,
           DATE '2026-01-10' + (n - 1) * INTERVAL '1 month', 100,
           GREATEST(LEAST(plan.amount_paid - (n - 1) * 100, 100), 0),
           100 - GREATEST(LEAST(plan.amount_paid - (n - 1) * 100, 100), 0)
      FROM plan, generate_series(1, %(instalments)s) n
"""


def make_plans(env, company, count):
    """Rows of ``count`` plans of one item each, half-way through; one in forty late, one in forty paid."""
    receivable_account = env["account.account"].search([("account_type", "=", "asset_receivable")], limit=1)
    income = env["account.account"].search([("account_type", "=", "income")], limit=1)
    debtor = env["res.partner"].create({"name": "Debtor", "is_company": True, "email": "debtor@example.com"})
    line = {"account_id": receivable_account.id, "partner_id": debtor.id}
    entry = env["account.move"].create(
        {
            "journal_id": env["account.journal"].search([("type", "=", "general")], limit=1).id,
            "date": "2025-10-01",
            "line_ids": [
                new({**line, "debit": 1200}),
                new({"account_id": income.id, "credit": 1200}),
            ],
        }
    )
    entry.action_post()
    policy = env["recovery.plan.policy"].create({"name": "Bench", "tolerance_days": 3, "grace_days": 10})
    env.flush_all()
    env.cr.execute(
        PLANS_SQL,
        {
            "count": count,
            "entry": entry.id,
            "debtor": debtor.id,
            "company": company.id,
            "currency": company.currency_id.id,
            "policy": policy.id,
            "instalments": INSTALMENTS,
        },
    )
    env.cr.execute("ANALYZE recovery_plan, recovery_plan_item, recovery_plan_instalment, account_move_line")
    env.invalidate_all()
