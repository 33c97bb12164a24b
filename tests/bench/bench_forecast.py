"""What a forecast costs, and how good it would have been.

The plain SQL it is measured against reads the same rows, counts how late each debtor paid, and lists what is
open. How good it is shows on the demonstration's ledger, and on any other: ``LEDGER=file.csv`` (see the README).
"""

import datetime
import os
import sys
from pathlib import Path
from time import perf_counter

import dunning_ledger
import ledgers
from size import QUICK, shrunk

from demo import company as creditor
from demo import story
from demo.books import Books
from demo.database import Stop
from demo.generated import Generated
from demo.main import SEED, options
from dev.paths import say

OPEN, PAID = shrunk(100_000), shrunk(500_000)
ROUNDS = 2
TODAY = dunning_ledger.TODAY
#: Share of a ledger's span whose payments are learnt from before any is foreseen.
LEARNING = 0.5
#: What the back-test promises on a ledger: error of the chance to be late, and of the cash by week.
BRIER, WAPE = 0.135, 0.19

PLAIN = (
    """
    SELECT debtor_id, delay, SUM(POWER(2, (paid - %(today)s::date) / 250.0)), COUNT(*)
      FROM (
           SELECT item.partner_id AS debtor_id, MAX(partial.max_date) AS paid,
                  MAX(partial.max_date) - item.date_maturity AS delay
             FROM account_partial_reconcile partial
             JOIN account_move_line item ON item.id = partial.debit_move_id
            WHERE partial.max_date <= %(today)s AND item.display_type = 'payment_term'
            GROUP BY item.id
           ) paid
     GROUP BY debtor_id, delay
    """,
    """
    SELECT id, partner_id, date_maturity, amount_residual, amount_residual_currency
      FROM account_move_line
     WHERE display_type = 'payment_term' AND parent_state = 'posted' AND reconciled IS NOT TRUE
       AND date <= %(today)s
    """,
)


#: What every figure of the ledger is made of at the least: each claim with what was taken off it until three days.
PLAIN_FIGURES = """
    SELECT item.partner_id, SUM(item.balance), SUM(taken.opening), SUM(taken.before), SUM(taken.closing)
      FROM account_move_line item
      LEFT JOIN (
           SELECT partial.debit_move_id AS id,
                  SUM(partial.amount) FILTER (WHERE partial.max_date < %(first)s) AS opening,
                  SUM(partial.amount) FILTER (WHERE partial.max_date <= %(month)s) AS before,
                  SUM(partial.amount) AS closing
             FROM account_partial_reconcile partial
            WHERE partial.max_date <= %(today)s
            GROUP BY partial.debit_move_id
           ) taken ON taken.id = item.id
     WHERE item.display_type = 'payment_term' AND item.parent_state = 'posted' AND item.date <= %(today)s
     GROUP BY item.partner_id
"""
#: Queries that the figures of a period take, whatever the ledger; and how many times that plain query they cost.
QUERIES, TIMES = 30, 8


def run(bench):
    _cost(bench)
    if not QUICK:  # the ledger of a year and a half is booked by Odoo itself
        _quality(bench)


def _cost(bench):
    with bench.environment(ledger=(ledgers.paid, PAID)) as env:
        company = bench.french_company(env)
        dunning_ledger.fill(env, company, OPEN)
        dunning_ledger.settle(env)

        def plain():
            for statement in PLAIN:
                env.cr.execute(statement, {"today": TODAY})
                env.cr.fetchall()

        forecast = env["recovery.forecast"]
        floor, ours = _best(plain), _best(lambda: forecast.predict(TODAY))
        label = f"{OPEN:,} open items over {PAID:,} paid ones"
        bench.figure(f"forecast: plain SQL of {label}", floor, None, "s")
        bench.figure("forecast: the same foreseen, times plain SQL", ours / floor, 3, "x")
        _cost_of_figures(bench, env, company)


