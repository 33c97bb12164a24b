"""The environment that the project's tools run their programs in."""

import os
import subprocess
import sys
from importlib.util import cache_from_source

from dev import bootstrap
from dev.paths import COMPILED, environ


def test_what_python_compiles_is_kept_apart(tmp_path, monkeypatch):
    """Odoo is started many times over, and comes without it; a checkout is not littered."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    module = tmp_path / "looked_into.py"
    module.write_text("")
    subprocess.run([sys.executable, "-c", "import looked_into"], cwd=tmp_path, env=environ(), check=True)
    assert os.listdir(tmp_path) == [module.name]
    monkeypatch.setattr(sys, "pycache_prefix", str(COMPILED))
    assert os.path.exists(cache_from_source(str(module)))


def test_of_two_builds_of_python_the_faster_one_is_taken(tmp_path, monkeypatch):
    """A version manager's may have been compiled without optimisations."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    commands = {
        "gone": "exit 127",
        "slow": f'echo "1$({sys.executable} "$@")"',
        "fast": f'exec {sys.executable} "$@"',
    }
    for kind, command in commands.items():
        folder = tmp_path / kind
        folder.mkdir()
        (folder / name).write_text(f"#!/bin/sh\n{command}\n")
        (folder / name).chmod(0o755)
    slow, fast = (str(tmp_path / kind / name) for kind in ("slow", "fast"))
    monkeypatch.setenv("PATH", os.pathsep.join(str(tmp_path / kind) for kind in ("gone", "slow", "fast")))
    monkeypatch.setattr(sys, "executable", slow)
    assert bootstrap.supported_python() == fast
    monkeypatch.setattr(sys, "executable", fast)
    assert bootstrap.supported_python() == fast, "this one stays when no other is clearly faster"
