"""Other people's addons from the package index, each set in a folder of its own that `make clean` removes.

They are no part of the project or of its lock: tests alone stand beside them.
"""

import fcntl
import shutil
import subprocess
import sys

from dev.paths import RUN


def fetched(name, *packages):
    """Return the folder of the addons that ``packages``, pinned, bring; what they import beside lies two above."""
    folder, mark = RUN / name, RUN / name / "packages.txt"
    with (RUN / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists() or mark.read_text().split() != list(packages):
            shutil.rmtree(folder, ignore_errors=True)
            command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder]
            subprocess.run([*command, *packages], check=True)
            mark.write_text("\n".join(packages))
    return folder / "odoo" / "addons"
