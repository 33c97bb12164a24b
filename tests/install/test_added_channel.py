"""The example of docs/channels.md: an addon of its own that adds a channel, installed and used."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dev import template
from dev.paths import ROOT

HERE = Path(__file__).resolve().parent
MANIFEST = {
    "name": "Fax",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "Somebody else",
    "depends": ["payment_plan_recovery"],
}


def example():
    """The Python of the example, as it is printed."""
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "channels.md").read_text(), re.DOTALL)
    return code


@pytest.fixture
def addons_path(tmp_path):
    addon = tmp_path / "recovery_fax"
    addon.mkdir()
    (addon / "__manifest__.py").write_text(repr(MANIFEST))
    (addon / "__init__.py").write_text("from . import models\n")
    (addon / "models.py").write_text(example())
    return f"{ROOT},{tmp_path}"


@pytest.fixture
def name():
    name = f"{template.PREFIX}_test_channel_{os.getpid()}"
    template.clone(template.addon(), name)
    try:
        yield name
    finally:
        template.drop(name)


def odoo(name, addons_path, *words, script=None):
    command = [sys.executable, "-m", "odoo", *words, "--database", name, "--addons-path", addons_path]
    done = subprocess.run(
        [*command, "--log-level=warn"], input=script, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_example_of_a_fax(name, addons_path):
    odoo(name, addons_path, "--init", "recovery_fax", "--stop-after-init", "--no-http")
    told = odoo(name, addons_path, "shell", "--no-http", script=(HERE / "use_fax.py").read_text())
    assert "with: fax sent faxed to +33 4 72 00 00 00 False" in told
    assert "without: letter queued" in told
    assert "without: Fax: no fax number" in told
    assert "withheld: fax no_address" in told
