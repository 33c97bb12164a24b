"""A database whose notices are jobs, the mail server they go to, and a real Odoo with two workers that do them."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sending"))

from postbox import Server

from dev import template
from dev.session import free_port

SENDING = Path(__file__).resolve().parents[1] / "sending"
#: A mail of these takes a fifth of a second, and of those the server wants none: so many there are.
FAULTS = {"slow": 40, "refused": 3}
PATIENCE = 600
PUT_IN_LINE = 'env["recovery.notice"]._cron_send(batch_size=40)\nenv.cr.commit()\n'
OPEN_JOBS = "SELECT uuid FROM queue_job WHERE state NOT IN ('done', 'failed', 'cancelled')"
AT_WORK = """SELECT worker_pid FROM queue_job WHERE state = 'started' AND method_name = '_hand_over'
              AND worker_pid IS NOT NULL"""


class Queue:
    """A database with a job queue, spoken to from outside."""

    def __init__(self, name, count, mail_port):
        self.name = name
        self.port = free_port()
        self.config = template.queue_config()
        self.env = {
            **os.environ,
            "SMTP_PORT": str(mail_port),
            "FAULTS": repr(FAULTS),
            "COUNT": str(count),
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
    def server(self, jobs=2, workers=None):
        """Odoo with worker processes and the queue's runner, which has so many ``jobs`` done at a time.

        :param workers: processes, if not as many as jobs: who prints asks another one for its style sheets
        """
        # what the server refuses is wanted
        words = [
            "--log-handler=odoo.addons.mail.models.mail_mail:CRITICAL",
            f"--workers={workers or jobs}",
            "--max-cron-threads=0",
            f"--http-port={self.port}",
            "--log-level=warn",
        ]
        words += [
            f"--gevent-port={free_port()}",
            "--http-interface=127.0.0.1",
            "--load=base,web,rpc,queue_job",
        ]
        env = {**self.env, "ODOO_QUEUE_JOB_CHANNELS": f"root:{jobs}"}
        with subprocess.Popen(self.command("server", *words), env=env) as process:
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

    def kill_worker(self):
        """Kill a worker amid a mail: stopped first, so that it cannot come to its end meanwhile."""
        while True:
            [at_work, *_colleagues] = self.wait_until(lambda: self.query(AT_WORK))
            os.kill(at_work[0], signal.SIGSTOP)
            if at_work in self.query(AT_WORK):
                os.kill(at_work[0], signal.SIGKILL)
                return
            os.kill(at_work[0], signal.SIGCONT)

    def is_done(self):
        """Whether no job is left; the runner, which sleeps a minute at a time, is woken."""
        left = self.query(OPEN_JOBS)
        for (uuid,) in left[:1]:
            self.query("SELECT pg_notify('queue_job', %s)", uuid)
            time.sleep(0.5)
        return not left


@contextmanager
def queued(count):
    """Yield a :class:`Queue` with ``count`` notices, put in line twice, and the ``postbox`` they are for."""
    name = f"{template.PREFIX}_test_workers_{os.getpid()}"
    template.clone(template.queue(), name)
    port = free_port()
    try:
        queue = Queue(name, count, port)
        queue.shell((SENDING / "make_notices.py").read_text(encoding="utf-8") + 2 * PUT_IN_LINE)
        with Server(port) as queue.postbox:
            yield queue
    finally:
        template.drop(name)
