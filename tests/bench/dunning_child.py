"""One ledger of the dunning benchmark, measured in this process: ``WHAT DATABASE ITEMS [ADDONS_PATH]``.

Writes its figures as JSON on the last line of its output.
"""

import json
import os
import statistics
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import dunning_ledger as ledger

from dev import session
from dev.paths import OUT

#: The tables a run writes, in the order in which they refer to each other.
TABLES = ("recovery_dunning_run_line", "recovery_notice", "recovery_notice_line")
#: How often a run is repeated; not on the largest ledger, of which the daily run, the same again in one
#: transaction, is left out too. The best time counts: whatever else the machine does can only add to it. A run is
#: compared with the floor measured next to it: a machine's pace changes from minute to minute.
REPEATED, LARGEST = 3, 1_000_000
#: Batches in which invoices are posted, with indexes and without by turns.
TURNS = 20


def main(what, name, items, addons=""):
    options = ["--addons-path", addons] if addons else []
    with session.registry(name, *options) as registry, session.environment(registry) as env:
        figures = {"ours": ours, "peer": peer, "posting": posting}[what](env, int(items))
    sys.stdout.write(json.dumps(figures) + "\n")


def company_of(env):
    company = env.ref("base.main_company")
    if company.chart_template != "fr":
        company.country_id = env.ref("base.fr")
        env["account.chart.template"].try_loading("fr", company)
        env.cr.commit()
    return company


def timed(action):
    start = perf_counter()
    result = action()
    return perf_counter() - start, result


# The project -----------------------------------------------------------------------------------------


def ours(env, items):
    """A run and what goes with it, on a database that has its ledger already."""
    company = company_of(env)
    counts, _result = timed(new_run(env, company).reason_counts)
    proposals, runs, floors, dailies = [], [], [], []
    for _number in range(REPEATED if items < LARGEST else 1):
        empty(env)
        if items < LARGEST:
            dailies.append(timed(lambda: daily(env, company))[0])
            empty(env)
        proposal, first = timed(lambda: propose(env, company))
        confirmation, _none = timed(lambda run=first: confirm(env, run))
        proposals.append(proposal)
        runs.append(proposal + confirmation)
        lines = env["recovery.notice.line"].search_count([])
        floors.append(floor(env))
    again, second = timed(lambda: confirm(env, propose(env, company)))
    # Of a million claims a workbook takes minutes, row by row as of fewer: only who asks for that ledger has it made.
    reviewed = items < LARGEST or "BENCH_ITEMS" in os.environ
    figures = {
        "counts": counts,
        "proposal": min(proposals),
        "run": min(runs),
        "run_to_floor": median_ratio(runs, floors),
        "daily_to_floor": median_ratio(dailies, floors) if dailies else None,
        "lines": lines,
        "again": again,
        "inserted_again": len(second.line_ids) + len(second.notice_ids),
        "why_not": why_not(env),
        "review": reviewed and timed(lambda: first.write_review(os.devnull))[0],
        "memory": peak_memory(),
    }
    if os.environ.get("EXPLAIN"):
        explain(env, company, items)
    return figures


