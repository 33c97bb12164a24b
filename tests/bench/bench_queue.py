"""Notices as jobs: what two workers send while one of them is killed.

``BENCH_QUEUED=200`` makes it short.
"""

import os
import sys
from pathlib import Path
from time import perf_counter

from size import QUICK, shrunk

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "queue"))

from workers import FAULTS, queued

COUNT = int(os.environ.get("BENCH_QUEUED") or max(shrunk(1000), 100))


def run(bench):
    if QUICK:  # `make test-queue` tells the story with 200
        return
    with queued(COUNT) as queue:
        taken = queue.postbox.taken
        start = perf_counter()
        with queue.server():
            queue.wait_until(lambda: taken.total() >= COUNT // 4)
            queue.kill_worker()
            queue.wait_until(queue.is_done)
            seconds = perf_counter() - start
        [(open_still, doubtful)] = queue.query(
            """SELECT COUNT(*) FILTER (WHERE state NOT IN ('sent', 'failed')), COUNT(*) FILTER (WHERE is_uncertain)
                 FROM recovery_notice"""
        )
        twice = sum(count > 1 for count in taken.values())
        never = COUNT - FAULTS["refused"] - len(taken)
    bench.figure(f"queue: {COUNT:,} notices by two workers, one killed", seconds, None, "s")
    bench.figure("queue: mails taken twice", twice, 0, "mails")
    bench.figure("queue: left to a person, for the worker's death", doubtful, 1, "notices")
    bench.figure("queue: lost, but for those", max(never - doubtful, 0) + open_still, 0, "notices")
