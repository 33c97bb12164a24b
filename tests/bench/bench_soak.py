"""Thirty days of a ledger at work: what a day takes at the end, and what stays in memory, against the beginning.

Each day some debtors pay, some get plans, the run chases the others, mails leave for a real server on loopback, and
every scheduled job that reads the ledger does its work. Days are simulated; the clock that measures is not.

More falls due in a day than is paid in it, so that a day has more to do at the end: how much more claims are late then
is told beside what it takes.
"""

import ctypes
import gc
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sending"))

import bench_sending
import dunning_ledger
import ledgers
from bench_plans import new, post_payments
from freezegun.api import freeze_time  # where Odoo's tests leave it alone
from odoo.tools import SQL
from postbox import Server
from size import QUICK, shrunk

from dev.session import free_port

ITEMS = shrunk(100_000)
DAYS = 3 if QUICK else 30
#: Invoices paid, plans made and mails sent each day.
PAID, PLANNED, MAILED = 20, 5, 40
#: Days that the last ones are compared with: the first ones make what later ones find.
WARM = slice(1, 2) if QUICK else slice(5, 10)
LAST = slice(-1, None) if QUICK else slice(-5, None)
#: Whatever must be nought at the end.
WRONG = {
    "claims chased twice a day": """
        SELECT COUNT(*) FROM (
            SELECT COALESCE(line.move_line_id, -line.instalment_id) FROM recovery_notice_line line
              JOIN recovery_notice notice ON notice.id = line.notice_id
             WHERE notice.state NOT IN ('cancelled', 'ignored')
             GROUP BY 1, notice.date HAVING COUNT(DISTINCT notice.id) > 1) twice
    """,
    "mails sent twice": "SELECT COUNT(*) FROM recovery_notice WHERE is_uncertain",
    "plans that do not add up": """
        SELECT COUNT(*) FROM recovery_plan plan
         WHERE plan.name NOT LIKE 'BENCH/%%' AND plan.amount_paid <> (
               SELECT SUM(amount_paid) FROM recovery_plan_item item WHERE item.plan_id = plan.id)
    """,
    "scheduled jobs that asked for help": """
        SELECT COUNT(*) FROM mail_activity WHERE summary LIKE 'The scheduled job could not%%'
    """,
}


def run(bench):
    port = free_port()
    with (
        Server(port) as postbox,
        bench.environment(ledger=(ledgers.chased, ITEMS)) as env,
        freeze_time(datetime.combine(dunning_ledger.TODAY, datetime.min.time()), **UNFROZEN) as clock,
    ):
        prepared(bench, env, port)
        seconds, sizes, held, late = [], [], [], []
        for number in range(1, DAYS + 1):
            clock.tick(timedelta(days=1))
            with taken(seconds):
                day(env)
            gc.collect()  # what only waits for Python's collector would be counted, more or less of it, as kept
            late.append(count_late(env, dunning_ledger.TODAY + timedelta(days=number)))
            sizes.append(bench_sending.memory())
            held.append((in_use(), len(gc.get_objects())))
        report(bench, env, seconds, sizes, postbox)
        bench.figure(
            f"soak of {DAYS} days at {ITEMS:,}: claims late at the end / at the beginning",
            median(late[LAST]) / median(late[WARM]),
            None,
            "times",
        )
        tell_leak_from_rest(bench, held)


#: What measures and what talks to the mail server knows the real time.
UNFROZEN = {"ignore": ["asyncio", "aiosmtpd", "smtplib", "socket", "postbox"], "real_asyncio": True}


@contextmanager
def taken(seconds):
    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    yield
    seconds.append(time.clock_gettime(time.CLOCK_MONOTONIC) - start)


