"""What credit control costs: exposures and measures of a whole ledger, and posting with enforcement.

The plain SQL each is measured against reads the same rows to the same figures and no more.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent))

import dunning_ledger
import ledgers
from size import QUICK, SHRINK, shrunk

from dev import template
from dev.paths import ODOO_RC, VENV_PYTHON

PEER = "odoo-addon-account-financial-risk==19.0.1.0.0.6"
PEER_ADDON = "account_financial_risk"
ITEMS = shrunk(100_000)  # open items, of 20,000 debtors
PAID = shrunk(500_000)  # paid invoices, of as many
POSTED = shrunk(1000)
#: Invoices posted between two changes of the rules.
BLOCK = 25
DEBTORS = ITEMS // dunning_ledger.ITEMS_PER_DEBTOR
ROUNDS = 5
TODAY = date(2026, 6, 30)


def run(bench):
    ours = _exposures(bench)
    if not QUICK:
        _peer(bench, ours)
    _measures(bench)
    _posting(bench)


def best(work, prepare=lambda: None, rounds=ROUNDS):
    """Seconds of the fastest of some rounds: what the work costs when nothing else runs."""
    times = []
    for _round in range(rounds):
        prepare()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


# -- exposure ----------------------------------------------------------------------------

PLAIN_EXPOSURE = """
    SELECT item.partner_id, SUM(item.amount_residual)
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
     WHERE account.account_type = 'asset_receivable'
       AND item.parent_state = 'posted'
       AND item.reconciled IS NOT TRUE
       AND item.company_id = %s
     GROUP BY item.partner_id
"""


def _exposures(bench):
    with bench.environment(ledger=(ledgers.open_items, ITEMS)) as env:
        company = bench.french_company(env)
        debtors = _limits(env, company)

        def plain():
            env.cr.execute(PLAIN_EXPOSURE, [company.id])
            env.cr.fetchall()

        def read():
            return debtors.mapped("recovery_exposure")

        def search():
            return env["res.partner"].search([("recovery_over_limit", "=", True)])

        # The sums agree with the plain ones before anything is timed.
        env.cr.execute(PLAIN_EXPOSURE, [company.id])
        assert round(sum(amount for _id, amount in env.cr.fetchall()), 2) == round(sum(read()), 2)
        limited = [partner for partner in debtors if partner.recovery_exposure > partner.credit_limit]
        assert len(search()) == len(limited)

        def forget():
            env.invalidate_all()
            # The records themselves are read by both sides of any comparison.
            debtors.mapped("commercial_partner_id")

        sql, reading = best(plain), best(read, forget)
        searching = best(search, env.invalidate_all)
        bench.figure(f"solvency: plain SQL sum, {ITEMS:,} open items", sql * 1000, None, "ms")
        bench.figure(f"solvency: exposure of {DEBTORS:,} debtors, times plain SQL", reading / sql, 3, "x")
        bench.figure("solvency: search over limit, times plain SQL", searching / sql, 3, "x")
        return reading + searching


def _limits(env, company):
    """Every debtor with a limit of 5,000; about half of them are over it."""
    env.cr.execute(
        "UPDATE res_partner SET credit_limit = %s WHERE ref LIKE 'D%%'", [json.dumps({company.id: 5000})]
    )
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner")
    env.invalidate_all()
    return env["res.partner"].search([("ref", "like", "D%")])


# -- the peer ----------------------------------------------------------------------------

PEER_SCRIPT = """
import json, sys
from time import perf_counter

sys.path[:0] = {paths}
import dunning_ledger
company = env.ref("base.main_company")
company.country_id = env.ref("base.fr")
env["account.chart.template"].try_loading("fr", company)
env.cr.commit()
dunning_ledger.fill(env, company, {items})
env.cr.execute("UPDATE res_partner SET credit_limit = %s, risk_invoice_open_include = TRUE, "
               "risk_invoice_unpaid_include = TRUE WHERE ref LIKE 'D%%'", [json.dumps({{company.id: 5000}})])
