"""The test suite's parts, each on a database of its own: ``suite.py kernel orm …``; all without a word.

Further options of pytest, such as ``-k plan``, come from the variable ARGS.
"""

import os
import shlex
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev import template
from dev.paths import ROOT, say
from dev.session import free_port


def kernel():
    """tools/ and the demonstration's ledger: neither Odoo nor a database."""
    return _pytest("tests/kernel", "-p", "no:odoo")


def orm():
    """The addon's own tests through pytest-odoo, those that speak HTTP included."""
    with _database("orm") as name:
        return _pytest(f"{template.ADDON}/tests", "tests/ledgers", f"--odoo-database={name}", "--odoo-http")


def sale():
    """The tests of what joins the addon to sales orders, where both are installed."""
    with _database("sale", template.sale) as name:
        return _pytest(f"{template.SALE_ADDON}/tests", f"--odoo-database={name}", "--odoo-http")


def install():
    """Installing, upgrading and uninstalling, with Odoo's own command line."""
    return _pytest("tests/install", "-p", "no:odoo")


def sending():
    """Workers that send notices, and are killed on the way."""
    return _pytest("tests/sending", "-p", "no:odoo")


def demo():
    """The demonstration on a ledger of one's own, as its user runs it."""
    return _pytest("tests/demo", "-p", "no:odoo")


def browser():
    """The main screens in a real Chromium."""
    with _database("browser") as name:
        return _pytest("tests/browser", f"--odoo-database={name}", "--odoo-http")


def odoo():
    """The addon's own tests under Odoo's own runner."""
    with _database("odoo") as name:
        command = [sys.executable, "-m", "odoo", "--database", name, "--update", template.ADDON]
        tags = ["--test-tags", f"/{template.ADDON}", "--stop-after-init", "--http-port", str(free_port())]
        return subprocess.run([*command, *tags, "--log-level=test"], check=False).returncode


PARTS = {part.__name__: part for part in (kernel, orm, sale, install, sending, demo, browser, odoo)}
EVERYDAY = ("kernel", "orm", "sale", "install", "sending", "demo", "browser")


def _pytest(*words):
    more = shlex.split(os.environ.get("ARGS", ""))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "dev.no_skips", *words, *more], cwd=ROOT, check=False
    ).returncode


@contextmanager
def _database(part, prepared=template.addon):
    name = f"{template.PREFIX}_test_{part}_{os.getpid()}"
    template.clone(prepared(), name)
    try:
        yield name
    finally:
        template.drop(name)


def main(names):
    """Run the named parts one after the other; the exit code is 1 when any of them failed."""
    verdicts = []
    for name in names:
        say(f"{name} tests")
        start = monotonic()
        failed = PARTS[name]()
        verdicts.append((name, "FAILED" if failed else "passed", monotonic() - start))
    for name, verdict, seconds in verdicts:
        sys.stdout.write(f"{name:<8} {verdict} in {seconds:.0f} s\n")
    return any(verdict == "FAILED" for _name, verdict, _seconds in verdicts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or EVERYDAY))
