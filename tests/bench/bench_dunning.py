"""What a dunning run costs: against plain SQL, against the peer, and as the ledger grows.

``BENCH_ITEMS="10000 100000"`` leaves the largest ledger out (``QUICK=1`` all but the smallest, and the peer),
``BENCH_ITEMS=1000000`` makes the largest one's Excel review too (minutes), ``PEER=1`` meets the peer at 100,000
items too, ``EXPLAIN=1`` keeps the plan of the main statement in out/. Each ledger is measured in a process of its
own, so that its peak memory is its own.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ledgers
from size import QUICK, shrunk

from dev import template
from dev.paths import OUT, ROOT, RUN, environ, say

CHILD = Path(__file__).with_name("dunning_child.py")
ALL = "10000" if QUICK else "10000 100000 1000000"
SIZES = tuple(int(size) for size in os.environ.get("BENCH_ITEMS", ALL).split())
#: Posted by turns, with the indexes and without.
POSTED = max(shrunk(1000), 200)
PEER = "odoo-addon-account-credit-control==19.0.1.0.0.13"
PEER_FOLDER = RUN / "bench_peer"


def run(bench):
    measured = {}
    for items in SIZES:
        say(f"dunning: a ledger of {items:,} open items")
        with bench.database(ledger=(ledgers.chased, items)) as name:
            measured[items] = measure("ours", name, items)
            if items == max(SIZES):  # its lists are opened next, see bench_lists
                bench.keep(name, ledgers.worked, items)
        report(bench, items, measured[items])
    if {100_000, 1_000_000} <= measured.keys():
        growth = measured[1_000_000]["run"] / measured[100_000]["run"]
        bench.figure("dunning: run at 1,000,000 items / at 100,000", growth, 12, "times")
    for items in [10_000, *([100_000] if os.environ.get("PEER") else [])]:
        if items in measured and not QUICK:
            report_peer(bench, items, measured[items])
    with bench.database(ledger=ledgers.NONE) as name:
        posting = measure("posting", name, POSTED)
    bench.figure(
        f"dunning: posting {POSTED:,} invoices with its indexes / without", posting["ratio"], 1.10, "times"
    )


def report(bench, items, figures):
    largest = items == max(SIZES)
    size = f"dunning at {items:,}"
    bench.figure(f"{size}: counting reasons (dry run)", figures["counts"], None, "s")
    bench.figure(f"{size}: proposal and confirmation", figures["run"], None, "s")
    bound = 2 if items == 100_000 else None
    bench.figure(f"{size}: run / SQL floor", figures["run_to_floor"], bound, "times")
    if daily := figures["daily_to_floor"]:
        bench.figure(f"{size}: daily run, in one transaction / SQL floor", daily, None, "times")
    bench.figure(f"{size}: claims put into notices", figures["lines"], None, "claims")
    bench.figure(f"{size}: inserted by a second run of the day", figures["inserted_again"], 0, "rows")
    bench.figure(f"{size}: second run / first", figures["again"] / figures["run"], 1, "times")
    bench.figure(f"{size}: why not, one invoice", figures["why_not"] * 1000, 50 if largest else None, "ms")
    if figures["review"]:
        bench.figure(f"{size}: Excel review", figures["review"], None, "s")
    bound = 400 if items == 1_000_000 else None
    bench.figure(f"{size}: peak memory of the process", figures["memory"], bound, "MiB")


def report_peer(bench, items, ours):
    """The peer from PyPI on the same ledger, in a database of its own; at least 40 times slower."""
    name = f"{template.PREFIX}_bench_peer_{os.getpid()}"
    addons = install_peer()
    template.clone(template.base(), name)
    try:
        template.odoo(name, "--addons-path", addons_path(addons), "--init", "account_credit_control")
        peer = measure("peer", name, items, addons_path(addons))
    finally:
        template.drop(name)
    size = f"dunning at {items:,}"
    bench.figure(f"{size}: the peer's lines", peer["proposal"], None, "s")
    bench.figure(f"{size}: the peer's lines and messages", peer["run"], None, "s")
    bench.figure(f"{size}: claims in the peer's messages", peer["lines"], None, "claims")
    bench.figure(
        f"{size}: our proposal / the peer's lines", ours["proposal"] / peer["proposal"], None, "times"
    )
    bench.figure(f"{size}: our run / the peer's", ours["run"] / peer["run"], 1 / 40, "times")


def install_peer():
    """The peer in a folder that `make clean` removes; it is no part of the project or of its lock."""
    addons = PEER_FOLDER / "odoo" / "addons"
    if not (addons / "account_credit_control").is_dir():
        shutil.rmtree(PEER_FOLDER, ignore_errors=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", PEER_FOLDER, PEER],
            check=True,
        )
    return addons


def addons_path(folder):
    """Odoo's own folders of addons and ``folder``."""
    import odoo

    return ",".join([str(Path(odoo.__path__[0]) / "addons"), str(folder)])


def measure(what, name, items, addons=""):
    """Figures of ``dunning_child.py``, which works on database ``name`` in a process of its own."""
    OUT.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, CHILD, what, name, str(items), addons],
        env={**environ(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
