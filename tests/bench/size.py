"""How large the benchmarks are: as promised, or a tenth of it with QUICK=1; SHRINK=n says otherwise."""

import os

QUICK = bool(os.environ.get("QUICK"))
SHRINK = int(os.environ.get("SHRINK") or (10 if QUICK else 1))


def shrunk(count):
    """Return so many, or a tenth of them when the benchmark is only tried."""
    return max(count // SHRINK, 1)
