"""Odoo between a PostgreSQL server and its streaming replica: what only reads goes to the replica, the rest does not.

Each server writes down every statement it is given; both are made for the test, and gone after it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dev import postgres, template
from dev.paths import ODOO_RC, ROOT, RUN
from dev.session import free_port

HERE = Path(__file__).resolve().parent
NAME = "recovery"
PATIENCE = 120
#: What a statement about receivables speaks of; that a paper was asked for is counted on the primary.
OURS = re.compile(r"statement: .*?(?:\brecovery_(?!portal_attempt\b)|\baccount_move)", re.DOTALL)


def tool(name):
    """A program of the same PostgreSQL that our clusters run."""
    return Path(postgres.server(RUN / "pg").bin_path) / name


class Cluster:
    """A PostgreSQL server of the test's."""

    def __init__(self, folder):
        self.data = folder / "data"
        self.log = self.data / "log"

    def manage(self, command):
        words = [sys.executable, ROOT / "dev" / "postgres.py", command, self.data]
        return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def start(self):
        self.data.mkdir(parents=True, exist_ok=True)
        self.host = self.manage("start")

    def query(self, statement, name="postgres"):
        with closing(psycopg2.connect(host=self.host, user="odoo", dbname=name)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else None

    def told_since(self, size):
        with self.log.open(errors="replace") as log:
            log.seek(size)
            return len(OURS.findall(log.read()))


class Pair:
    """A primary with the addon's database, its replica, and an Odoo that knows both."""

    def __init__(self, folder):
        self.primary, self.replica = Cluster(folder / "primary"), Cluster(folder / "replica")

    def make(self, folder):
        self.primary.start()
        dump = folder / "dump"
        with template.copied(template.addon(), "replica") as source:
            subprocess.run([tool("pg_dump"), "-Fd", "-j2", "-Z0", "-f", dump, source], check=True)
        self.primary.query(f'CREATE DATABASE "{NAME}"')
        words = ["-h", self.primary.host, "-U", "odoo", "-d", NAME, "-j2", "--no-owner", dump]
        subprocess.run([tool("pg_restore"), *words], check=True)
        self.primary.query("ALTER SYSTEM SET log_statement = 'all'")
        self.primary.query("SELECT pg_reload_conf()")
        words = ["-h", self.primary.host, "-U", "postgres", "-D", self.replica.data, "-R", "-c", "fast"]
        subprocess.run([tool("pg_basebackup"), *words], check=True)
        for left in (".s.PGSQL.5432.lock", "log"):  # the primary's, which keeps them in its folder
            (self.replica.data / left).unlink(missing_ok=True)
        owner = self.primary.data.stat()
        for path in (
            self.replica.data,
            *self.replica.data.rglob("*"),
        ):  # as root, the server runs as another user
            os.chown(path, owner.st_uid, owner.st_gid)
        self.replica.start()
        assert self.replica.query("SELECT pg_is_in_recovery()") is True

    def stop(self):
        for cluster in (self.replica, self.primary):
            if hasattr(cluster, "host"):
                cluster.manage("stop")

    def catch_up(self):
        """Wait until the replica has what the primary wrote."""
        written = self.primary.query("SELECT pg_current_wal_insert_lsn()")
        end = time.monotonic() + PATIENCE
        while not self.replica.query(f"SELECT pg_last_wal_replay_lsn() >= '{written}'"):
            assert time.monotonic() < end, "the replica does not follow"
            time.sleep(0.05)

    def odoo(self, *words):
        hosts = ["--db_host", self.primary.host, "--db_user", "odoo", "--database", NAME]
        return [sys.executable, "-m", "odoo", words[0], "--config", ODOO_RC, *hosts, *words[1:]]

    def fill(self):
        """A small ledger with notices, who asks, and the link; returns what there is to know of them."""
        notices = (ROOT / "tests" / "sending" / "make_notices.py").read_text(encoding="utf-8")
        done = subprocess.run(
            self.odoo("shell", "--no-http", "--log-level=warn"),
            input=notices + (HERE / "fill.py").read_text(encoding="utf-8"),
            env={**os.environ, "COUNT": "5", "FAULTS": "{}", "SMTP_PORT": "25"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.partition("TOLD ")[2].splitlines()[0])

    @contextmanager
    def served(self):
        self.port = free_port()
        words = [f"--http-port={self.port}", "--http-interface=127.0.0.1", "--max-cron-threads=0"]
        words += ["--log-level=warn", "--db_replica_host", self.replica.host]
        with subprocess.Popen(self.odoo("server", *words)) as process:
            try:
                end = time.monotonic() + PATIENCE
                while not self.answers():
                    assert time.monotonic() < end, "the server does not answer"
                    time.sleep(0.2)
                yield
            finally:
                process.terminate()
                process.wait(timeout=60)

    def answers(self):
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/web/health", timeout=30).ok
        except requests.ConnectionError:
            return False

    def log_in(self):
        """Have who asks without a key be a collector with a session."""
        self.browser = requests.Session()
        login = {"db": NAME, "login": "program", "password": "program"}
        address = f"http://127.0.0.1:{self.port}/web/session/authenticate"
        answer = self.browser.post(address, json={"params": login}, timeout=PATIENCE)
        assert answer.json()["result"]["uid"]

    def asked(self, path, body=None):
        """Ask, and return (statements of the primary, of the replica) that speak of receivables."""
        self.catch_up()
        sizes = [cluster.log.stat().st_size for cluster in (self.primary, self.replica)]
        address, headers = f"http://127.0.0.1:{self.port}{path}", {"X-Odoo-Database": NAME}
        if body is None:
            answer = self.browser.get(address, headers=headers, timeout=PATIENCE)
        else:
            headers["Authorization"] = f"bearer {self.known['key']}"
            answer = requests.post(address, json=body, headers=headers, timeout=PATIENCE)
        assert answer.status_code == 200, f"{path}: {answer.text[:2000]}"
        self.answer = answer
        return tuple(
            cluster.told_since(size)
            for cluster, size in zip((self.primary, self.replica), sizes, strict=True)
        )


@pytest.fixture(scope="module")
def pair():
    folder = RUN / f"replica-{os.getpid()}"
    pair = Pair(folder)
    try:
        pair.make(folder)
        pair.known = pair.fill()
        with pair.served():
            # The first to ask has what is the same for all put into the caches.
            requests.get(f"http://127.0.0.1:{pair.port}{pair.known['link']}", timeout=PATIENCE)
            yield pair
    finally:
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)


def screens(known):
    """What a reader asks, by name."""
    period = {"date_from": known["today"], "date_to": known["today"]}
    return {
        "the list of claims": (
            "recovery.claim/web_search_read",
            {"domain": [], "specification": {"reason": {}, "age": {}, "partner_id": {}}},
        ),
        "claims by age": (
            "recovery.claim/web_read_group",
            {"domain": [], "groupby": ["age"], "aggregates": ["amount_company:sum"]},
        ),
        "the notices": (
            "recovery.notice/web_search_read",
            {"domain": [], "specification": {"state": {}}},
        ),
        "a debtor explained": ("res.partner/recovery_explain", {"ids": [known["debtor"]]}),
        "the dashboard": ("recovery.dashboard/data", {"asked": {"period": "quarter"}}),
        "figures": ("recovery.kpi/figures", period),
        "why claims are chased": ("recovery.dunning.run/reason_counts", {"ids": [known["run"]]}),
    }


def test_screens_are_read_on_the_replica(pair):
    for name, (path, body) in screens(pair.known).items():
        primary, replica = pair.asked(f"/json/2/{path}", body)
        assert (primary, replica > 0) == (0, True), (
            f"{name}: {primary} on the primary, {replica} on the replica"
        )


@pytest.mark.parametrize(
    "paper",
    [
        "/recovery/credit/review",
        "/recovery/figures/review?date_from={today}&date_to={today}",
        "/report/html/payment_plan_recovery.report_statement/{debtor}",
    ],
)
def test_papers_are_made_from_the_replica(pair, paper):
    pair.log_in()
    primary, replica = pair.asked(paper.format(**pair.known))
    assert (primary, replica > 0) == (0, True), f"{primary} on the primary, {replica} on the replica"


@pytest.mark.parametrize("page", ["", "/statement", "/pay", "/ask", "/dispute", "/data"])
def test_the_debtors_pages_are_read_on_the_replica(pair, page):
    pair.browser = requests.Session()
    primary, replica = pair.asked(pair.known["link"] + page)
    assert (primary, replica > 0) == (0, True), f"{primary} on the primary, {replica} on the replica"


def test_what_is_written_goes_to_the_primary_and_is_read_from_the_replica(pair):
    promise = {"partner_id": pair.known["debtor"], "amount": 50, "date_promised": "2099-01-01"}
    primary, _replica = pair.asked("/json/2/recovery.promise/create", {"vals_list": [promise]})
    assert primary > 0
    primary, replica = pair.asked("/json/2/recovery.promise/search_count", {"domain": []})
    assert (primary, replica > 0, pair.answer.json()) == (0, True, 1)
