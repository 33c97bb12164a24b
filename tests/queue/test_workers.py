"""A real job runner and two real workers send 200 notices; one is killed amid its work. Nothing is doubled or lost.

COUNT=1000 tells the story with as many.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sending"))

from postbox import Server

from dev import template
from dev.session import free_port

SENDING = Path(__file__).resolve().parents[1] / "sending"
COUNT = int(os.environ.get("COUNT") or 200)
#: A mail of these takes a fifth of a second, and of those the server wants none: so many there are.
FAULTS = {"slow": 40, "refused": 3}
PATIENCE = 240
PUT_IN_LINE = 'env["recovery.notice"]._cron_send(batch_size=40)\nenv.cr.commit()\n'
OPEN_JOBS = "SELECT uuid FROM queue_job WHERE state NOT IN ('done', 'failed', 'cancelled')"
AT_WORK = """SELECT worker_pid FROM queue_job WHERE state = 'started' AND method_name = '_hand_over'
              AND worker_pid IS NOT NULL"""


class Queue:
    """A database with a job queue, spoken to from outside."""

    def __init__(self, name, mail_port):
        self.name = name
        self.port = free_port()
        self.config = template.queue_config()
        self.env = {
            **os.environ,
            "SMTP_PORT": str(mail_port),
            "FAULTS": repr(FAULTS),
            "COUNT": str(COUNT),
            "ODOO_QUEUE_JOB_CHANNELS": "root:2",
            "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
            "ODOO_QUEUE_JOB_PORT": str(self.port),
        }

    def command(self, *words):
        odoo = Path(__file__).with_name("serve.py")
        return [sys.executable, odoo, words[0], "--config", self.config, "-d", self.name, *words[1:]]

    def shell(self, script):
        done = subprocess.run(
            self.command("shell", "--no-http", "--log-level=error"),
            input=script,
            capture_output=True,
            text=True,
            env=self.env,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr

    def query(self, statement, *values):
        with (
            closing(psycopg2.connect(dbname=self.name)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else None

    @contextmanager
    def server(self):
        """Odoo with two worker processes and the queue's runner."""
        words = ["--workers=2", "--max-cron-threads=0", f"--http-port={self.port}", "--log-level=warn"]
        words += [
            f"--gevent-port={free_port()}",
            "--http-interface=127.0.0.1",
            "--load=base,web,rpc,queue_job",
        ]
        with subprocess.Popen(self.command("server", *words), env=self.env) as process:
            try:
                yield
            finally:
                process.terminate()
                process.wait(timeout=60)

    def wait_until(self, condition):
        end = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < end, self.query("SELECT state, exc_info FROM queue_job")
            time.sleep(0.02)
        return found

    def is_done(self):
        """Whether no job is left; the runner, which sleeps a minute at a time, is woken."""
        left = self.query(OPEN_JOBS)
        for (uuid,) in left[:1]:
            self.query("SELECT pg_notify('queue_job', %s)", uuid)
            time.sleep(0.5)
        return not left


@pytest.fixture
def queue():
    name = f"{template.PREFIX}_test_workers_{os.getpid()}"
    template.clone(template.queue(), name)
    port = free_port()
    try:
        queue = Queue(name, port)
        queue.shell((SENDING / "make_notices.py").read_text(encoding="utf-8") + 2 * PUT_IN_LINE)
        with Server(port) as queue.postbox:
            yield queue
    finally:
        template.drop(name)


def test_nothing_twice_and_nothing_lost(queue):
    assert len(queue.query(OPEN_JOBS)) == -(-COUNT // 40), "what waits in a job is not put in line again"
    taken = queue.postbox.taken
    with queue.server():
        queue.wait_until(lambda: taken.total() >= COUNT // 8)
        [victim, *_colleagues] = queue.wait_until(lambda: queue.query(AT_WORK))
        os.kill(victim[0], signal.SIGKILL)
        assert taken.total() < COUNT * 0.9, "the kill came too late to show anything"
        queue.wait_until(queue.is_done)
    assert max(taken.values()) == 1, "the server took a notice twice"
    check_jobs(queue)
    check_notices(queue)
    check_leaving(queue)


def check_jobs(queue):
    """All jobs came to their end, by more than one worker, and the one of the dead worker was done again."""
    states = queue.query("SELECT state, COUNT(*) FROM queue_job GROUP BY state")
    assert [state for state, _count in states] == ["done"], states
    [(workers,)] = queue.query("SELECT COUNT(DISTINCT worker_pid) FROM queue_job")
    assert workers > 1
    assert queue.query("SELECT COUNT(*) FROM queue_job WHERE method_name = '_hand_over' AND retry > 1") == [
        (1,)
    ]


def check_notices(queue):
    """Each is sent, refused by the server, or left to a person: the one whose worker was killed, at most."""
    notices = queue.query(
        """SELECT contact.email, notice.state, COALESCE(notice.is_uncertain, FALSE), notice.logged
             FROM recovery_notice notice JOIN res_partner contact ON contact.id = notice.contact_id"""
    )
    assert len(notices) == COUNT
    taken = queue.postbox.taken
    for email, state, doubtful, logged in notices:
        if email.startswith("refused."):
            assert (state, doubtful, taken[email]) == ("failed", False, 0)
        elif not doubtful:
            assert (state, logged, taken[email]) == ("sent", True, 1), email
    assert sum(doubtful for _email, _state, doubtful, _logged in notices) <= 1


def check_leaving(queue):
    """Uninstalled, the glue leaves nothing of its own; the notices are as they were."""
    before = queue.query("SELECT state, COUNT(*) FROM recovery_notice GROUP BY state ORDER BY state")
    words = ["-m", "odoo", "module", "uninstall", template.QUEUE_ADDON, "--database", queue.name]
    env = {**queue.env, "ODOO_RC": str(queue.config)}
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    for statement in (
        "SELECT COUNT(*) FROM queue_job WHERE model_name = 'recovery.dispatch'",
        "SELECT COUNT(*) FROM queue_job_function WHERE method IN ('_perform', '_hand_over')",
        "SELECT COUNT(*) FROM queue_job_channel WHERE complete_name LIKE 'root.recovery%'",
        "SELECT COUNT(*) FROM ir_model_data WHERE module = 'payment_plan_recovery_queue_job'",
    ):
        assert queue.query(statement) == [(0,)], statement
    assert queue.query("SELECT state, COUNT(*) FROM recovery_notice GROUP BY state ORDER BY state") == before
