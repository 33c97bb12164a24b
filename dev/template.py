"""Prepared databases, each keyed on what it was made from, and their clones.

``base`` holds Odoo's accounting with the French chart; ``addon`` is a clone of it with
payment_plan_recovery installed, ``sale`` a clone of that with sales orders. A clone
takes about a second, so that tests, benchmarks and the demonstration each get a database of
their own.
"""

import configparser
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psycopg2
from psycopg2 import sql

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev import peers
from dev.paths import ODOO_RC, ROOT, RUN, VENV_PYTHON, MissingPiece, say

ADDON = "payment_plan_recovery"
#: The glue between the addon and sales orders: it installs itself where `sale` is.
SALE_ADDON = f"{ADDON}_sale"
#: The glue between the addon and OCA's job queue, and what the queue is.
QUEUE_ADDON = f"{ADDON}_queue_job"
QUEUE_PACKAGES = ("odoo-addon-queue_job==19.0.2.4.0.1", "openupgradelib==3.13.7")
#: What makes ready what the addon's own tests need.
TESTED = ROOT / "dev" / "tested.py"
BASE_MODULES = "account,account_payment,l10n_fr_account"
#: Providers that take no money (a simulated one, and the wire transfer), and automation rules.
GUEST_MODULES = "payment_demo,payment_custom,base_automation"
#: The first is what new users speak.
LANGUAGES = "en_US,fr_FR"
#: Folders of the addon that no installed database depends on.
NOT_INSTALLED = ("tests", "static/tests", "static/description", "__pycache__")
#: A server may be shared by several checkouts: each knows its databases by this prefix.
PREFIX = f"recovery_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]}"
FILESTORE = RUN / "data" / "filestore"


def base():
    """Name of the database with Odoo's accounting; made when it is not there."""
    odoo_stamp = (RUN / "stamps" / "odoo").read_text()
    return _prepared("base", _key(odoo_stamp, BASE_MODULES, LANGUAGES), _make_base)


def addon():
    """Name of the database with the addon installed; made when it is not there."""
    return _prepared("addon", _key(base(), addon_fingerprint()), _make_addon)


def tested(source):
    """Name of the database that tests take copies of: that of ``source`` with what each would else make for itself."""
    name = source()
    return _prepared(f"tested_{source.__name__}", _key(name, TESTED.read_text()), partial(_make_tested, name))


def sale():
    """Name of the database with the addon, sales orders and what joins them; made when it is not there."""
    return _prepared("sale", _key(addon(), addon_fingerprint(SALE_ADDON)), _make_sale)


def queue():
    """Name of the database with the addon, a job queue and what joins them; made when it is not there."""
    return _prepared("queue", _key(addon(), addon_fingerprint(QUEUE_ADDON), *QUEUE_PACKAGES), _make_queue)


def beside():
    """Name of the database with the addon beside modules it works with and does not need; made when not there."""
    return _prepared("beside", _key(addon(), GUEST_MODULES), _make_beside)


def _prepared(kind, key, make):
    name = f"{PREFIX}_{kind}_{key}"
    if exists(name):  # it is named so when it is ready: no need to wait for what another process makes
        return name
    with _lock():
        if not exists(name):
            for stale in _databases(f"{PREFIX}_{kind}_"):
                drop(stale)
            unfinished = f"{PREFIX}_making_{kind}"
            drop(unfinished)
            make(unfinished)
            # Nobody can be connected while it is copied: whoever wants to look inside takes a copy.
            _execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", unfinished)
            rename(unfinished, name)
    return name


def _make_base(name):
    say("preparing a database with Odoo's accounting (half a minute)")
    odoo(name, "--init", BASE_MODULES, "--load-language", LANGUAGES)


def _make_addon(name):
    clone(base(), name)
    say("preparing a database with the addon")
    odoo(name, "--init", ADDON)


def _make_tested(source, name):
    clone(source, name)
    say("preparing a database with styles and companies for the tests (half a minute)")
    odoo(name, script=TESTED.read_text())


def _make_sale(name):
    clone(addon(), name)
    say("preparing a database with sales orders (a quarter of a minute)")
    odoo(name, "--init", "sale")


