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

from dev import session, template
from dev.paths import OUT, say

HERE = Path(__file__).resolve().parent


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

    @contextmanager
    def database(self, payment=False):
        """Name of a fresh database with the addon (and Odoo's simulated ``payment``); dropped when the block ends."""
        name = next(self._names)
        template.clone(template.beside() if payment else template.addon(), name)
        try:
            yield name
        finally:
            template.drop(name)

    @contextmanager
    def environment(self, user=None, payment=False):
        """An Environment of the superuser (else of the ``user`` id) on a fresh database."""
        with self.database(payment) as name, session.registry(name) as registry:
            with session.environment(registry, user) as env:
                self._env = env
                yield env
            self._env = None

    def french_company(self, env):
        """The database's company, made French: country, chart of accounts, EUR."""
        company = env.ref("base.main_company")
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
        late = "" if bound is None or value <= bound else "  ← above its bound"
        limit = "" if bound is None else f"(bound {bound:,} {unit})"
        sys.stdout.write(f"{name:<60}{value:>12,.{digits}f} {unit:<8}{limit}{late}\n")
        sys.stdout.flush()


def peak_memory():
    """Largest resident size of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    """Every ``bench_*.py``, or those whose names hold ``ONLY``."""
    only = os.environ.get("ONLY", "")
    paths = [path for path in sorted(HERE.glob("bench_*.py")) if only in path.stem]
    bench = Bench()
    for path in paths:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.run(bench)
    OUT.mkdir(exist_ok=True)
    written = OUT / "bench.json"
    written.write_text(json.dumps(bench.figures, indent=2, ensure_ascii=False) + "\n")
    say(f"{len(bench.figures)} figures of {len(paths)} benchmarks in {written}")


if __name__ == "__main__":
    main()
