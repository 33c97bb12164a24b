"""The environment that the project's tools run their programs in."""

import os
import subprocess
import sys
from importlib.util import cache_from_source

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