def _cost_of_figures(bench, env, company):
    """Every figure of a quarter, and those of one source: what the dashboard asks for, and how it grows."""
    env["recovery.forecast.line"]._keep(company, TODAY)
    kpi, first = env["recovery.kpi"], TODAY - datetime.timedelta(days=90)
    days = {"first": first, "month": TODAY - datetime.timedelta(days=30), "today": TODAY}

    def plain():
        env.cr.execute(PLAIN_FIGURES, days)
        env.cr.fetchall()

    def ours():
        kpi.figures(first, TODAY)

    floor, cost = _best(plain), _best(ours)
    before = env.cr.sql_log_count
    ours()
    bench.figure("figures: all of a quarter on that ledger", cost, None, "s")
    bench.figure("figures: the same, times plain SQL of the claims", cost / floor, TIMES, "x")
    bench.figure("figures: queries", env.cr.sql_log_count - before, QUERIES, "queries")
    one = _best(lambda: kpi.figures(first, TODAY, by="country", codes=["recovery_rate", "cei", "overdue"]))
    bench.figure("figures: rate, CEI and overdue by country", one, None, "s")


def _best(work):
    times = []
    for _round in range(ROUNDS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def _quality(bench):
    """The back-test of the demonstration's ledger, or of somebody's own."""
    path = os.environ.get("LEDGER")
    own = _own(path) if path else Generated(SEED, datetime.date(2026, 6, 30))
    name = Path(path).name if path else "the demonstration's ledger"
    with bench.environment() as env:
        books = Books(env, creditor.found(env))
        books.add_debtors(own.debtors)
        story.book(books, own)
        figures = env["recovery.forecast.backtest"].backtest(*_span(own))
    _tell(name, _span(own), figures)
    for figure, bound in (("brier", BRIER), ("wape", WAPE)):
        _score(bench, f"forecast: {figure} on {name}", figures[f"{figure}_forecast"], bound if path else None)
        _score(bench, f"forecast: {figure} of the customers' means", figures[f"{figure}_mean"])
    _score(bench, f"forecast: wape if all paid when due, {name}", figures["wape_due"])
    outside = None if figures["coverage"] is None else 1 - figures["coverage"]
    _score(bench, "forecast: payments outside the range of 80 %", outside, 0.25)


#: Scores as they are told: what they say, and how many decimals.
TOLD = (
    ("brier", "late or in time, told at invoicing: error of the chance (Brier)", 4),
    ("days", "day of payment, told at invoicing: mean error in days", 1),
    ("wape", "cash by week, four weeks ahead: error over what came in (WAPE)", 3),
)
METHODS = (("forecast", "forecast"), ("mean", "customer's mean"), ("due", "all when due"))


def _tell(name, span, figures):
    """The back-test as a table: the forecast beside what it has to beat. Smaller errors are better."""
    first, last = span
    counts = f"{figures['invoices']:,} invoices, and what came in after {figures['weeks'] // 4} Mondays"
    lines = [
        f"{name}, {first} to {last}: {counts}, each foreseen from what was known before",
        f"{'':<64}" + "".join(f"{label:>17}" for _method, label in METHODS),
    ]
    for score, label, decimals in TOLD:
        values = (figures[f"{score}_{method}"] for method, _label in METHODS)
        told = ("-" if value is None else f"{value:.{decimals}f}" for value in values)
        lines.append(f"{label:<64}" + "".join(f"{value:>17}" for value in told))
    covered = "-" if figures["coverage"] is None else f"{figures['coverage']:.1%}"
    lines.append(f"{'payments inside their range of 80 % (meant: 75 to 85 %)':<64}{covered:>17}")
    sys.stdout.write("\n".join(lines) + "\n")


def _score(bench, name, value, bound=None):
    """A score, or that the ledger has nothing by which it could be told."""
    if value is None:
        say(f"{name}: nothing to score")
    else:
        bench.figure(name, value, bound, "")


def _span(own):
    """The days foreseen anew: the latter half of the invoices, to the last day of which the ledger tells anything."""
    days = [bill.date for bill in own.invoices]
    first, last = min(days), max(days)
    end = max([last, *(receipt.date for receipt in own.transfers)])
    return first + LEARNING * (last - first), min(end, own.date)


def _own(path):
    from demo.main import imported

    words = {"--payments": "PAYMENTS", "--date-format": "DATE_FORMAT"}
    sys.argv = [sys.argv[0], "--ledger", path]
    sys.argv += [
        word for option, name in words.items() if os.environ.get(name) for word in (option, os.environ[name])
    ]
    sys.argv += ["--skip-bad"] * bool(os.environ.get("SKIP_BAD"))
    asked = options()
    own = imported(asked, asked.date or datetime.date.today())
    if not own.invoices:
        raise Stop(f"{path}: no invoices, nothing to foresee")
    return own