def prepared(bench, env, port):
    """A creditor whose runs are confirmed by themselves, and a way out for its mails."""
    company = bench_sending.creditor(bench, env, "email")
    company.recovery_daily_run = "confirm"
    env["ir.mail_server"].search([]).unlink()
    env["ir.mail_server"].create(
        {"name": "Loopback", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_encryption": "none"}
    )
    env.cr.commit()


def day(env):
    """What people and scheduled jobs do in a day."""
    received(env)
    planned(env)
    env["recovery.dunning.run"]._cron_daily()
    mailed(env)
    for model, job in JOBS:
        getattr(env[model], job)()
        env.cr.commit()
        env.invalidate_all()


JOBS = (
    ("recovery.plan", "_cron_monitor"),
    ("recovery.promise", "_cron_judge"),
    ("recovery.charge", "_cron_renew"),
    ("recovery.limitation", "_cron_renew"),
    ("recovery.segment", "_cron_renew"),
    ("recovery.forecast.line", "_cron_keep"),
    ("recovery.kpi.snapshot", "_cron_keep"),
    ("recovery.worklist", "_cron_refresh"),
)


def received(env):
    """Some debtors pay their oldest invoice, those with a plan among them."""
    claims = env["recovery.claim"].search([("move_line_id", "!=", False)], order="date_due, id", limit=PAID)
    covered = env["recovery.plan.item"].search([("is_live", "=", True)], order="id desc", limit=PLANNED)
    items = (claims.move_line_id | covered.move_line_id).filtered("amount_residual")
    moves = post_payments(env, items)
    for item, move in zip(items, moves, strict=True):
        credit = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        (item | credit).reconcile()
    env.cr.commit()


def planned(env):
    """Some debtors without a plan agree to pay by instalments."""
    claims = env["recovery.claim"].search(
        [("plan_id", "=", False), ("move_line_id", "!=", False)], order="amount_residual desc", limit=PLANNED
    )
    plans = env["recovery.plan"].create(
        [
            {
                "partner_id": claim.partner_id.id,
                "policy_id": False,
                "item_ids": [new({"move_line_id": claim.move_line_id.id})],
            }
            for claim in claims
        ]
    )
    plans.action_propose()
    plans.action_accept()
    plans.action_activate()
    env.cr.commit()


def mailed(env):
    """The first of the outbox leave, the others wait: a creditor who writes to a few each day."""
    env.cr.execute(
        """
        UPDATE recovery_notice notice
           SET next_attempt = planned.at
          FROM (
               SELECT id, CASE WHEN channel = 'email'
                                AND ROW_NUMBER() OVER (PARTITION BY channel ORDER BY id) <= %s
                               THEN %s ELSE %s END AS at
                 FROM recovery_notice
                WHERE state = 'queued'
               ) planned
         WHERE planned.id = notice.id AND notice.next_attempt IS DISTINCT FROM planned.at
        """,
        [MAILED, dunning_ledger.TODAY, dunning_ledger.TODAY + timedelta(days=365)],
    )
    env.cr.commit()
    env.invalidate_all()
    env["recovery.notice"]._cron_send()
    env.cr.commit()


def count_late(env, date):
    """How many claims are past their due date on a day."""
    [(count,)] = env.execute_query(SQL("SELECT COUNT(*) FROM recovery_claim WHERE date_due < %s", date))
    env.cr.commit()
    return count


class Malloc(ctypes.Structure):
    """What glibc tells of its memory, in bytes (mallinfo2)."""

    _fields_ = (
        *((name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "mapped", "usmblks")),
        *((name, ctypes.c_size_t) for name in ("fsmblks", "used", "free", "keepcost")),
    )


def in_use():
    """MiB that were asked of glibc and not given back, those of Python's small objects apart."""
    tell = ctypes.CDLL("libc.so.6").mallinfo2
    tell.restype = Malloc
    told = tell()
    return (told.used + told.mapped) / bench_sending.MIB


def tell_leak_from_rest(bench, held):
    """Tell what is kept of the memory that the process has: a leak grows here as well, holes between it do not.

    Only at the end are the holes given back, so that what the process was seen to have is what a server would.
    """
    label = f"soak of {DAYS} days at {ITEMS:,}"
    for number, (what, unit) in enumerate(
        (("memory in use, grown", "MiB"), ("Python objects, grown", "objects"))
    ):
        told = [day[number] for day in held]
        bench.figure(f"{label}: {what} meanwhile", max(told[LAST]) - max(told[WARM]), None, unit)
    before = bench_sending.memory()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    bench.figure(f"{label}: memory that lay idle at the end", before - bench_sending.memory(), None, "MiB")


def report(bench, env, seconds, sizes, postbox):
    label = f"soak of {DAYS} days at {ITEMS:,}"
    bench.figure(f"{label}: the slowest day", max(seconds), None, "s")
    slower = median(seconds[LAST]) / median(seconds[WARM])
    bench.figure(f"{label}: a day at the end / at the beginning", slower, 1.3, "times")
    grown = max(sizes[LAST]) - max(sizes[WARM])
    bench.figure(f"{label}: memory grown meanwhile", grown, 20, "MiB")
    bench.figure(f"{label}: mails taken", postbox.taken.total(), None, "mails")
    for name, query in WRONG.items():
        [(count,)] = env.execute_query(SQL(query))
        bench.figure(f"{label}: {name}", count, 0, "")
