"""Workers are killed in the middle of 300 notices and the mail server misbehaves: nothing is doubled or lost.

The one thing that nobody can tell is whether the server took a mail whose answer never arrived
(RFC 5321, 4.5.4.1). Such a notice is left to a person; it is neither sent again nor called sent.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from postbox import FAULTS, Server

from dev import template
from dev.session import free_port

HERE = Path(__file__).resolve().parent
NOTICES, KILLS = 300, 2
PATIENCE = 300


class Story:
    """One database, spoken to from outside, and the workers that drain its outbox."""

    def __init__(self, name, port):
        self.name = name
        self.env = {**os.environ, "SMTP_PORT": str(port), "FAULTS": repr(FAULTS)}

    def start(self, script, **env):
        command = [sys.executable, "-m", "odoo", "shell", "--no-http", "--log-level=critical"]
        with (HERE / script).open() as code:
            return subprocess.Popen(
                [*command, "--database", self.name],
                stdin=code,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                env={**self.env, **env},
            )

    def run(self, script, **env):
        process = self.start(script, **env)
        _out, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors

    def query(self, statement, *values):
        with (
            closing(psycopg2.connect(dbname=self.name)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else None

    def retry_now(self):
        """Let the waits of the back-off pass."""
        self.query("UPDATE recovery_notice SET next_attempt = '2000-01-01' WHERE state = 'queued'")

    def notices(self):
        return self.query(
            """SELECT contact.email, notice.state, notice.message_ref, COALESCE(notice.is_uncertain, FALSE)
                 FROM recovery_notice notice JOIN res_partner contact ON contact.id = notice.contact_id"""
        )


@pytest.fixture
def story():
    name = f"{template.PREFIX}_test_sending_{os.getpid()}"
    template.clone(template.addon(), name)
    port = free_port()
    try:
        story = Story(name, port)
        story.run("make_notices.py", COUNT=str(NOTICES))
        with Server(port) as postbox:
            story.postbox = postbox
            yield story
    finally:
        template.drop(name)


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "the workers stopped working"
        time.sleep(0.005)


def test_nothing_twice_and_nothing_lost(story):
    kill_workers(story)
    let_workers_finish(story)
    assert max(story.postbox.taken.values()) == 1, "the server took a notice twice"
    check_states(story)
    check_doubts(story)
    settle_doubts(story)


def kill_workers(story):
    """Kill pairs of workers amid their work."""
    taken = story.postbox.taken
    for _kill in range(KILLS):
        victim, colleague = story.start("work.py"), story.start("work.py")
        goal = taken.total() + random.randint(20, 90)
        wait_until(lambda goal=goal: taken.total() >= goal)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        colleague.send_signal(signal.SIGKILL)
        colleague.wait()
    assert taken.total() < NOTICES, "the kills came too late to show anything"


def let_workers_finish(story):
    """Let two workers come to their end, then one: what was refused for now, or dropped, is tried again."""
    for count in (2, 1):
        story.retry_now()
        workers = [story.start("work.py") for _worker in range(count)]
        for worker in workers:
            _out, errors = worker.communicate(timeout=PATIENCE)
            assert worker.returncode == 0, errors


def check_states(story):
    """Each notice is sent or failed, and has a good reason."""
    notices, taken = story.notices(), story.postbox.taken
    assert not [email for email, state, _ref, _doubt in notices if state not in {"sent", "failed"}]
    for email, state, ref, doubtful in notices:
        if email.startswith("refused."):
            # in doubt where its worker was killed before the answer was noted: counted in check_doubts
            assert (state, taken[email]) == ("failed", 0)
        elif state == "sent":
            assert story.postbox.ids[email] == [ref]
        else:
            assert doubtful, f"{email} failed for no good reason"


def check_doubts(story):
    """At most one notice is in doubt for each worker killed, besides those whose answer got lost."""
    doubts = [email for email, _state, _ref, doubtful in story.notices() if doubtful]
    assert {email for email in story.postbox.taken if email.startswith("silent.")} <= set(doubts)
    assert len([email for email in doubts if not email.startswith("silent.")]) <= 2 * KILLS


def settle_doubts(story):
    """A person settles what is in doubt; then everybody who can be reached has been, once."""
    while any(doubtful for *_rest, doubtful in story.notices()):
        everything = [ref for refs in story.postbox.ids.values() for ref in refs]
        story.run("resolve.py", TAKEN=json.dumps(everything))
        story.run("work.py")
    for email, state, _ref, _doubt in story.notices():
        expected = ("failed", 0) if email.startswith("refused.") else ("sent", 1)
        assert (state, story.postbox.taken[email]) == expected, email
    logged = story.query("SELECT count(*) FROM recovery_notice WHERE state = 'sent' AND NOT logged")
    assert logged == [(0,)]
