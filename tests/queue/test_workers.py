"""A real job runner and two real workers send 200 notices; one is killed amid its work. Nothing is doubled or lost.

COUNT=1000 tells the story with as many.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from workers import OPEN_JOBS, queued

from dev import template

COUNT = int(os.environ.get("COUNT") or 200)


@pytest.fixture
def queue():
    with queued(COUNT) as queue:
        yield queue


def test_nothing_twice_and_nothing_lost(queue):
    assert len(queue.query(OPEN_JOBS)) == -(-COUNT // 40), "what waits in a job is not put in line again"
    taken = queue.postbox.taken
    with queue.server():
        queue.wait_until(lambda: taken.total() >= COUNT // 8)
        queue.kill_worker()
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
    assert queue.query("SELECT TRUE FROM queue_job WHERE method_name = '_hand_over' AND retry > 1")


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
