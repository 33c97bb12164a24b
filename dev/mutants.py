"""Mutate the kernel and see which mutants its tests let live: ``mutants.py [module …]``, all of tools/ without a word.

A sample of each module's mutants is tried, drawn from a seed (SAMPLE=40 a module, SAMPLE=all for every one; SEED=1).
Survivors are shown with what was changed; those that change no meaning are listed, each with why, in
``tests/kernel/equivalent_mutants.txt``. Works on a copy: nothing of the checkout is ever mutated.
"""

import importlib
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import sys
from difflib import unified_diff
from math import ceil
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev.paths import ROOT, RUN, VENV_PYTHON, say
from dev.template import ADDON

PACKAGE = "cosmic-ray==8.7.0"
LIB, WORK = RUN / "mutants" / "lib", RUN / "mutants" / "work"
EQUIVALENT = ROOT / "tests" / "kernel" / "equivalent_mutants.txt"
#: Modules that are tested under another's name; one without tests of its name is tried with all there are.
TESTED_AS = {
    "forecast_history": "forecast",
    "interest_bulk": "interest",
    "schedule_dates": "schedule",
    "scorecard_checks": "scoring",
}
#: The tests of one mutant may compute so many times as long as unchanged: a loop that never ends is a mutant caught.
PATIENCE = 3
#: No plugin that the kernel does not need, and no time spent on the simplest example of what a mutant breaks.
QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "KERNEL_PROFILE": "mutants"}
#: Mutations that change no meaning wherever they are: of words and small numbers, to be equal is to be the same.
SAME = ("Eq_Is", "NotEq_IsNot", "Is_Eq", "IsNot_NotEq")
#: Mutants that the tests must catch, of those that change meaning.
WANTED = 0.97
#: What the tests import that is never mutated: read once here, not once for each mutant.
BEFOREHAND = (
    *("pytest", "_hypothesis_pytestplugin", "hypothesis.strategies", "hypothesis.internal.conjecture.engine"),
    *("dateutil.relativedelta", "openpyxl"),
)


def main(names):
    """Print each module's survivors and score; return whether too many live."""
    _install()
    shutil.rmtree(WORK, ignore_errors=True)
    for folder in (f"{ADDON}/tools", "tests/kernel", "demo"):
        shutil.copytree(ROOT / folder, WORK / folder, ignore=shutil.ignore_patterns("__pycache__"))
    os.chdir(WORK)
    os.environ.update(QUICK)
    sys.dont_write_bytecode = True
    for module in BEFOREHAND:
        importlib.import_module(module)
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
    sys.path.append(str(LIB))


def _equivalent():
    """Return the mutants that change no meaning: lines of the list, without its remarks and reasons."""
    lines = EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else ()
    return {line.split("  # ")[0].strip() for line in lines if line and not line.startswith("#")}


def _try(name):
    """Return (survivors, how many were tried) of a sample of one module's mutants."""
    # pylint: disable=import-outside-toplevel # there once it is installed
    from cosmic_ray.mutating import use_mutation
    from cosmic_ray.plugins import get_operator

    module = WORK / ADDON / "tools" / f"{name}.py"
    tests = sorted((WORK / "tests" / "kernel").glob(f"test_{TESTED_AS.get(name, name)}*.py"))
    tests = [*tests, WORK / "tests" / "kernel" / "test_boundaries.py"] if tests else ["tests/kernel"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    if not _pass(tests):
        sys.exit(f"mutants: the tests of {name} fail already")
    patience = PATIENCE * ceil(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    drawn = _draw(module)
    survivors = []
    for operator, occurrence in drawn:
        with use_mutation(module, get_operator(operator)(), occurrence) as (source, mutant):
            if _pass(tests, patience):
                survivors.append(f"{name}: {_change(source, mutant)}")
    return sorted(survivors), len(drawn)


def _draw(module):
    """Return a sample of the mutants of ``module``: (operator, which of its places)."""
    # pylint: disable=import-outside-toplevel # there once it is installed
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    tree, found = get_ast_from_path(module), []
    for name in operator_names():
        operator = get_operator(name)
        if operator.arguments() or name.endswith(SAME):
            continue
        places = (start for node in ast_nodes(tree) for start, _end in operator().mutation_positions(node))
        found += [(start, name, occurrence) for occurrence, start in enumerate(places)]
    mutants = [(name, occurrence) for _start, name, occurrence in sorted(found)]
    sample = os.environ.get("SAMPLE", "40")
    if sample == "all" or len(mutants) <= int(sample):
        return mutants
    return random.Random(int(os.environ.get("SEED", "1"))).sample(mutants, int(sample))  # noqa: S311


def _pass(tests, patience=resource.RLIM_INFINITY):
    """Return whether the tests pass, in a process of their own that computes so many seconds at most."""
    run = multiprocessing.get_context("fork").Process(target=_test, args=(tests, patience))
    run.start()
    run.join()
    return run.exitcode == 0


def _test(tests, patience):
    """Run the tests, without a word, and end the process with their answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
    quiet = os.open(os.devnull, os.O_WRONLY)
    for told in (1, 2):
        os.dup2(quiet, told)
    words = ["-x", "-q", "-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    os._exit(importlib.import_module("pytest").main([*words, *map(str, tests)]))


def _change(before, after):
    """Word a change in one line, without remarks: what was there, and what took its place."""
    diff = unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    lines = [line for line in diff if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    words = [(line[0], line[1:].split("  # ")[0].strip()) for line in lines]
    before, after = (" ".join(word for sign, word in words if sign == side) for side in "-+")
    return f"{before} → {after}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