env.cr.commit()
env.invalidate_all()
debtors = env["res.partner"].search([("ref", "like", "D%")])
debtors.mapped("commercial_partner_id")
start = perf_counter()
debtors.mapped("risk_total")
reading = perf_counter() - start
env.invalidate_all()
start = perf_counter()
env["res.partner"].search([("risk_exception", "=", True)])
print("SECONDS", reading, perf_counter() - start)
"""


def _peer(bench, ours):
    """The same ledger with the peer, installed into a folder of its own."""
    name = next(bench._names)
    with TemporaryDirectory() as folder:
        subprocess.run(
            [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, PEER],
            check=True,
        )
        addons = Path(folder) / "odoo" / "addons"
        template.clone(template.base(), name)
        try:
            path = _addons_path() + f",{addons}"
            odoo = [VENV_PYTHON, "-m", "odoo"]
            options = [
                "--config",
                str(ODOO_RC),
                "--addons-path",
                path,
                "--database",
                name,
                "--log-level=error",
            ]
            subprocess.run([*odoo, *options, "--init", PEER_ADDON, "--stop-after-init"], check=True)
            here = Path(__file__).resolve()
            script = PEER_SCRIPT.format(paths=[str(here.parents[2]), str(here.parent)], items=ITEMS)
            shell = subprocess.run(
                [*odoo, "shell", *options], input=script, text=True, capture_output=True, check=True
            )
        finally:
            template.drop(name)
    line = next((line for line in shell.stdout.splitlines() if line.startswith("SECONDS")), None)
    if line is None:
        raise RuntimeError(shell.stdout + shell.stderr)
    reading, searching = map(float, line.split()[1:])
    bench.figure(f"solvency: the peer's risk of {DEBTORS:,} debtors", reading, None, "s")
    bench.figure("solvency: the peer's search of risk exceptions", searching, None, "s")
    # Smaller is better in every figure: the share of the peer's time, one thirtieth at most.
    bench.figure(
        "solvency: reading and searching, share of the peer's time", ours / (reading + searching), 1 / 30, ""
    )


def _addons_path():
    lines = Path(ODOO_RC).read_text().splitlines()
    return next(line.partition("=")[2].strip() for line in lines if line.startswith("addons_path"))


# -- measures ----------------------------------------------------------------------------

PLAIN_MEASURES = (
    # The two large ones as one would write them by hand, each in a statement of its own.
    """
    SELECT commercial_partner_id, SUM(amount_untaxed_signed) FILTER (WHERE invoice_date > %(since)s),
           COUNT(*) FILTER (WHERE invoice_date > %(since)s), MIN(invoice_date)
      FROM account_move
     WHERE move_type IN ('out_invoice', 'out_refund', 'out_receipt') AND state = 'posted'
       AND company_id = %(company)s AND invoice_date <= %(date)s
     GROUP BY commercial_partner_id
    """,
    """
    SELECT item.partner_id,
           SUM(payment.amount * GREATEST(payment.max_date - item.date_maturity, 0)) / SUM(payment.amount),
           SUM(payment.amount * GREATEST(payment.max_date - item.date_maturity, 0))
               FILTER (WHERE payment.max_date > %(middle)s),
           SUM(payment.amount) FILTER (WHERE payment.max_date > %(middle)s),
           SUM(payment.amount) FILTER (WHERE payment.max_date <= item.date_maturity),
           MAX(payment.max_date - item.date_maturity)
      FROM account_partial_reconcile payment
      JOIN account_move_line item ON item.id = payment.debit_move_id
      JOIN account_move_line receipt ON receipt.id = payment.credit_move_id
     WHERE payment.max_date > %(since)s AND payment.max_date <= %(date)s AND item.company_id = %(company)s
       AND item.display_type = 'payment_term' AND receipt.display_type <> 'payment_term'
     GROUP BY item.partner_id
    """,
    """
    SELECT item.partner_id, SUM(item.amount_residual), MIN(item.date_maturity)
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
     WHERE account.account_type = 'asset_receivable' AND item.parent_state = 'posted'
       AND item.reconciled IS NOT TRUE AND item.amount_residual > 0 AND item.date_maturity < %(date)s
       AND item.company_id = %(company)s
     GROUP BY item.partner_id
    """,
)


def _measures(bench):
    with bench.environment(ledger=(ledgers.paid, PAID)) as env:
        company = bench.french_company(env)
        measures = env["recovery.solvency.measure"]
        facts = {
            "company": company.id,
            "date": TODAY,
            "since": date(2025, 6, 30),
            "middle": date(2025, 12, 30),
        }

        def plain():
            for statement in PLAIN_MEASURES:
                env.cr.execute(statement, facts)
                env.cr.fetchall()

        found = measures._measures(company, TODAY)
        env.cr.execute(PLAIN_MEASURES[1], facts)
        late = {row[0]: row[1] for row in env.cr.fetchall()}
        assert len(late) == PAID // dunning_ledger.ITEMS_PER_DEBTOR // 5
        assert all(abs(found[debtor_id]["days_late"] - days) < 0.01 for debtor_id, days in late.items())
        sql = best(plain, rounds=3)
        ours = best(lambda: measures._measures(company, TODAY), rounds=3)
        bench.figure(f"solvency: plain SQL of the measures, {PAID:,} paid invoices", sql, None, "s")
        bench.figure(f"solvency: measures of {DEBTORS:,} debtors, times plain SQL", ours / sql, 3, "x")


# -- posting -----------------------------------------------------------------------------


def _posting(bench):
    """Invoices posted one after the other, with rules and without, in turns of some invoices each."""
    with bench.environment(ledger=ledgers.NONE) as env:
        company = bench.french_company(env)
        dunning_ledger.fill(env, company, 20_000 // SHRINK)
        env.cr.commit()
        debtors = _limits(env, company)
        debtors.write({"credit_limit": 10**7})
        env["recovery.credit.rule"].create(
            [{"trigger": "over_limit", "action": "block"}, {"trigger": "days_overdue", "threshold": 999}]
        )
        rules = env["recovery.credit.rule"].search([])
        env.cr.commit()
        seconds = {True: 0.0, False: 0.0}
        moves = _drafts(env, debtors[: 2 * (POSTED + POSTED // BLOCK)])
        for number, first in enumerate(range(0, len(moves), BLOCK + 1)):
            # In turns of 1, 0, 0, 1: drift of the machine falls on both.
            enforced = number % 4 in (0, 3)
            rules.active = enforced
            for move in moves[first : first + BLOCK + 1]:
                start = perf_counter()
                move.action_post()
                env.flush_all()  # as at the end of each request
                if move != moves[first]:  # the first one reads again what the change of rules put out of mind
                    seconds[enforced] += perf_counter() - start
        with_rules, without = seconds[True], seconds[False]
        bench.figure(f"solvency: posting {POSTED:,} invoices without enforcement", without, None, "s")
        bench.figure("solvency: posting with enforcement, times without", with_rules / without, 1.10, "x")


def _drafts(env, debtors):
    from odoo import Command

    # Drafts without a word in their chatter take two thirds of the time; they are posted like any other.
    unnoted = env["account.move"].with_context(tracking_disable=True)
    moves = unnoted.create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": debtor.id,
                "invoice_date": TODAY,
                "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100, "tax_ids": []})],
            }
            for debtor in debtors
        ]
    )
    env.flush_all()
    return moves.with_env(env)
