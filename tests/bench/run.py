"""Run the benchmarks of this folder, print their figures and write out/bench.json."""

import importlib.util
import itertools
import json
import os
import resource
import sys
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import ledgers
from size import QUICK, SHRINK

from dev import session, template
from dev.paths import OUT, say

HERE = Path(__file__).resolve().parent
#: The figures of a whole run in full, and of any other: a part, a small one, or as far as it has come.
WHOLE_RUN, TRIED = OUT / "bench.json", OUT / "bench_tried.json"
#: Seconds that the whole may take on two cores with nothing else to do, in full and with QUICK=1.
WHOLE, WHOLE_QUICK = 30 * 60, 5 * 60


class Measure:
    """What a measured block took; read it when the block has ended."""

    seconds = 0.0
    queries = 0


class Bench:
    """What a benchmark module is given: databases, a stopwatch and a place for its figures."""

    def __init__(self):
        self.figures = {}
        self._names = (f"{template.PREFIX}_bench_{os.getpid()}_{count}" for count in itertools.count())
        self._env = None
        self._ledgers = {}

    @contextmanager
    def database(self, payment=False, ledger=None):
        """Name of a fresh database with the addon, dropped when the block ends.

        :param payment: with Odoo's simulated ``payment`` beside
        :param ledger: (function of ``ledgers.py``, items): the French company has such a ledger already
        """
        name = next(self._names)
        if ledger:
            template.clone(self._filled(*ledger), name, large=ledger != ledgers.NONE)
        else:
            template.clone(template.beside() if payment else template.addon(), name)
        try:
            yield name
        finally:
            if name not in self._ledgers.values():
                template.drop(name)

    @contextmanager
    def environment(self, user=None, payment=False, ledger=None):
        """An Environment of the superuser (else of the ``user`` id) on a fresh database."""
        with self.database(payment, ledger) as name, session.registry(name) as registry:
            with session.environment(registry, user) as env:
                self._env = env
                yield env
            self._env = None

    def _filled(self, fill, items):
        """Return the name of the database with such a ledger, which is filled when it is asked for first."""
        key = (fill.__name__, items)
        if key not in self._ledgers:
            say(f"filling a ledger: {fill.__name__.replace('_', ' ')}, {items:,}")
            name = f"{template.PREFIX}_bench_{os.getpid()}_{fill.__name__}_{items}"
            is_first = (fill, items) == ledgers.NONE
            template.clone(template.addon() if is_first else self._filled(*ledgers.NONE), name)
            self._ledgers[key] = name
            with session.registry(name) as registry, session.environment(registry) as env:
                fill(env, self.french_company(env), items)
        return self._ledgers[key]

    def keep(self, name, fill, items):
        """Let database ``name`` stay: it is what ``fill`` would make of so many items, for whoever asks for it next."""
        self._ledgers[fill.__name__, items] = name

    def french_company(self, env):
        """The database's company, made French unless it is: country, chart of accounts, EUR."""
        company = env.ref("base.main_company")
        if company.chart_template != "fr":
            company.country_id = env.ref("base.fr")
            env["account.chart.template"].try_loading("fr", company)
            env.cr.commit()
        return company

    @contextmanager
    def measure(self):
        """Wall time and SQL queries of a block; pending writes count, as they are flushed at its end."""
        measure, env = Measure(), self._env
        queries = env.cr.sql_log_count if env else 0
        start = perf_counter()
        yield measure
        if env:
            env.flush_all()
            measure.queries = env.cr.sql_log_count - queries
        measure.seconds = perf_counter() - start

    def figure(self, name, value, bound, unit):
        """Record ``value`` (smaller is better) against what the project promises, or None."""
        digits = 2 if unit else 4  # a score has no unit, and is told finer
        self.figures[name] = {"value": round(value, max(digits, 3)), "bound": bound, "unit": unit}
        late = "  ← above its bound" if is_late(self.figures[name]) else ""
        limit = "" if bound is None else f"(bound {bound:,.4g} {unit})"
        sys.stdout.write(f"{name:<60}{value:>12,.{digits}f} {unit:<8}{limit}{late}\n")
        sys.stdout.flush()

    def close(self):
        """Drop the ledgers."""
        for name in self._ledgers.values():
            template.drop(name)


def peak_memory():
    """Largest resident size of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    """Every ``bench_*.py``, or those whose names hold ``ONLY``."""
    only = os.environ.get("ONLY", "")
    paths = [path for path in sorted(HERE.glob("bench_*.py")) if only in path.stem]
    bench, start = Bench(), perf_counter()
    try:
        for path in paths:
            timed(bench, path)
    finally:
        bench.close()
    written = TRIED
    if not only:
        bench.figure("bench: the whole", perf_counter() - start, WHOLE_QUICK if QUICK else WHOLE, "s")
        # what was tried in part, or small, does not take the place of a whole run's figures
        written = TRIED if SHRINK > 1 else WHOLE_RUN
    write(bench, written)
    late = [name for name, figure in bench.figures.items() if is_late(figure)]
    say(
        f"{len(bench.figures)} figures of {len(paths)} benchmarks in {written}, {len(late)} above their bound"
    )
    for name in late:
        say(f"  above its bound: {name}")


def write(bench, path):
    """Write the figures so far, in place of the file at once."""
    OUT.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(bench.figures, indent=2, ensure_ascii=False) + "\n")
    unfinished.replace(path)


def is_late(figure):
    return figure["bound"] is not None and figure["value"] > figure["bound"]


def timed(bench, path):
    """Run a benchmark, and tell what it took, its ledgers included; its figures are kept whatever becomes of it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    start = perf_counter()
    try:
        module.run(bench)
        name = path.stem.removeprefix("bench_")
        bench.figure(f"bench: {name} took", perf_counter() - start, None, "s")
    finally:
        write(bench, TRIED)


if __name__ == "__main__":
    main()
