"""Every check of the code that runs nothing of it; all of them, then the verdict."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev.paths import ROOT, VENV_PYTHON
from dev.template import ADDON

TOOLS = VENV_PYTHON.parent
ADDONS = (ADDON, f"{ADDON}_sale", f"{ADDON}_queue_job", "tests/addons/recovery_example")
MANIFESTS = [f"{addon}/__manifest__.py" for addon in ADDONS]
TRANSLATIONS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(f"{ADDON}*/i18n/*.po*"))
# One concept, one file: a model is extended where its concept is. And a method without a result returns none.
NOT_OURS = "--disable=consider-merging-classes-inherited,missing-return"
# That hook wants a word left empty which is the same in both languages ("Total"): ours says it is translated.
SAME_WORD = "--disable=po-pretty-format"
CHECKS = {
    # Its settings in tools/ also keep Odoo out of the kernel.
    "ruff": [TOOLS / "ruff", "check", "."],
    "ruff format": [TOOLS / "ruff", "format", "--check", "."],
    "pylint-odoo": [TOOLS / "pylint", NOT_OURS, *ADDONS],
    "module hooks": [TOOLS / "oca-checks-odoo-module", *MANIFESTS],
    "house": [VENV_PYTHON, "dev/house.py", "quiet"],
    "translations": [VENV_PYTHON, "dev/pot.py", "check"],
    "translation hooks": [TOOLS / "oca-checks-po", SAME_WORD, *TRANSLATIONS],
}


def main():
    """Run every check; the exit code is 1 when any of them found something."""
    failed = []
    for name, command in CHECKS.items():
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    sys.stdout.write(f"lint: {', '.join(failed) + ' found something' if failed else 'clean'}\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
