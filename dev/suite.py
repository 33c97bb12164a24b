"""The test suite's parts, each on a database of its own: ``suite.py kernel orm …``; all without a word.

Several parts run side by side, as many at a time as there are processors; LANES=1 runs them one by one.

Further options of pytest, such as ``-k plan``, come from the variable ARGS.
"""

import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev import template
from dev.paths import ROOT, say
from dev.session import free_port


def kernel():
    """tools/ and the demonstration's ledger: neither Odoo nor a database."""
    return _pytest("tests/kernel", "-p", "no:odoo")


#: The tests of sales orders that need deliveries.
NEEDING_STOCK = "test_credit_order_closed.py"
#: The addon's own tests, and those of its rooms that go together, so that no part takes much longer than another.
ORM_TESTS = (f"{template.ADDON}/tests", "tests/ledgers", "tests/matrix")
ORM_PARTS = (
    ("solvency", "guidance", "tests/matrix"),
    ("plan", "message", "credit"),
    ("portal", "insight"),
    ("notice", "claim"),
)


def orm():
    """The addon's own tests through pytest-odoo, those that speak HTTP included."""
    return _orm(*ORM_TESTS)


def orm_part(number):
    """One of several parts of them, so that they run side by side."""
    return _orm(*orm_words(number))


def orm_words(number):
    """What pytest is told for a part; the last has whatever is in none of the others."""
    parts = [
        [name if "/" in name else f"{template.ADDON}/tests/{name}" for name in part] for part in ORM_PARTS
    ]
    if number <= len(parts):
        return parts[number - 1]
    elsewhere = [folder for part in parts for folder in part]
    # What is named is tried, ignored or not.
    named = [folder for folder in ORM_TESTS if folder not in elsewhere]
    return [*named, *(f"--ignore={folder}" for folder in elsewhere)]


def _orm(*words):
    with template.copied(template.tested(template.addon), "orm") as name:
        return _pytest(*words, f"--odoo-database={name}", "--odoo-http")


def sale():
    """The tests of what joins the addon to sales orders, where both are installed."""
    tests = f"{template.SALE_ADDON}/tests"
    with template.copied(template.sale(), "sale") as name:
        options = (f"--odoo-database={name}", "--odoo-http")
        code = _pytest(tests, f"--ignore={tests}/{NEEDING_STOCK}", *options)
        if not code:
            template.odoo(name, "--init", "sale_stock")  # deliveries are closed where stock is kept
            code = _pytest(f"{tests}/{NEEDING_STOCK}", *options)
        return code


def install():
    """Installing, upgrading and uninstalling, with Odoo's own command line."""
    return _pytest("tests/install", "-p", "no:odoo")


def sending():
    """Workers that send notices, and are killed on the way."""
    return _pytest("tests/sending", "-p", "no:odoo")


def demo():
    """The demonstration on a ledger of one's own, as its user runs it."""
    return _pytest("tests/demo", "-p", "no:odoo")


def payment():
    """Payments on the portal with Odoo's simulated provider and with wire transfers."""
    with template.copied(template.tested(template.beside), "payment") as name:
        return _pytest("tests/payment", f"--odoo-database={name}", "--odoo-http")


def integration():
    """What other programs and Odoo's automation rules do with the addon."""
    with template.copied(template.tested(template.beside), "integration") as name:
        return _pytest("tests/integration", f"--odoo-database={name}", "--odoo-http")


def queue():
    """The addon's work as jobs: how they are made, and real workers that do them and are killed."""
    with template.copied(template.queue(), "queue") as name:
        config = f"--odoo-config={template.queue_config()}"
        made = _pytest(f"{template.QUEUE_ADDON}/tests", config, f"--odoo-database={name}", "--odoo-http")
    return made or _pytest("tests/queue", "-p", "no:odoo")


def replica():
    """Odoo between a PostgreSQL server and its streaming replica."""
    return _pytest("tests/replica", "-p", "no:odoo")


def browser():
    """The main screens, and the debtor's, in a real Chromium."""
    with template.copied(template.tested(template.beside), "browser") as name:
        return _pytest("tests/browser", f"--odoo-database={name}", "--odoo-http")


def odoo():
    """The addon's own tests under Odoo's own runner."""
    with template.copied(template.addon(), "odoo") as name:
        command = [sys.executable, "-m", "odoo", "--database", name, "--update", template.ADDON]
        tags = ["--test-tags", f"/{template.ADDON}", "--stop-after-init", "--http-port", str(free_port())]
        return subprocess.run([*command, *tags, "--log-level=test"], check=False).returncode


_PARTS = (
    kernel,
    orm,
    sale,
    install,
    sending,
    demo,
    payment,
    integration,
    queue,
    replica,
    browser,
    odoo,
)
PARTS = {part.__name__: part for part in _PARTS}
PARTS |= {f"orm_{number}": partial(orm_part, number) for number in range(1, len(ORM_PARTS) + 2)}
#: The longest first, but for what needs no database, or only those that are there first: it runs while they are made.
EVERYDAY = (
    "orm_5",
    "kernel",
    "install",
    "orm_3",
    "orm_1",
    "orm_2",
    "orm_4",
    "browser",
    "demo",
    "queue",
    "sending",
    "payment",
    "sale",
    "replica",
    "integration",
)
#: As many as there are processors: of one more each takes longer than is won by what waits now and then.
LANES = int(os.environ.get("LANES") or min(os.cpu_count() or 1, 3))


def _pytest(*words):
    more = shlex.split(os.environ.get("ARGS", ""))
    plugins = ["-p", "dev.no_skips"]
    if any(word.startswith("--odoo-database") for word in words):
        plugins += ["-p", "dev.worlds", "-p", "dev.triggers"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *words, *more], cwd=ROOT, check=False
    ).returncode


def main(names):
    """Run the named parts; the exit code is 1 when any of them failed."""
    if len(names) == 1:
        verdicts = [_verdict(names[0], PARTS[names[0]])]
    else:
        with ThreadPoolExecutor(LANES) as lanes:
            verdicts = list(lanes.map(lambda name: _verdict(name, lambda: _in_lane(name)), names))
        for name, verdict, seconds in verdicts:
            sys.stdout.write(f"{name:<8} {verdict} in {seconds:.0f} s\n")
    return any(verdict == "FAILED" for _name, verdict, _seconds in verdicts)


def _verdict(name, run):
    say(f"{name} tests")
    start = monotonic()
    failed = run()
    return name, "FAILED" if failed else "passed", monotonic() - start


def _in_lane(name):
    """Run a part in a process of its own; what it says is shown in one piece when it has ended."""
    command = [sys.executable, __file__, name]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    sys.stdout.write(f"\n{done.stdout}")
    sys.stdout.flush()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or EVERYDAY))