def peak_memory():
    """Largest resident size of this process so far, in MiB: of its own, not of the one that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def median_ratio(times, floors):
    return statistics.median(time / floor for time, floor in zip(times, floors, strict=True))


def new_run(env, company):
    return env["recovery.dunning.run"].create({"company_id": company.id, "date": ledger.TODAY})


def propose(env, company):
    run = new_run(env, company)
    run.action_propose()
    env.cr.commit()
    return run


def confirm(env, run):
    run.action_confirm()
    env.cr.commit()
    return run


def daily(env, company):
    """The scheduled run: proposal and confirmation in one transaction."""
    company.recovery_daily_run = "confirm"
    env["recovery.dunning.daily"]._run(company, ledger.TODAY)
    env.cr.commit()


def empty(env):
    """No run was made yet."""
    clear(env.cr)
    env.cr.execute("DELETE FROM recovery_dunning_run")
    env.cr.commit()
    env.invalidate_all()


def clear(cr):
    """Empty the tables a run writes; plans refer to notices, and stay."""
    cr.execute("TRUNCATE recovery_dunning_run_line, recovery_notice_line, recovery_withheld CASCADE")
    cr.execute("DELETE FROM recovery_notice")


def floor(env):
    """Seconds of plain INSERT … SELECT statements of the rows the run wrote, into the same empty tables.

    They are committed, as the run was, and leave the rows as they found them.
    """
    from odoo.tools import SQL

    cr, seconds = env.cr, 0.0
    for table in TABLES:
        name = SQL.identifier(table)
        cr.execute(SQL("CREATE TEMP TABLE %s AS TABLE %s", SQL.identifier(f"floor_{table}"), name))
    clear(cr)
    cr.commit()
    for table in TABLES:
        copy = SQL.identifier(f"floor_{table}")
        taken, _none = timed(
            lambda table=table, copy=copy: cr.execute(
                SQL("INSERT INTO %s SELECT * FROM %s ORDER BY id", SQL.identifier(table), copy)
            )
        )
        seconds += taken
        cr.execute(SQL("DROP TABLE %s", copy))
    seconds += timed(cr.commit)[0]
    # The server may have looked at the tables while they were empty; it looks again a minute later.
    cr.execute("ANALYZE recovery_dunning_run_line, recovery_notice, recovery_notice_line")
    cr.commit()
    return seconds


def why_not(env):
    """Median seconds of "why not?" on an invoice, over invoices of debtors far apart."""
    cr = env.cr
    cr.execute("SELECT MIN(id), MAX(id) FROM account_move WHERE name LIKE 'BENCH/%%'")
    first, last = cr.fetchone()
    moves = env["account.move"].browse(range(first, last, max((last - first) // 50, 1)))
    moves[0].action_recovery_why_not()
    taken = []
    for move in moves[1:]:
        env.invalidate_all()
        taken.append(timed(move.action_recovery_why_not)[0])
    return statistics.median(taken)


def explain(env, company, items):
    """Keep the plan of the statement for those who look after it."""
    from odoo.tools import SQL

    env.cr.execute(SQL("EXPLAIN (ANALYZE, BUFFERS) %s", new_run(env, company)._statement()))
    plan = "\n".join(row[0] for row in env.cr.fetchall())
    (OUT / f"explain_dunning_{items}.txt").write_text(plan + "\n")


# The peer ----------------------------------------------------------------------------------------------


def peer(env, items):
    """One run of the peer's policy in three steps over the same ledger: lines, then one message a debtor."""
    company = company_of(env)
    policy = env.ref("account_credit_control.credit_control_3_time")
    policy.account_ids = env["account.account"].search([("account_type", "=", "asset_receivable")])
    company.credit_policy_id = policy
    ledger.fill(env, company, items)
    ledger.settle(env)
    run = env["credit.control.run"].create({"date": ledger.TODAY, "policy_ids": [(6, 0, policy.ids)]})
    env.cr.commit()

    def propose():
        run.generate_credit_lines()
        env.cr.commit()

    def confirm():
        # As its button does, up to the messages of each debtor; nothing is rendered or sent.
        run.set_to_ready_lines()
        env["credit.control.communication"]._generate_comm_from_credit_lines(run.line_ids)
        env.cr.commit()

    proposal, confirmation = timed(propose)[0], timed(confirm)[0]
    return {
        "proposal": proposal,
        "run": proposal + confirmation,
        "lines": len(run.line_ids),
        "notices": env["credit.control.communication"].search_count([]),
    }


# Posting -------------------------------------------------------------------------------------------------


def posting(env, invoices):
    """Posting with the addon's indexes on Odoo's tables, and without them, by turns on alike invoices."""
    company = company_of(env)
    env.cr.execute(
        """
        SELECT indexdef, indexname FROM pg_indexes
         WHERE tablename IN ('account_move', 'account_move_line') AND indexname LIKE '%recovery%'
        """
    )
    indexes = env.cr.fetchall()
    seconds = {True: 0.0, False: 0.0}
    batches = [draft(env, company, invoices // TURNS) for _number in range(TURNS + 2)]
    for number, batch in enumerate(batches):
        bare = number % 4 in (1, 2)  # drift of the machine falls on both
        for definition, name in indexes:
            env.cr.execute(
                f'DROP INDEX IF EXISTS "{name}"'
                if bare
                else definition.replace("INDEX", "INDEX IF NOT EXISTS", 1)
            )
        env.cr.commit()
        taken, _none = timed(lambda batch=batch: (batch.action_post(), env.cr.commit()))
        if number > 1:  # the first ones warm up what the first postings of a process make
            seconds[bare] += taken
    return {"with": seconds[False], "without": seconds[True], "ratio": seconds[False] / seconds[True]}


def draft(env, company, count):
    partners = env["res.partner"].create([{"name": f"Customer {number}"} for number in range(count)])
    income = env["account.account"].search(
        [("account_type", "=", "income"), ("company_ids", "in", company.ids)], limit=1
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": ledger.TODAY,
                "invoice_line_ids": [
                    (0, 0, {"name": "Work", "price_unit": 100, "account_id": income.id, "tax_ids": []})
                ],
            }
            for partner in partners
        ]
    )
    env.cr.commit()
    return moves


if __name__ == "__main__":
    main(*sys.argv[1:])
