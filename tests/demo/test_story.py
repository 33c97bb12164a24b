"""The demonstration's cases, and what waits for somebody in it: told to the end, as `make demo` tells them."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dev import template

DAY = "2026-06-30"


def test_it_is_told_to_the_end(tmp_path):
    name = f"{template.PREFIX}_test_story_{os.getpid()}"
    try:
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("storied.py"), name, DAY],
            env={**os.environ, "RECOVERY_OUT": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        template.drop(name)
    assert done.returncode == 0, done.stderr
    for words in ("Insolvency: declare", "Payment order", "Mediation or conciliation", "Collection agency"):
        assert words in done.stdout
    assert "what waits for an answer" in done.stderr  # where the steps are told
    assert {"case-declaration.pdf", "case-payment_order.pdf"} <= {path.name for path in tmp_path.iterdir()}
