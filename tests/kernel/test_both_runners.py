"""Odoo's own runner finds the tests that ``tests/__init__.py`` imports, pytest those that are there: the same."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(ROOT.glob("payment_plan_recovery*/tests"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_odoo_runs_what_pytest_runs(folder):
    there = {path.stem for path in folder.rglob("test_*.py")}
    statements = ast.walk(ast.parse((folder / "__init__.py").read_text()))
    imported = {
        alias.name
        for statement in statements
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert there
    assert there <= imported
