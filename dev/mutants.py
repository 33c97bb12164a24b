"""Mutate the kernel and see which mutants its tests let live: ``mutants.py [module …]``, all of tools/ without a word.

A sample of each module's mutants is tried, drawn from a seed (SAMPLE=40 a module, SAMPLE=all for every one; SEED=1).
Survivors are shown with what was changed; those that change no meaning are listed, each with why, in
``tests/kernel/equivalent_mutants.txt``. Works on a copy: nothing of the checkout is ever mutated.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev.paths import ROOT, RUN, VENV_PYTHON, say
from dev.template import ADDON

PACKAGE = "cosmic-ray==8.7.0"
LIB, WORK = RUN / "mutants" / "lib", RUN / "mutants" / "work"
EQUIVALENT = ROOT / "tests" / "kernel" / "equivalent_mutants.txt"
#: Modules that are tested under another's name; one without tests of its name is tried with all there are.
TESTED_AS = {
    "backtest": "forecast",
    "forecast_history": "forecast",
    "interest_bulk": "interest",
    "schedule_dates": "schedule",
    "scorecard_checks": "scoring",
}
#: The tests of one mutant may take so many times what they take unchanged: a loop that never ends is a mutant caught.
PATIENCE = 5
#: No plugin that the kernel does not need, and no time spent on the simplest example of what a mutant breaks.
QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "KERNEL_PROFILE": "mutants"}
#: Mutations that change no meaning wherever they are: of words and small numbers, to be equal is to be the same.
SAME = ("Eq_Is", "NotEq_IsNot", "Is_Eq", "IsNot_NotEq")
#: Mutants that the tests must catch, of those that change meaning.
WANTED = 0.97
CONFIG = """\
[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "{command}"

[cosmic-ray.distributor]
name = "local"
"""


def main(names):
    """Print each module's survivors and score; return whether too many live."""
    _install()
    shutil.rmtree(WORK, ignore_errors=True)
    for folder in (f"{ADDON}/tools", "tests/kernel", "demo"):
        shutil.copytree(ROOT / folder, WORK / folder, ignore=shutil.ignore_patterns("__pycache__"))
    tools = sorted(path.stem for path in (WORK / ADDON / "tools").glob("*.py") if path.stat().st_size)
    known = _equivalent()
    caught, tried = 0, 0
    for name in names or tools:
        if name not in tools:
            sys.exit(f"mutants: tools/ has no {name}. It has {', '.join(tools)}")
        survivors, count = _try(name)
        survivors = [survivor for survivor in survivors if survivor not in known]
        tried += count
        caught += count - len(survivors)
        lines = [f"{name}: {count - len(survivors)} of {count} caught", *survivors]
        sys.stdout.write("\n  ".join(lines) + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"{caught} of {tried} caught: {caught / max(tried, 1):.1%}, {WANTED:.0%} wanted\n")
    return caught < WANTED * tried


def _install():
    """Put the package that mutates beside the environment: nothing but this needs it."""
    if not (LIB / "cosmic_ray").exists():
        say(f"getting {PACKAGE}")
        subprocess.run([VENV_PYTHON, "-m", "pip", "install", "-q", "--target", LIB, PACKAGE], check=True)


def _equivalent():
    """Return the mutants that change no meaning: lines of the list, without its remarks and reasons."""
    lines = EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else ()
    return {line.split("  # ")[0].strip() for line in lines if line and not line.startswith("#")}


def _try(name):
    """Return (survivors, how many were tried) of a sample of one module's mutants."""
    config, session = WORK / f"{name}.toml", WORK / f"{name}.sqlite"
    tests = sorted((WORK / "tests" / "kernel").glob(f"test_{TESTED_AS.get(name, name)}*.py"))
    tests = [*tests, WORK / "tests" / "kernel" / "test_boundaries.py"] if tests else ["tests/kernel"]
    words = ["-x", "-q", "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    command = [VENV_PYTHON, "-m", "pytest", *words, *tests]
    started = monotonic()
    _run(command)
    config.write_text(
        CONFIG.format(
            module=f"{ADDON}/tools/{name}.py",
            timeout=PATIENCE * (monotonic() - started + 1),
            command=" ".join(map(str, command)),
        )
    )
    _cosmic_ray("init", config, session)
    _draw(session)
    _cosmic_ray("exec", config, session)
    return _survivors(name, session)


def _cosmic_ray(*words):
    _run([VENV_PYTHON, "-m", "cosmic_ray.cli", *words])


def _run(command):
    path = os.pathsep.join([str(LIB), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        command,
        cwd=WORK,
        env={**os.environ, **QUICK, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(f"mutants: {run.stderr or run.stdout}")


def _draw(session):
    """Keep a sample of the mutants."""
    sample = os.environ.get("SAMPLE", "40")
    with sqlite3.connect(session) as database:
        # job ids differ from one time to the next: a mutant's place in the file does not
        jobs = database.execute(
            "SELECT job_id, operator_name FROM mutation_specs"
            " ORDER BY start_pos_row, start_pos_col, operator_name, occurrence, operator_args"
        ).fetchall()
        telling = [job for job, operator in jobs if not operator.endswith(SAME)]
        kept = telling
        if sample != "all" and len(telling) > int(sample):
            kept = random.Random(int(os.environ.get("SEED", "1"))).sample(telling, int(sample))  # noqa: S311
        for job in {job for job, _operator in jobs} - set(kept):
            database.execute("DELETE FROM mutation_specs WHERE job_id = ?", [job])
            database.execute("DELETE FROM work_items WHERE job_id = ?", [job])


def _survivors(name, session):
    """Return what was changed in the mutants that no test caught, and how many were tried."""
    with sqlite3.connect(session) as database:
        results = list(
            database.execute("SELECT test_outcome, diff FROM work_results WHERE test_outcome IS NOT NULL")
        )
    lived = [diff for outcome, diff in results if outcome.rsplit(".", 1)[-1].upper() == "SURVIVED"]
    return sorted(f"{name}: {_change(diff)}" for diff in lived), len(results)


def _change(diff):
    """Word a diff in one line: what was there, and what took its place."""
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return f"{before} → {after}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
