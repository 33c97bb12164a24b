"""The wheels, installed by pip into a virtual environment of its own that knows nothing of this checkout."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conftest import Database, addons_path

from dev import template, wheel
from dev.paths import ROOT

#: What packages are imported as, where that is not their own name.
IMPORTED_AS = {
    "babel": "babel",
    "jinja2": "jinja2",
    "lxml-html-clean": "lxml_html_clean",
    "pillow": "PIL",
    "pyopenssl": "OpenSSL",
    "python-dateutil": "dateutil",
    "python-stdnum": "stdnum",
    "pypdf2": "PyPDF2",
}
#: What tests of an addon need beside: Odoo's own tests need it too.
FOR_TESTS = ("aiosmtpd", "freezegun")
#: Says where the addon was found, and has it at work.
SCRIPT = """
import odoo.addons.payment_plan_recovery as addon
print("FOUND", addon.__path__[0])
print("VERSION", env["ir.module.module"]._get("payment_plan_recovery").installed_version)
run = env["recovery.dunning.run"].create({})
run.action_propose()
print("RUN", run.state)
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    return wheel.build(tmp_path_factory.mktemp("wheels"))


def tracked(addon):
    """The addon's files as git knows them."""
    told = subprocess.run(["git", "ls-files", addon], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def test_a_wheel_holds_every_file_of_its_addon(wheels):
    assert len(wheels) == len(wheel.ADDONS)
    for addon in wheel.ADDONS:
        [path] = [path for path in wheels if path.name.startswith(f"odoo_addon_{addon}-")]
        held = set(zipfile.ZipFile(path).namelist())
        missing = {name for name in tracked(addon) if f"odoo/addons/{name}" not in held}
        assert missing <= {f"{addon}/pyproject.toml"}, missing


def test_an_addon_imports_what_odoo_needs_and_no_more():
    """Of two packages that Odoo may do with, as PyPDF2 and pypdf, an installation has one: Odoo says which."""
    needed = {re.split("[^a-z0-9_-]", name.lower())[0] for name in requires("odoo")}
    known = {IMPORTED_AS.get(name, name) for name in needed} | {"odoo", *sys.stdlib_module_names}
    strange = {
        (str(path.relative_to(ROOT)), name)
        for addon in wheel.ADDONS
        for path in (ROOT / addon).rglob("*.py")
        for name in _imported(path)
        if name not in known and (path.parts[len(ROOT.parts) + 1] != "tests" or name not in FOR_TESTS)
    }
    assert not strange


def _imported(path):
    """Yield the packages that a file imports by their names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def test_installed_by_pip_it_is_found_and_works(wheels, tmp_path):
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    # What Odoo runs on, and Odoo, are those of this environment; the addons are the wheels'.
    purelib = Path(sysconfig.get_path("purelib"))
    site = next((tmp_path / "venv" / "lib").glob("python3*/site-packages"))
    (site / "beside.pth").write_text(f"{purelib}\n{(purelib / 'odoo-19.pth').read_text()}")
    words = ["-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([sys.executable, *words, *wheels], check=True)
    database = Database(f"{template.PREFIX}_test_wheel_{os.getpid()}")
    template.clone(template.addon(), database.name)
    folders = ",".join(str(folder) for folder in addons_path() if folder != ROOT)
    shell = ["shell", "--addons-path", folders, "--no-http", "--log-level=warn", "--database", database.name]
    try:
        done = subprocess.run(
            [python, "-m", "odoo", *shell],
            input=SCRIPT,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
    finally:
        template.drop(database.name)
    assert done.returncode == 0, done.stderr
    assert f"FOUND {site}" in done.stdout
    manifest = ast.literal_eval((ROOT / template.ADDON / "__manifest__.py").read_text(encoding="utf-8"))
    assert f"VERSION {manifest['version']}" in done.stdout
    assert "RUN proposed" in done.stdout