def _make_queue(name):
    clone(addon(), name)
    say("preparing a database with a job queue (a quarter of a minute)")
    odoo(name, "--config", str(queue_config()), "--init", "queue_job")


def queue_config():
    """Odoo's configuration with the job queue's addons, which are fetched when they are not there."""
    addons = peers.fetched("queue_peers", *QUEUE_PACKAGES)
    beside = str(addons.parents[1])
    if beside not in os.environ.get("PYTHONPATH", "").split(os.pathsep):  # openupgradelib lies there
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), beside]))
    settings = configparser.ConfigParser()
    settings.read(ODOO_RC)
    settings["options"]["addons_path"] += f",{addons}"
    config = RUN / "odoo-queue.conf"
    with config.open("w") as file:
        settings.write(file)
    return config


def _make_beside(name):
    clone(addon(), name)
    say("preparing a database with payment providers and automation rules (a quarter of a minute)")
    odoo(name, "--init", GUEST_MODULES)


def odoo(name, *words, script=None):
    """Run Odoo's server once on database ``name``, or a script in its shell; its log is shown only when it fails."""
    command = [
        VENV_PYTHON,
        "-m",
        "odoo",
        *(["shell"] if script else []),
        "--config",
        ODOO_RC,
        "--database",
        name,
    ]
    done = subprocess.run(
        [*command, *words, "--stop-after-init", "--no-http", "--log-level=warn"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or " CRITICAL " in done.stderr:
        sys.stderr.write(done.stderr)
        raise MissingPiece(f"Odoo failed on {' '.join(words) or 'a script'}; its log is above")
    return done.stderr


def _key(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def addon_fingerprint(addon=ADDON):
    """Changes with every file of an addon of ours that an installed database depends on."""
    digest = hashlib.sha256()
    folder = ROOT / addon
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in relative.parts and not _left_out(relative):
            digest.update(f"{relative}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _left_out(relative):
    return any(relative.is_relative_to(folder) for folder in NOT_INSTALLED)


# -- databases ---------------------------------------------------------------------------------------


def clone(source, name, large=False):
    """Database ``name`` as a copy of ``source``, filestore included; replaces one of that name.

    :param large: its files are copied, which spares a gigabyte's way through the log
    """
    drop(name)
    strategy = " STRATEGY FILE_COPY" if large else ""
    _execute("CREATE DATABASE {} TEMPLATE {}" + strategy, name, source)
    if (FILESTORE / source).is_dir():
        # Files of a filestore are named by their content and never rewritten: links will do.
        shutil.copytree(FILESTORE / source, FILESTORE / name, copy_function=os.link)


@contextmanager
def copied(source, purpose):
    """A copy of ``source`` of this process's own, dropped at the end; yields its name."""
    name = f"{PREFIX}_test_{purpose}_{os.getpid()}"
    clone(source, name)
    try:
        yield name
    finally:
        drop(name)


def drop(name):
    """Remove database ``name`` and its filestore, if they are there."""
    if exists(name):
        _execute("DROP DATABASE {} WITH (FORCE)", name)
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def drop_all():
    """Remove every database this checkout made for itself."""
    for name in _databases(f"{PREFIX}_"):
        drop(name)


def exists(name):
    """Whether the server has a database ``name``."""
    return name in _databases("")


def _databases(prefix):
    with _server() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return [name for (name,) in cursor.fetchall()]


def rename(name, to):
    """Give database ``name`` and its filestore another name."""
    if (FILESTORE / name).is_dir():  # first: whoever finds the database takes a copy of both
        shutil.rmtree(FILESTORE / to, ignore_errors=True)
        (FILESTORE / name).rename(FILESTORE / to)
    _execute("ALTER DATABASE {} RENAME TO {}", name, to)


def _execute(statement, *names):
    with _server() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def _server():
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


@contextmanager
def _lock():
    """One process at a time prepares; the same process may enter again."""
    if _lock.held:
        yield
        return
    with (RUN / "template.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _lock.held = True
        try:
            yield
        finally:
            _lock.held = False


_lock.held = False
