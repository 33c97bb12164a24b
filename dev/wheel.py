"""The addons as wheels in out/wheels, each named after its manifest's version: `pip install` puts them into an Odoo."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev.paths import OUT, ROOT
from dev.template import ADDON, QUEUE_ADDON, SALE_ADDON

ADDONS = (ADDON, SALE_ADDON, QUEUE_ADDON)


def build(folder):
    """Build the wheels into ``folder``, which then holds nothing else; return their paths."""
    shutil.rmtree(folder, ignore_errors=True)
    words = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check"]
    # The version is the manifest's alone, wherever the checkout stands.
    env = {**os.environ, "WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none"}
    sources = [ROOT / addon for addon in ADDONS]
    subprocess.run([sys.executable, *words, "--wheel-dir", folder, *sources], check=True, env=env)
    return sorted(Path(folder).glob("*.whl"))


if __name__ == "__main__":
    for path in build(OUT / "wheels"):
        sys.stdout.write(f"{path}\n")
