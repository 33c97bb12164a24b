"""What more workers are worth: mails to a server that takes its time, letters that are printed.

The same database, jobs and Odoo, with one worker at first and then with several. The pace is that of the middle three
fifths of the work: workers start and end at different times.
"""

import sys
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "queue"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sending"))

from postbox import Server
from size import QUICK
from workers import Queue

from dev import template
from dev.session import free_port

HERE = Path(__file__).resolve().parent
#: Seconds that the mail server takes over each mail.
PAUSE = 0.1
#: Mails of one job, and letters of one.
MAILS, LETTERS = 20, 5
#: Parts of the work after which the clock starts and stops.
FROM, UNTIL = 0.2, 0.8
PREPARE = """
import sys

sys.path[:0] = {paths}
import bench_sending
from run import Bench

env["ir.mail_server"].search([]).unlink()
server = {{"name": "Loopback", "smtp_host": "127.0.0.1", "smtp_port": {mail_port}, "smtp_encryption": "none"}}
env["ir.mail_server"].create(server)
env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:{port}")
bench_sending.queue(Bench(), env, {count}, "{channel}")
env.cr.commit()
"""
#: Write the mails here and now, and have jobs made of handing some of them over.
HAND_OVER = """
from odoo.addons.payment_plan_recovery_queue_job.models import notice

notice.MAILS = {size}
waiting = [("state", "=", "queued"), ("mail_id", "=", False)]
env["recovery.notice"].search(waiting, order="id", limit={count})._send_due("email")
env.cr.commit()
"""
PRINT = """
waiting = env["recovery.notice"].search([("state", "=", "queued")], order="id", limit={count})
for start in range(0, {count}, {size}):
    work = {{"model": "recovery.notice", "method": "_send_due"}}
    part = waiting[start : start + {size}].ids
    env["recovery.dispatch"]._enqueue("letters", "letters")._perform(work, part, {{"channel": "letter"}})
env.cr.commit()
"""


def run(bench):
    mails(bench, 20 if QUICK else 100, 4)
    if not QUICK:  # printing fewer would measure how browsers start
        letters(bench, 60, 2)


def mails(bench, share, workers):
    """Hand mails over by one worker, then by several; each does the same ``share``."""
    with prepared("email", share * (1 + workers)) as (queue, postbox):
        paces = []
        for count in (1, workers):
            queue.shell(HAND_OVER.format(size=MAILS, count=share * count))
            paces.append(pace(queue, count, share * count, postbox.taken.total))
    alone, together = paces
    bench.figure("workers: mails a minute by one, 100 ms each", 60 / alone, None, "mails")
    bench.figure(f"workers: mails a minute by {workers}", 60 / together, None, "mails")
    bench.figure(f"workers: a mail by {workers} / by one", together / alone, 1 / 3.5, "times")


def letters(bench, share, workers):
    """Print letters by one worker, then by two."""
    with prepared("letter", share * (1 + workers)) as (queue, _postbox):
        paces = []
        for count in (1, workers):
            queue.shell(PRINT.format(size=LETTERS, count=share * count))
            paces.append(pace(queue, count, share * count, lambda: printed(queue), spare=2))
    alone, together = paces
    bench.figure("workers: letters a minute by one", 60 / alone, None, "letters")
    bench.figure(f"workers: letters a minute by {workers}", 60 / together, None, "letters")
    bench.figure(f"workers: a letter by {workers} / by one", together / alone, 1 / 1.8, "times")


def printed(queue):
    [(count,)] = queue.query("SELECT COUNT(*) FROM recovery_notice WHERE state = 'to_post'")
    return count


@contextmanager
def prepared(channel, count):
    """A database with a job queue and so many notices in the outbox, and the mail server they are for."""
    name = f"{template.PREFIX}_bench_workers"
    template.clone(template.queue(), name)
    mail_port = free_port()
    try:
        queue = Queue(name, 0, mail_port)
        paths = [str(HERE), str(HERE.parents[1])]
        told = {"paths": paths, "mail_port": mail_port, "port": queue.port}
        queue.shell(PREPARE.format(count=count, channel=channel, **told))
        with Server(mail_port, PAUSE) as postbox:
            yield queue, postbox
    finally:
        template.drop(name)


def pace(queue, jobs, count, done, spare=0):
    """Seconds that each of ``count`` pieces takes with so many ``jobs`` at a time, until no job is left."""
    before = done()
    with queue.server(jobs, jobs + spare):
        start, first = reached(queue, done, before + FROM * count)
        end, last = reached(queue, done, before + UNTIL * count)
        queue.wait_until(queue.is_done)
    return (end - start) / (last - first)


def reached(queue, done, count):
    """Return when at least ``count`` are done, and how many are."""
    found = queue.wait_until(lambda: done() if done() >= count else 0)
    return perf_counter(), found
